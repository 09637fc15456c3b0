package dev.parley.core.internal;

import dev.parley.core.Clock;
import dev.parley.core.CloseReason;
import dev.parley.core.SessionException;
import dev.parley.core.SessionState;
import dev.parley.core.VoiceSession;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Where a session stands in its life, and who waits for what. Changed on the loop alone; what is volatile or a future is
 * read anywhere.
 */
final class Lifecycle {
    /** By when there must be a session, or the goodbye be over. What one connection must do in time is its own matter. */
    private final LoopTimer deadline;

    /** Completed with the session once it is ready, or with why there is none. */
    private final CompletableFuture<VoiceSession> ready = new CompletableFuture<>();

    /** Completed when the end has been told to everybody. */
    private final CompletableFuture<CloseReason> ended = new CompletableFuture<>();

    private volatile SessionState state = SessionState.CONNECTING;
    private volatile @Nullable CloseReason closeReason;
    private boolean hangingUp;
    private boolean abandoned;
    private boolean endTold;

    Lifecycle(Clock clock, Executor loop) {
        this.deadline = new LoopTimer(clock, loop);
    }

    /** Whatever the session waits for now must come within this time; replaces the deadline before. */
    void within(Duration limit, Runnable otherwise) {
        deadline.set(limit, otherwise);
    }

    /** The first connection is open; a later one's opening changes nothing. */
    void configuring() {
        if (state == SessionState.CONNECTING) {
            state = SessionState.CONFIGURING;
        }
    }

    /** True if that was news. */
    boolean reconnecting() {
        if (!wasReady()) {
            // Whoever waits for the session waits no longer than before.
            return false;
        }
        if (state == SessionState.RECONNECTING) {
            return false;
        }
        state = SessionState.RECONNECTING;
        return true;
    }

    void configured() {
        deadline.cancel();
        state = SessionState.READY;
    }

    /** Whoever waits for the session gets it; parts know already. */
    void ready(VoiceSession session) {
        ready.complete(session);
    }

    /** False if it was already hanging up, or over. */
    boolean hangUp() {
        if (hangingUp || isClosed()) {
            return false;
        }
        hangingUp = true;
        return true;
    }

    /** Whoever asked for the session has gone. */
    void abandon() {
        abandoned = true;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    /** False if it was already over. */
    boolean close(CloseReason reason) {
        if (isClosed()) {
            return false;
        }
        deadline.cancel();
        closeReason = reason;
        state = SessionState.CLOSED;
        return true;
    }

    /** From here on nobody is told anything. */
    void endTold() {
        endTold = true;
    }

    /** Whoever still waits for the session learns why there is none, however long listeners take over what they heard. */
    void notReady(CloseReason reason) {
        if (!wasReady()) {
            SessionException error = reason.error();
            ready.completeExceptionally(
                    error != null
                            ? error
                            : new SessionException(
                                    "the session ended before it was ready: " + reason.message(), reason.code(), null));
        }
    }

    /** The last listener has heard of the end. */
    void ended(CloseReason reason) {
        ended.complete(reason);
    }

    boolean wasReady() {
        return ready.isDone() && !ready.isCompletedExceptionally();
    }

    boolean isHangingUp() {
        return hangingUp;
    }

    boolean isClosed() {
        return state == SessionState.CLOSED;
    }

    boolean isEndTold() {
        return endTold;
    }

    SessionState state() {
        return state;
    }

    @Nullable
    CloseReason closeReason() {
        return closeReason;
    }

    CompletableFuture<VoiceSession> whenReady() {
        return ready;
    }

    CompletableFuture<CloseReason> whenEnded() {
        return ended;
    }
}
