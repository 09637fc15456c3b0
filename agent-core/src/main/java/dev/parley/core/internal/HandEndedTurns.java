package dev.parley.core.internal;

import dev.parley.core.Problem;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.provider.Dialect;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The caller's turns that were ended by hand and that the server may still refuse: it does where it has heard next to nothing of
 * them, as when a push-to-talk button was only tapped. The latest {@value #REMEMBERED}, by the ids of their commits' events.
 * Confined to the loop.
 */
final class HandEndedTurns {
    /** The error by which a server refuses a turn without a voice. */
    static final String EMPTY = "input_audio_buffer_commit_empty";

    private static final int REMEMBERED = 16;

    private final Dialect dialect;
    private final Set<String> open = new LinkedHashSet<>();
    private final Set<String> doubtful = new HashSet<>();
    private @Nullable String lastItem;

    HandEndedTurns(Dialect dialect) {
        this.dialect = dialect;
    }

    /**
     * A turn's end was sent.
     *
     * @param certain whether the server has surely heard enough of it
     * @return whether a reply to it may be asked for at once; if not, when the server has taken it
     */
    boolean ended(String commitId, boolean certain) {
        boolean atOnce = certain || !dialect.acknowledgesItems() || !dialect.namesFaultyEvents();
        open.add(commitId);
        if (!atOnce) {
            doubtful.add(commitId);
        }
        if (open.size() > REMEMBERED) {
            forget(first());
        }
        return atOnce;
    }

    /** An item of the caller's joined the conversation. True if a reply is to be asked for only now. */
    boolean onItem(ServerEvent.Item item) {
        if (!item.text().isEmpty()
                || open.isEmpty()
                || (item.id() != null && item.id().equals(lastItem))) {
            // Typed, or told again.
            return false;
        }
        lastItem = item.id();
        return forget(first());
    }

    /** Whether the server has still to acknowledge one, where it does: a reply that begins before has not heard it. */
    boolean areUntaken() {
        return dialect.acknowledgesItems() && !open.isEmpty();
    }

    /** The turn that this error refuses, which is then forgotten; null if it is about something else. */
    @Nullable
    String refusedBy(ServerEvent.ErrorEvent error) {
        String turn = error.eventId();
        if (turn == null && !dialect.namesFaultyEvents() && EMPTY.equals(error.code()) && !open.isEmpty()) {
            // Where nothing is acknowledged, those that were taken are here still.
            turn = dialect.acknowledgesItems() ? first() : latest();
        }
        if (turn == null || !open.contains(turn)) {
            return null;
        }
        forget(turn);
        return turn;
    }

    /** What listeners are told of a refusal. */
    static Problem refusal(String provider, String error) {
        return new Problem(
                Problem.Kind.PROVIDER_ERROR,
                provider + " refused the caller's turn (" + error
                        + "), so no reply to it is asked for. Too little of a voice"
                        + " came before it; for a button that was only tapped there is clearAudio()");
    }

    private String latest() {
        String last = first();
        for (String turn : open) {
            last = turn;
        }
        return last;
    }

    private String first() {
        return open.iterator().next();
    }

    /** True if it was doubtful. */
    private boolean forget(String turn) {
        open.remove(turn);
        return doubtful.remove(turn);
    }
}
