package dev.parley.core.internal;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Ids of what a server tells of more than once: a call's item comes again in the item's own events and in its reply's
 * end. All of a reply that goes on are known, up to {@value #OF_LIVE_REPLIES}; of replies that are over the latest
 * {@value #OF_ENDED_REPLIES}, since hardly anything is told of them any more. Confined to the loop.
 */
final class HandedOn {
    /** A call and its item, for more calls than any conversation makes: a reply's end tells of all of them again. */
    private static final int OF_LIVE_REPLIES = 20_000;

    /**
     * The events around a reply's end come in one burst, and the next reply begins a caller's turn later. This is a call and its
     * item of 64 more, for servers that tell of old items again.
     */
    private static final int OF_ENDED_REPLIES = 128;

    /** With the replies that they belong to; empty where the server does not say. */
    private final Map<String, String> live = new LinkedHashMap<>();

    private final Set<String> ended = new LinkedHashSet<>();

    void add(String id, @Nullable String responseId) {
        live.put(id, responseId == null ? "" : responseId);
        if (live.size() > OF_LIVE_REPLIES) {
            removeFirst(live.keySet().iterator());
        }
    }

    boolean contains(String id) {
        return live.containsKey(id) || ended.contains(id);
    }

    /** Whether it was there. */
    boolean remove(String id) {
        return live.remove(id) != null || ended.remove(id);
    }

    /**
     * A reply is over.
     *
     * @param isOver whether the reply with this id is
     */
    void replyDone(Predicate<String> isOver) {
        for (Iterator<Map.Entry<String, String>> each = live.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<String, String> told = each.next();
            if (told.getValue().isEmpty() || isOver.test(told.getValue())) {
                each.remove();
                ended.add(told.getKey());
            }
        }
        while (ended.size() > OF_ENDED_REPLIES) {
            removeFirst(ended.iterator());
        }
    }

    private static void removeFirst(Iterator<String> oldestFirst) {
        oldestFirst.next();
        oldestFirst.remove();
    }
}
