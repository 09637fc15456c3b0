package dev.parley.audio;

import dev.parley.core.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that a test moves. Single-threaded: timers run inside {@link #advance}. */
public final class TestClock implements Clock {
    public static final Instant START = Instant.parse("2026-03-01T09:00:00Z");

    private final PriorityQueue<Pending> timers =
            new PriorityQueue<>(Comparator.comparingLong(Pending::deadline).thenComparingLong(Pending::order));
    /** How late each timer fires. */
    public Duration lateness = Duration.ZERO;

    private long nanos;
    private long orders;

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public Instant instant() {
        return START.plusNanos(nanos);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        Pending pending = new Pending(nanos + Math.max(0, delay.plus(lateness).toNanos()), orders++, task);
        timers.add(pending);
        return () -> timers.remove(pending);
    }

    public void advance(Duration span) {
        long target = nanos + span.toNanos();
        while (!timers.isEmpty() && timers.peek().deadline() <= target) {
            Pending due = timers.remove();
            nanos = Math.max(nanos, due.deadline());
            due.task().run();
        }
        nanos = target;
    }

    public void advanceMillis(long millis) {
        advance(Duration.ofMillis(millis));
    }

    public int pendingTimers() {
        return timers.size();
    }

    private record Pending(long deadline, long order, Runnable task) {}
}
