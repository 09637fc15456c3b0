package dev.parley.core.internal;

import dev.parley.core.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is due later, on the loop; setting it again replaces what was due before. A timer that fires while it is
 * being cancelled does nothing. Confined to the loop.
 */
final class LoopTimer {
    private final Clock clock;
    private final Executor loop;
    private Clock.@Nullable Timer timer;

    private boolean closed;

    /** Counts up with each task that is set, met or cancelled. */
    private int tasks;

    LoopTimer(Clock clock, Executor loop) {
        this.clock = clock;
        this.loop = loop;
    }

    void set(Duration delay, Runnable task) {
        cancel();
        if (closed) {
            return;
        }
        int mine = tasks;
        timer = clock.schedule(
                delay,
                () -> loop.execute(() -> {
                    if (mine == tasks) {
                        cancel();
                        task.run();
                    }
                }));
    }

    void cancel() {
        tasks++;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** Nothing is due from here on, whoever still asks: a closed session is left no timer. */
    void close() {
        closed = true;
        cancel();
    }

    boolean isSet() {
        return timer != null;
    }
}
