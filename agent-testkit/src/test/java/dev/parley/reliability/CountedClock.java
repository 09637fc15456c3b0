package dev.parley.reliability;

import dev.parley.core.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The machine's clock, with a book of the timers that wait. */
final class CountedClock implements Clock {
    private final Clock clock = Clock.system();
    private final Set<Object> waiting = ConcurrentHashMap.newKeySet();

    @Override
    public long nanoTime() {
        return clock.nanoTime();
    }

    @Override
    public Instant instant() {
        return clock.instant();
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        Object entry = new Object();
        waiting.add(entry);
        Timer timer = clock.schedule(delay, () -> {
            waiting.remove(entry);
            task.run();
        });
        return () -> {
            timer.cancel();
            waiting.remove(entry);
        };
    }

    int waiting() {
        return waiting.size();
    }
}
