package dev.parley.audio;

import dev.parley.core.event.ServerEvent;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the agent says first, which nothing of the caller's interrupts before so much of it was heard. Over once that is
 * so, or once it has been played out or cut, and never to come again in this session. Loop-confined.
 *
 * <p>It is the first reply of the conversation that is spoken. All of it has come when it is done: what comes then is
 * heard behind it, and may follow without a quiet moment. What is spoken or written outside of the conversation neither
 * begins nor ends it.
 */
final class Greeting {
    private final Duration least;
    private final Floor floor;
    /** Replies that go on outside of the conversation. */
    private final Set<String> beside = new HashSet<>();

    private @Nullable String responseId;
    private boolean replying;
    /** Where it begins in all that is heard of the agent; null before its first audio. */
    private @Nullable Duration from;
    /** Where it ends there; null before all of it has come. */
    private @Nullable Duration to;

    private boolean over;

    /** @param least how much is to be heard; zero for no such greeting */
    Greeting(Duration least, Floor floor) {
        this.least = least;
        this.floor = floor;
        this.over = least.isZero();
    }

    /** As of now: the sink is asked. To look may show that the reply is over. */
    boolean isOver() {
        if (!over) {
            Duration now = floor.heardNow();
            over |= isPlayedOut() || (from != null && now.minus(from).compareTo(least) >= 0);
        }
        return over;
    }

    /** By the last look. */
    boolean hasEnded() {
        return over;
    }

    /** Whether all of it was heard, by the last look: what sounds now is another reply. */
    boolean isPlayedOut() {
        return to != null && floor.heard().compareTo(to) >= 0;
    }

    /** How much is still to be heard, by the last look. */
    Duration left() {
        return from == null ? least : least.minus(floor.heard().minus(from));
    }

    void onServerEvent(ServerEvent event) {
        if (over) {
            return;
        }
        if (event instanceof ServerEvent.ResponseCreated created) {
            onReplyCreated(created);
        } else if (event instanceof ServerEvent.OutputAudio audio) {
            onAudio(audio.responseId());
        } else if (event instanceof ServerEvent.ResponseDone done) {
            if (!beside.remove(done.responseId()) && isOf(done.responseId())) {
                allHasCome();
                onQuiet();
            }
        }
    }

    private void onReplyCreated(ServerEvent.ResponseCreated created) {
        if (!created.outOfBand()) {
            begin(created.responseId());
        } else if (created.responseId() != null) {
            beside.add(created.responseId());
        }
    }

    private void onAudio(@Nullable String replyId) {
        if (beside.contains(replyId)) {
            return;
        }
        if (replyId != null) {
            // its response.created may come later
            begin(replyId);
        }
        if (from == null) {
            from = floor.received();
        }
    }

    private void begin(@Nullable String replyId) {
        if (!isOf(replyId)) {
            // the conversation has gone on, and nobody told that this one was done
            allHasCome();
        }
        if (to == null) {
            responseId = replyId == null ? responseId : replyId;
            replying = true;
        }
    }

    private boolean isOf(@Nullable String replyId) {
        return replyId == null || responseId == null || replyId.equals(responseId);
    }

    private void allHasCome() {
        replying = false;
        Duration received = floor.received();
        if (from == null || received.compareTo(from) <= 0) {
            // it said nothing, or was cut before its first sound: another one will be the greeting
            responseId = null;
            from = null;
            to = null;
        } else if (to == null || received.compareTo(to) < 0) {
            to = received;
        }
    }

    /** The reply that was under way is not any more: cut, or lost with its connection. */
    void onReplyOver() {
        beside.clear();
        allHasCome();
        onQuiet();
    }

    /** Between two pieces of a reply that comes late, it is not over. */
    void onQuiet() {
        over |= !replying
                && !floor.isSpeaking()
                && from != null
                && floor.heard().compareTo(from) > 0;
    }
}
