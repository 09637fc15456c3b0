package dev.parley.core.internal;

import dev.parley.core.Clock;
import dev.parley.core.ToolRequest;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The end of a session that a tool asked for: it comes when the agent has spoken about the tool's output and the caller has
 * heard it. A caller who speaks meanwhile keeps the session. If no reply comes within {@link #LONGEST_SILENCE}, there is
 * nothing to hear; where nobody reports playback, a reply counts as heard {@link #GRACE} after it could have been played.
 *
 * <p>Confined to the loop.
 */
final class Farewell {
    static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);
    static final Duration GRACE = Duration.ofSeconds(2);

    /** To whom the caller goes, or null at a hang-up. */
    private record Asked(String callId, @Nullable String target) {}

    private final LoopTimer timer;
    private final ReplyTracker replies;
    private final Consumer<@Nullable String> leave;

    private @Nullable Asked asked;
    private boolean answered;
    private boolean replyExpected;
    /** @param leave ends the session; given to whom the caller goes, or null */
    Farewell(Clock clock, Executor loop, ReplyTracker replies, Consumer<@Nullable String> leave) {
        this.timer = new LoopTimer(clock, loop);
        this.replies = replies;
        this.leave = leave;
    }

    /** A tool asked for the end; the later one of two counts. */
    void afterReplyTo(ToolRequest request, @Nullable String target) {
        cancel();
        asked = new Asked(request.callId(), target);
    }

    void onAnswer(String callId, boolean wantsReply) {
        if (asked != null && asked.callId().equals(callId)) {
            answered = true;
            replyExpected = wantsReply;
            if (wantsReply) {
                timer.set(LONGEST_SILENCE, this::go);
            } else {
                onHeard();
            }
        }
    }

    void onReplyCreated() {
        if (answered) {
            replyExpected = false;
            timer.cancel();
        }
    }

    void onReplyDone() {
        if (answered && !replyExpected && !replies.active()) {
            timer.set(replies.unheard().plus(GRACE), this::go);
            onHeard();
        }
    }

    /** The caller heard more. */
    void onHeard() {
        if (answered && !replyExpected && !replies.active() && replies.unheard().isZero()) {
            go();
        }
    }

    /** The caller spoke, a reply was cut, or the connection is gone. */
    void cancel() {
        asked = null;
        answered = false;
        replyExpected = false;
        timer.cancel();
    }

    private void go() {
        Asked now = asked;
        cancel();
        if (now != null) {
            leave.accept(now.target());
        }
    }
}
