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
