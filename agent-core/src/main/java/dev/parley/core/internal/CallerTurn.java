package dev.parley.core.internal;

import dev.parley.core.Clock;
import dev.parley.core.event.ServerEvent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether this connection's server holds something of the caller's that it has not answered: then another server, which would
 * never hear of it, must not take its place. A turn is open from the start of the caller's speech until the reply to it is done;
 * if none begins, until {@link #LONGEST_UNANSWERED} after its end; where the server never tells its end, until
 * {@link CallerFloor#LONGEST_UNTOLD} after its start. Other than the {@link CallerFloor} it is open also where it
 * is the application that asks for the reply.
 *
 * <p>Confined to the loop.
 */
final class CallerTurn {
    /** Speech that gets no reply for so long was a cough. */
    static final Duration LONGEST_UNANSWERED = CallerFloor.LONGEST_HOLD;

    private final Clock clock;
    private boolean speaking;
    private long startedAt;
    private boolean unanswered;
    private long endedAt;

    /** Whether a reply goes on that began after the turn's end. */
    private boolean answering;

    private @Nullable String answer;

    CallerTurn(Clock clock) {
        this.clock = clock;
    }

    void onSpeechStarted() {
        speaking = true;
        startedAt = clock.nanoTime();
        answering = false;
    }

    /** The server found the end of the caller's speech, or the application set it. */
    void onEnded() {
        speaking = false;
        answering = false;
        unanswered = true;
        endedAt = clock.nanoTime();
    }

    /** What the caller said is taken back. */
    void onTakenBack() {
        speaking = false;
        unanswered = false;
    }

    /** A reply that begins while they still speak is about what they said before. */
    void onReplyCreated(ServerEvent.ResponseCreated created) {
        if (!created.outOfBand() && !speaking && unanswered) {
            answering = true;
            answer = created.responseId();
        }
    }

    void onReplyDone(ServerEvent.ResponseDone done) {
        if (answering && (answer == null || done.responseId() == null || answer.equals(done.responseId()))) {
            answering = false;
            unanswered = false;
        }
    }

    boolean isOpen() {
        return (speaking && isWithin(CallerFloor.LONGEST_UNTOLD, startedAt))
                || answering
                || (unanswered && isWithin(LONGEST_UNANSWERED, endedAt));
    }

    private boolean isWithin(Duration longest, long since) {
        return clock.nanoTime() - since < longest.toNanos();
    }
}
