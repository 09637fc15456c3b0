package dev.parley.tools;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The calls of conversations outside of sessions, for gates. Nobody says when such a conversation ends, so the least recently
 * used ones are forgotten: 1,000 stay, each with its last 100 calls, as long as all are 2 Mi characters or fewer together.
 * Thread-safe.
 */
final class PastCalls {
    static final int MOST_CONVERSATIONS = 1_000;
    static final int MOST_CALLS = 100;
    static final int MOST_CHARS = 2 * 1024 * 1024;

    /** The least recently used first. */
    private final Map<String, Deque<PastCall>> conversations = new LinkedHashMap<>(16, 0.75f, true);

    private int chars;

    /** One of the conversations, as its calls know it. */
    Conversation conversation(String id) {
        return new Known(this, id);
    }

    private record Known(PastCalls calls, String id) implements Conversation {
        @Override
        public List<PastCall> past() {
            return calls.of(id);
        }

        /** The caller's next call must find this one, whoever sees the result first. */
        @Override
        public void ends(RunningCall call, ToolResult result) {
            calls.add(id, new PastCall(call.call(), result));
        }
    }

    /** Enters a call that has its result. */
    synchronized void add(String conversation, PastCall ended) {
        Deque<PastCall> calls = conversations.computeIfAbsent(conversation, id -> new ArrayDeque<>());
        calls.addLast(ended);
        chars += size(ended);
        while (conversations.size() > MOST_CONVERSATIONS || (chars > MOST_CHARS && conversations.size() > 1)) {
            forgetOne();
        }
        while (calls.size() > MOST_CALLS || (chars > MOST_CHARS && calls.size() > 1)) {
            chars -= size(calls.removeFirst());
        }
    }

    private void forgetOne() {
        Iterator<Deque<PastCall>> leastRecentlyUsed = conversations.values().iterator();
        leastRecentlyUsed.next().forEach(each -> chars -= size(each));
        leastRecentlyUsed.remove();
    }

    /** The conversation's calls, oldest first, as far as they are kept. */
    synchronized List<PastCall> of(String conversation) {
        Deque<PastCall> calls = conversations.get(conversation);
        return calls == null ? List.of() : List.copyOf(calls);
    }

    private static int size(PastCall ended) {
        return ended.call().argumentsJson().length() + ended.result().output().length();
    }
}
