package dev.parley.core;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/** An alarm of a clock that has only timers. */
final class ScheduledAlarm implements Clock.Alarm {
    private final Clock clock;
    private final Runnable task;
    private final AtomicBoolean waits = new AtomicBoolean();

    ScheduledAlarm(Clock clock, Runnable task) {
        this.clock = clock;
        this.task = Objects.requireNonNull(task);
    }

    @Override
    public void set(long nanos) {
        if (waits.getAndSet(true)) {
            throw new IllegalStateException("this alarm waits already: set it again once its task has begun");
        }
        try {
            clock.schedule(Duration.ofNanos(nanos), this::ring);
        } catch (RuntimeException | Error e) {
            waits.set(false);
            throw e;
        }
    }

    private void ring() {
        waits.set(false);
        task.run();
    }
}
