package dev.parley.tools;

import dev.parley.core.ToolRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was asked in a session and what was answered: for calls that come again, and for gates.
 *
 * <p>A call is known by its id and by the connection that it came on, since a server may use ids again on the next one.
 * Bounded: the words of the last 1,000 answered calls stay, as long as they are 2 Mi characters or fewer together. Of calls
 * before those only the name stays, which is enough never to run one twice; and there are 10,000 of them at most.
 * Thread-safe.
 */
final class Ledger {
    /** More calls than any conversation makes; past it, a server gone wild cannot fill the memory. */
    static final int MOST_CALLS = 10_000;

    static final int MOST_WITH_WORDS = 1_000;
    static final int MOST_CHARS = 2 * 1024 * 1024;

    private final Map<Key, Entry> entries = new HashMap<>();
    private final Latest<Key> answered = new Latest<>(MOST_WITH_WORDS, MOST_CHARS);
    private final Latest<PastCall> past = new Latest<>(MOST_WITH_WORDS, MOST_CHARS);

    private record Key(int connection, String callId) {
        static Key of(ToolRequest request) {
            return new Key(request.connection(), request.callId());
        }
    }

    /**
     * A call that came before.
     *
     * @param name the tool
     * @param responseId the reply that it belongs to, where known
     * @param argumentsJson as it was asked; null if forgotten
     * @param result null while it runs, and if it is forgotten
     * @param again what came last under the same id and was dealt with; null if nothing did
     */
    record Entry(
            String name,
            @Nullable String responseId,
            @Nullable String argumentsJson,
            @Nullable ToolResult result,
            @Nullable String again) {

        /** Whether what came now is this call again, as far as is still known. */
        boolean isSame(ToolRequest again) {
            return name.equals(again.name()) && (argumentsJson == null || argumentsJson.equals(again.argumentsJson()));
        }

        /** Whether what came now is told of the same reply, as servers do that tell of a call in several events. */
        boolean isEchoedBy(ToolRequest told) {
            return told.responseId() != null
                    && ((told.responseId().equals(responseId) && isSame(told))
                            || mark(told).equals(again));
        }

        /** Without the words: a caller's are kept no longer than they must. */
        private static String mark(ToolRequest told) {
            return told.responseId()
                    + ' '
                    + told.name()
                    + ' '
                    + told.argumentsJson().hashCode();
        }

        boolean isRunning() {
            return argumentsJson != null && result == null;
        }
    }

    /** The call that came before under the same id, or null. */
    synchronized @Nullable Entry find(ToolRequest request) {
        return entries.get(Key.of(request));
    }

    /**
     * Enters a call that begins.
     *
     * @return false if the conversation has made too many
     */
    synchronized boolean begins(ToolRequest request) {
        if (entries.size() >= MOST_CALLS) {
            return false;
        }
        entries.put(Key.of(request), entry(request, null, null));
        return true;
    }

    /** Enters that a call came again in another response, or another call under its id: each is dealt with once. */
    synchronized void cameAgain(ToolRequest request) {
        entries.computeIfPresent(
                Key.of(request),
                (call, entry) -> new Entry(
                        entry.name(), entry.responseId(), entry.argumentsJson(), entry.result(), Entry.mark(request)));
    }

    /** Enters a call that has its result, which may not have been told yet: the next call must find it. */
    synchronized void settles(PastCall settled) {
        past.add(settled, size(settled));
    }

    /** Enters that a call that began was answered: from now on it is answered so again. */
    synchronized void ends(ToolRequest request, PastCall ended) {
        Key key = Key.of(request);
        Entry begun = entries.get(key);
        entries.put(key, entry(request, ended.result(), begun == null ? null : begun.again()));
        for (Key forgotten : answered.add(key, size(ended))) {
            entries.computeIfPresent(
                    forgotten, (call, entry) -> new Entry(entry.name(), entry.responseId(), null, null, entry.again()));
        }
    }

    /** The calls that have their result, oldest first, as far as their words are kept. */
    synchronized List<PastCall> past() {
        return past.all();
    }

    private static Entry entry(ToolRequest request, @Nullable ToolResult result, @Nullable String again) {
        return new Entry(request.name(), request.responseId(), request.argumentsJson(), result, again);
    }

    private static int size(PastCall ended) {
        return ended.call().argumentsJson().length() + ended.result().output().length();
    }
}
