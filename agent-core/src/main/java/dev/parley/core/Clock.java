package dev.parley.core;

import dev.parley.core.internal.SystemClock;
import java.time.Duration;
import java.time.Instant;

/**
 * Where Parley gets its time from: the one seam through which tests own it. Thread-safe.
 */
public interface Clock {

    /** A monotonic reading in nanoseconds; only differences mean anything. */
    long nanoTime();

    /** The time of day. */
    Instant instant();

    /**
     * Runs a task once, after a delay, on the clock's own thread. The task must be short: it hands work over.
     *
     * @param delay zero or negative means at once, still on the clock's thread
     */
    Timer schedule(Duration delay, Runnable task);

    /**
     * A timer for a task that runs again and again, each time once it was set, such as one for every 20 ms of a call. Setting one of the
     * machine's clock allocates nothing; a clock of your own need not care: unless it says otherwise, each time is a
     * {@link #schedule}.
     *
     * @param task as for {@link #schedule}
     */
    default Alarm alarm(Runnable task) {
        return new ScheduledAlarm(this, task);
    }

    /** A task that runs once each time that it was set. For one thread at a time, the clock's own included. */
    interface Alarm {
        /**
         * Has the task run once, after so many nanoseconds. Set it again once the task has begun, and no earlier.
         *
         * @param nanos zero or less means at once, still on the clock's thread
         * @throws IllegalStateException if it waits already
         */
        void set(long nanos);
    }

    /** A task that waits for its time. */
    interface Timer {
        /** Takes the task back if it has not begun. Idempotent. */
        void cancel();
    }

    /** The machine's clock. Its one timer thread is a daemon, and ends while there is nothing to wait for. */
    static Clock system() {
        return new SystemClock();
    }
}
