package dev.parley.core.internal;

import dev.parley.core.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Delayed;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The machine's time. One daemon thread runs the timers; it ends after 10 s without any. */
public final class SystemClock implements Clock {
    private static final Logger log = LoggerFactory.getLogger(SystemClock.class);

    private final ScheduledThreadPoolExecutor timers;

    public SystemClock() {
        timers = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "parley-clock");
            thread.setDaemon(true);
            return thread;
        });
        timers.setRemoveOnCancelPolicy(true);
        timers.setKeepAliveTime(10, TimeUnit.SECONDS);
        timers.allowCoreThreadTimeOut(true);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Instant instant() {
        return Instant.now();
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        ScheduledFuture<?> future = timers.schedule(() -> runLogged(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public Alarm alarm(Runnable task) {
        return new Entry(task);
    }

    /**
     * A task in the executor's own queue, which is the same one each time: to schedule one makes an object for the queue, one for the
     * caller and one that logs, for each frame of each call.
     */
    private final class Entry implements Alarm, RunnableScheduledFuture<Void> {
        private final Runnable task;
        private final AtomicBoolean waits = new AtomicBoolean();
        /** Moves only while it is not in the queue, which is sorted by it. */
        private volatile long due;

        Entry(Runnable task) {
            this.task = Objects.requireNonNull(task);
        }

        @Override
        public void set(long nanos) {
            if (waits.getAndSet(true)) {
                throw new IllegalStateException("this alarm waits already: set it again once its task has begun");
            }
            due = System.nanoTime() + Math.max(0, nanos);
            timers.getQueue().add(this);
            // the thread may have ended for want of work
            timers.prestartCoreThread();
        }

        @Override
        public void run() {
            waits.set(false);
            runLogged(task);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(due - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            long later = other instanceof Entry entry
                    ? due - entry.due
                    : getDelay(TimeUnit.NANOSECONDS) - other.getDelay(TimeUnit.NANOSECONDS);
            return Long.signum(later);
        }

        @Override
        public boolean isPeriodic() {
            return false;
        }

        // Of a future it has nothing but its place in the queue.

        @Override
        public boolean cancel(boolean interrupt) {
            return false;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public boolean isDone() {
            return false;
        }

        @Override
        public Void get() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Void get(long timeout, TimeUnit unit) {
            throw new UnsupportedOperationException();
        }
    }

    private static void runLogged(Runnable task) {
        try {
            task.run();
        } catch (RejectedExecutionException e) {
            log.debug("a timer found its executor shut down", e);
        } catch (RuntimeException | Error e) {
            log.error("a timer's task failed", e);
        }
    }
}
