package dev.parley.core.internal;

import dev.parley.core.event.ResponseOptions;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Requests for replies outside of the conversation. They wait for nothing and may run beside each other, so all that is kept
 * of them is what a lost connection would take along: those whose reply has not begun, and the replies that have and are not
 * done. The latest {@value #REMEMBERED} of each. Confined to the loop.
 */
final class Asides {
    private static final int REMEMBERED = 256;

    /** By the ids of their events, in order. Replies do not say which request they answer: the oldest comes first. */
    private final Map<String, ResponseOptions> asked = new LinkedHashMap<>();

    private final Set<String> begun = new LinkedHashSet<>();

    void asked(String eventId, ResponseOptions options) {
        asked.put(eventId, options);
        if (asked.size() > REMEMBERED) {
            removeFirst(asked.keySet());
        }
    }

    void onCreated(@Nullable String replyId) {
        removeFirst(asked.keySet());
        if (replyId != null) {
            begun.add(replyId);
            if (begun.size() > REMEMBERED) {
                removeFirst(begun);
            }
        }
    }

    void onDone(@Nullable String replyId) {
        if (replyId != null) {
            begun.remove(replyId);
        }
    }

    /** The server refused an event. */
    void onRefused(String eventId) {
        asked.remove(eventId);
    }

    boolean isOpen() {
        return !asked.isEmpty() || !begun.isEmpty();
    }

    /** Those whose reply has not begun, in order. */
    List<ResponseOptions> unmet() {
        return List.copyOf(asked.values());
    }

    /** How many replies have begun and are not done. */
    int unfinished() {
        return begun.size();
    }

    private static void removeFirst(Set<String> ids) {
        var each = ids.iterator();
        if (each.hasNext()) {
            each.next();
            each.remove();
        }
    }
}
