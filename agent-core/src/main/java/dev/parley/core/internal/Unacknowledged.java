package dev.parley.core.internal;

import dev.parley.core.event.ServerEvent;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was sent to the conversation and not yet acknowledged: a reply that begins before that has not seen it. Outputs by their
 * call ids, and typed turns by their texts. Confined to the loop.
 */
final class Unacknowledged {
    /** A server that acknowledges some and not others must not be waited for. */
    private static final int MOST = 64;

    /** With the ids of the events that carried them; empty where nothing names them. */
    private final Map<String, String> sent = new LinkedHashMap<>();

    private final boolean acknowledges;

    /** @param acknowledges whether the server does */
    Unacknowledged(boolean acknowledges) {
        this.acknowledges = acknowledges;
    }

    void output(String callId, String eventId) {
        add(callId, eventId);
    }

    void typed(String text) {
        add(nameOf(text), "");
    }

    private void add(String name, String eventId) {
        if (acknowledges) {
            sent.put(name, eventId);
            if (sent.size() > MOST) {
                sent.remove(sent.keySet().iterator().next());
            }
        }
    }

    void onItem(ServerEvent.Item item) {
        if (item.callId() != null && "function_call_output".equals(item.type())) {
            sent.remove(item.callId());
        } else if ("user".equals(item.role())) {
            sent.remove(nameOf(item.text()));
        }
    }

    /** Whether the event of this id was among them, and is waited for no longer. */
    boolean refused(String eventId) {
        return sent.values().remove(eventId);
    }

    boolean isEmpty() {
        return sent.isEmpty();
    }

    /** Apart from call ids. */
    private static String nameOf(String text) {
        return "typed " + text;
    }
}
