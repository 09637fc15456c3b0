package dev.parley.testkit;

import dev.parley.core.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * A clock that a test owns: time stands still until {@link #advance} moves it. Hand it to
 * {@code VoiceAgent.builder().clock(…)}; every wait in Parley goes by it.
 *
 * <p>Thread-safe. Timers run on the thread that calls {@link #advance}, in the order of their deadlines, each at its
 * own deadline's time; timers that they set for within the same span run too. Real sockets and executors still take real
 * time: after an advance, wait on a condition for what they bring about.
 */
public final class FakeClock implements Clock {
    private final Instant start;
    private final PriorityQueue<Pending> timers =
            new PriorityQueue<>(Comparator.comparingLong(Pending::deadline).thenComparingLong(Pending::order));
    private long nanos;
    private long orders;

    /** A clock that stands at 2026-01-01T00:00:00Z. */
    public FakeClock() {
        this(Instant.parse("2026-01-01T00:00:00Z"));
    }

    /** A clock that stands at a given time of day. */
    public FakeClock(Instant start) {
        this.start = start;
    }

    @Override
    public synchronized long nanoTime() {
        return nanos;
    }

    @Override
    public synchronized Instant instant() {
        return start.plusNanos(nanos);
    }

    @Override
    public synchronized Timer schedule(Duration delay, Runnable task) {
        Pending pending = new Pending(nanos + Math.max(0, delay.toNanos()), orders++, task);
        timers.add(pending);
        return () -> remove(pending);
    }

    /**
     * Moves time on, running the timers that fall due. A timer due now runs at an advance of zero.
     *
     * @throws RuntimeException that the first of these timers to fail threw, or an {@link Error}, once all have run
     */
    public void advance(Duration span) {
        if (span.isNegative()) {
            throw new IllegalArgumentException("time does not go back: " + span);
        }
        long target;
        synchronized (this) {
            target = nanos + span.toNanos();
        }
        Throwable failure = null;
        for (Pending due = next(target); due != null; due = next(target)) {
            try {
                due.task().run();
            } catch (RuntimeException | Error e) {
                failure = failure == null ? e : failure;
            }
        }
        synchronized (this) {
            nanos = Math.max(nanos, target);
        }
        if (failure instanceof Error error) {
            throw error;
        } else if (failure != null) {
            throw (RuntimeException) failure;
        }
    }

    /** How many timers wait. */
    public synchronized int pendingTimers() {
        return timers.size();
    }

    /** Shows what time it is, and how many timers wait. */
    @Override
    public synchronized String toString() {
        return "FakeClock[" + instant() + ", " + timers.size()
                + (timers.size() == 1 ? " timer waits]" : " timers wait]");
    }

    private synchronized @Nullable Pending next(long target) {
        Pending first = timers.peek();
        if (first == null || first.deadline() > target) {
            return null;
        }
        timers.remove();
        nanos = Math.max(nanos, first.deadline());
        return first;
    }

    private synchronized void remove(Pending pending) {
        timers.removeIf(each -> each.order() == pending.order());
    }

    private record Pending(long deadline, long order, Runnable task) {}
}
