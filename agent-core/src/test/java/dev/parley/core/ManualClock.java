package dev.parley.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Time that stands still until a test moves it. */
public final class ManualClock implements Clock {
    private final List<Pending> timers = new ArrayList<>();
    private long nanos;
    private int scheduled;

    private record Pending(long deadline, Runnable task) {}

    @Override
    public synchronized long nanoTime() {
        return nanos;
    }

    @Override
    public synchronized Instant instant() {
        return Instant.EPOCH.plusNanos(nanos);
    }

    @Override
    public synchronized Timer schedule(Duration delay, Runnable task) {
        Pending pending = new Pending(nanos + delay.toNanos(), task);
        timers.add(pending);
        scheduled++;
        return () -> cancel(pending);
    }

    /** How many timers were ever set. */
    public synchronized int scheduled() {
        return scheduled;
    }

    public synchronized int waiting() {
        return timers.size();
    }

    public void advance(Duration span) {
        List<Pending> due;
        synchronized (this) {
            nanos += span.toNanos();
            due = timers.stream()
                    .filter(each -> each.deadline() <= nanos)
                    .sorted(Comparator.comparingLong(Pending::deadline))
                    .toList();
            timers.removeAll(due);
        }
        due.forEach(each -> each.task().run());
    }

    private synchronized void cancel(Pending pending) {
        timers.remove(pending);
    }
}
