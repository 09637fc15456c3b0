package dev.parley.tools;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was asked in a session and what was answered: for calls that come again, and for gates.
 *
 * <p>Bounded: the words of the last 1,000 answered calls stay, as long as they are 2 Mi characters or fewer together. Of
 * calls before those only the id and the name stay, which is enough never to run one twice; and there are 10,000 of them
 * at most. Thread-safe.
 */
final class Ledger {
    /** More calls than any conversation makes; past it, a server gone wild cannot fill the memory. */
    static final int MOST_CALLS = 10_000;

    static final int MOST_WITH_WORDS = 1_000;
    static final int MOST_CHARS = 2 * 1024 * 1024;

    private final Map<String, Entry> entries = new HashMap<>();
    private final Deque<PastCall> past = new ArrayDeque<>();
    private int chars;

    /**
     * A call that came before.
     *
     * @param name the tool
     * @param call as it was asked; null if its words are forgotten
     * @param result null while it runs, and if it is forgotten
     */
    record Entry(
            String name, @Nullable ToolCall call, @Nullable ToolResult result) {

        /** Whether the call that came now is this one again, as far as is still known. */
        boolean isSame(ToolCall again) {
            return call == null ? name.equals(again.name()) : call.equals(again);
        }

        boolean isRunning() {
            return call != null && result == null;
        }
    }

    /** The call with this id, or null. */
    synchronized @Nullable Entry find(String callId) {
        return entries.get(callId);
    }

    /**
     * Enters a call that begins.
     *
     * @return false if the conversation has made too many
     */
    synchronized boolean begins(ToolCall call) {
        if (entries.size() >= MOST_CALLS) {
            return false;
        }
        entries.put(call.callId(), new Entry(call.name(), call, null));
        return true;
    }

    /** Enters the one result of a call that began. */
    synchronized void ends(ToolCall call, ToolResult result) {
        entries.put(call.callId(), new Entry(call.name(), call, result));
        PastCall ended = new PastCall(call, result);
        past.addLast(ended);
        chars += size(ended);
        while (past.size() > MOST_WITH_WORDS || (chars > MOST_CHARS && past.size() > 1)) {
            PastCall oldest = past.removeFirst();
            chars -= size(oldest);
            entries.put(oldest.call().callId(), new Entry(oldest.call().name(), null, null));
        }
    }

    /** The calls that have their result, oldest first, as far as their words are kept. */
    synchronized List<PastCall> past() {
        return List.copyOf(past);
    }

    private static int size(PastCall ended) {
        return ended.call().argumentsJson().length() + ended.result().output().length();
    }
}
