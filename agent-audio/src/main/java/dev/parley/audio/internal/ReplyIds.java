package dev.parley.audio.internal;

import dev.parley.core.event.ServerEvent;
import org.jspecify.annotations.Nullable;

/**
 * Names a reply's audio item where the server gives no item id: by the response's id, or by counting responses. Every
 * part that counts from the session's start comes to the same names. Loop-confined.
 */
public final class ReplyIds {
    private int responses;

    /** Counts responses; call it for every event before {@link #item}. */
    public void onServerEvent(ServerEvent event) {
        if (event instanceof ServerEvent.ResponseCreated) {
            responses++;
        }
    }

    /** The id to report playback under. */
    public String item(@Nullable String responseId, @Nullable String itemId) {
        if (itemId != null) {
            return itemId;
        }
        return responseId != null ? responseId : "reply-" + responses;
    }
}
