package dev.parley.tools;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last calls of a session with their results. Thread-safe. */
final class PastCalls {
    private static final int MOST = 1000;

    private final Deque<PastCall> calls = new ArrayDeque<>();

    synchronized void add(PastCall call) {
        if (calls.size() == MOST) {
            calls.removeFirst();
        }
        calls.addLast(call);
    }

    synchronized List<PastCall> all() {
        return List.copyOf(calls);
    }
}
