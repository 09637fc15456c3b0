package dev.parley.tools;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A call's own thread, lent to what its result sets off: that is taken up when the call has ended and given its place back.
 * Confined to the thread.
 */
final class LentThread implements Executor {
    private final Thread thread = Thread.currentThread();
    private @Nullable Runnable next;

    /** Whether the caller is on the thread that is lent: nobody else may use it. */
    boolean isCurrent() {
        return thread == Thread.currentThread();
    }

    /** Called once at most. */
    @Override
    public void execute(Runnable task) {
        next = task;
    }

    void runWhatCame() {
        Runnable task = next;
        if (task != null) {
            var unused =
                    Thread.interrupted(); // which a tool may have left set, and which is not meant for what comes now
            task.run();
        }
    }
}
