package dev.parley.audio;

import dev.parley.core.event.ServerEvent;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which replies were cut, so that audio which still comes for them is refused: by the response's id, and where there are
 * none until the next response begins. Loop-confined.
 */
final class CutReplies {
    private static final int KNOWN = 64;

    private final Set<String> cut = new LinkedHashSet<>();
    private @Nullable String current;
    private boolean anonymousRunning;
    private boolean anonymousCut;

    void onServerEvent(ServerEvent event) {
        if (event instanceof ServerEvent.ResponseCreated created) {
            begins(created.responseId());
            anonymousCut = false;
        } else if (event instanceof ServerEvent.OutputAudio audio && !refuses(audio.responseId())) {
            begins(audio.responseId());
        } else if (event instanceof ServerEvent.ResponseDone done && done.responseId() == null) {
            anonymousRunning = false;
        }
    }

    private void begins(@Nullable String responseId) {
        if (responseId == null) {
            anonymousRunning = true;
        } else {
            current = responseId;
        }
    }

    /** The reply that is being received, or was received last, is cut. */
    void cut() {
        anonymousCut |= anonymousRunning;
        if (current != null) {
            cut.add(current);
            current = null;
            if (cut.size() > KNOWN) {
                cut.remove(cut.iterator().next());
            }
        }
    }

    boolean refuses(@Nullable String responseId) {
        return responseId == null ? anonymousCut : cut.contains(responseId);
    }
}
