package dev.parley.audio.internal;

import dev.parley.core.event.ServerEvent;
import org.jspecify.annotations.Nullable;

/**
 * Names a reply's audio item where the server gives no item id: by the response's id, or by counting responses. Every
 * part that counts from the session's start comes to the same names. Loop-confined.
 *
 * <p>An id says who it is within one connection only: the next one's server may count from one again. So what was received over an
 * earlier connection, and still plays, goes by another name.
 */
public final class ReplyIds {
    private int responses;
    private int connection = 1;

    /** Counts responses; call it for every event before {@link #item}. */
    public void onServerEvent(ServerEvent event) {
        if (event instanceof ServerEvent.ResponseCreated) {
            responses++;
        }
    }

    /** What comes from now on comes over another connection. */
    public void onConnectionLost() {
        connection++;
    }

    /** The number of the connection, from 1. */
    public int connection() {
        return connection;
    }

    /** What an item is called from the loss of its connection on. */
    public static String former(String item, int connection) {
        return item + "@" + connection;
    }

    /** The id to report playback under. */
    public String item(@Nullable String responseId, @Nullable String itemId) {
        if (itemId != null) {
            return itemId;
        }
        return responseId != null ? responseId : "reply-" + responses;
    }
}
