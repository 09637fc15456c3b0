package dev.parley.core.internal;

import dev.parley.core.Clock;
import dev.parley.core.ToolRequest;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The end of a session that a tool asked for: it comes when the agent has spoken about the tool's output and the caller has
 * heard it. A caller who speaks after the call keeps the session. If no reply comes within {@link #LONGEST_SILENCE}, there is
 * nothing to hear; one that does not end counts as heard after {@link #LONGEST_REPLY}, and where nobody reports playback,
 * {@link #GRACE} after it could have been played.
 *
 * <p>Confined to the loop.
 */
final class Farewell {
    static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);
    static final Duration GRACE = Duration.ofSeconds(2);
    static final Duration LONGEST_REPLY = Duration.ofMinutes(2);

    /** More calls than are open at once; of those forgotten no end is taken. */
    private static final int CALLS_REMEMBERED = 256;

    /**
     * @param target to whom the caller goes, or null at a hang-up
     * @param mark where the audio begins that must be heard
     */
    private record Asked(String callId, @Nullable String target, int mark) {}

    private final LoopTimer timer;
    private final ReplyTracker replies;
    private final Consumer<@Nullable String> leave;

    /** The calls since the caller last spoke. */
    private final Set<String> calls = new LinkedHashSet<>();

    private @Nullable Asked asked;
    private boolean answered;
    private boolean replyExpected;

    /** @param leave ends the session; given to whom the caller goes, or null */
    Farewell(Clock clock, Executor loop, ReplyTracker replies, Consumer<@Nullable String> leave) {
        this.timer = new LoopTimer(clock, loop);
        this.replies = replies;
        this.leave = leave;
    }

    void onCall(String callId) {
        calls.add(callId);
        if (calls.size() > CALLS_REMEMBERED) {
            calls.remove(calls.iterator().next());
        }
    }

    /** A tool asked for the end; the later one of two counts, and none whose call the caller has spoken since. */
    void afterReplyTo(ToolRequest request, @Nullable String target) {
        if (calls.contains(request.callId())) {
            cancel();
            asked = new Asked(request.callId(), target, replies.items().mark());
        }
    }

    void onAnswer(String callId, boolean wantsReply) {
        if (asked != null && asked.callId().equals(callId)) {
            answered = true;
            replyExpected = wantsReply;
            if (wantsReply) {
                timer.set(LONGEST_SILENCE, this::go);
            } else {
                onReplyDone();
            }
        }
    }

    void onReplyCreated() {
        if (answered) {
            replyExpected = false;
            timer.set(LONGEST_REPLY, this::go);
        }
    }

    void onReplyDone() {
        if (answered && !replyExpected && !replies.active()) {
            timer.set(unheard().plus(GRACE), this::go);
            onHeard();
        }
    }

    /** The caller heard more. */
    void onHeard() {
        if (answered && !replyExpected && !replies.active() && unheard().isZero()) {
            go();
        }
    }

    /** The caller spoke: whoever asks for the end of an earlier call's conversation asks too late. */
    void onCallerSpoke() {
        calls.clear();
        cancel();
    }

    /** The connection is gone: nobody leaves it any more. */
    void close() {
        onCallerSpoke();
        timer.close();
    }

    private Duration unheard() {
        return asked == null ? Duration.ZERO : replies.items().unheardSince(asked.mark());
    }

    /** A reply was cut. */
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
