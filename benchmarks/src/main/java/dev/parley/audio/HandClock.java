package dev.parley.audio;

import dev.parley.core.Clock;
import java.time.Duration;
import java.time.Instant;

/** Time that moves by a frame, and has one alarm that rings at each. What else is to happen later never does. */
final class HandClock implements Clock, Clock.Alarm, Clock.Timer {
    private static final long FRAME = 20_000_000;
    private long nanos;
    private boolean set;
    private Runnable due = () -> {};

    void next() {
        nanos += FRAME;
        if (set) {
            set = false;
            due.run();
        }
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH;
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        return this;
    }

    @Override
    public Alarm alarm(Runnable task) {
        due = task;
        return this;
    }

    @Override
    public void set(long after) {
        set = true;
    }

    @Override
    public void cancel() {}
}
