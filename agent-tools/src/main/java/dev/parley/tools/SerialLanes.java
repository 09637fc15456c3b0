package dev.parley.tools;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets the serial calls of a conversation take turns, in the order of their arrival. Those of another conversation do not
 * wait for them. Thread-safe; it holds no thread while waiting.
 */
final class SerialLanes {
    /** By conversation, those who wait behind one that has its turn; nothing where nobody has. */
    private final Map<Conversation, Deque<Runnable>> waiting = new HashMap<>();

    /** Runs a task, which must not block, when it is its turn. Of each is said {@link #done} once, when its work has really ended. */
    void enter(Conversation conversation, Runnable task) {
        synchronized (this) {
            Deque<Runnable> before = waiting.get(conversation);
            if (before != null) {
                before.add(task);
                return;
            }
            waiting.put(conversation, new ArrayDeque<>(2));
        }
        task.run();
    }

    void done(Conversation conversation) {
        Runnable next = next(conversation);
        if (next != null) {
            next.run();
        }
    }

    private synchronized @Nullable Runnable next(Conversation conversation) {
        Deque<Runnable> behind = waiting.get(conversation);
        Runnable next = behind == null ? null : behind.poll();
        if (next == null) {
            waiting.remove(conversation);
        }
        return next;
    }
}
