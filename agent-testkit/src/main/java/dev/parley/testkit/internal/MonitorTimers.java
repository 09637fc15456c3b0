package dev.parley.testkit.internal;

import dev.parley.core.Clock;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Timers whose tasks run under a monitor, and not at all once what they belong to is over. */
final class MonitorTimers {
    private final Clock clock;
    private final Object monitor;
    private final BooleanSupplier over;

    /** @param over asked under the monitor */
    MonitorTimers(Clock clock, Object monitor, BooleanSupplier over) {
        this.clock = clock;
        this.monitor = monitor;
        this.over = over;
    }

    Clock.Timer schedule(Duration delay, Runnable task) {
        Scheduled scheduled = new Scheduled(task);
        scheduled.timer = clock.schedule(delay, scheduled);
        return scheduled;
    }

    /**
     * A task for later. It may have begun and wait for the monitor while somebody in there takes it back: the clock's own
     * cancel comes too late then, so it looks once more.
     */
    private final class Scheduled implements Clock.Timer, Runnable {
        private final Runnable task;
        private Clock.@Nullable Timer timer;
        private boolean cancelled;

        Scheduled(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            synchronized (monitor) {
                if (!cancelled && !over.getAsBoolean()) {
                    task.run();
                    monitor.notifyAll();
                }
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            if (timer != null) {
                timer.cancel();
            }
        }
    }
}
