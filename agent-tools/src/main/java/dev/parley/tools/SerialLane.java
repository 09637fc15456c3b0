package dev.parley.tools;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Lets a session's serial calls take turns, in the order of their arrival. Thread-safe; it holds no thread while waiting. */
final class SerialLane {
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean taken;

    /** Runs a task when it is its turn. Each task says {@link #done} once, when its work has really ended. */
    void enter(Executor executor, Runnable task) {
        synchronized (this) {
            if (taken) {
                waiting.add(() -> executor.execute(task));
                return;
            }
            taken = true;
        }
        executor.execute(task);
    }

    void done() {
        Runnable next = next();
        if (next != null) {
            next.run();
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable next = waiting.poll();
        taken = next != null;
        return next;
    }
}
