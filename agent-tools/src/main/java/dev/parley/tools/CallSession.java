package dev.parley.tools;

import dev.parley.core.Problem;
import dev.parley.core.SessionHandle;
import dev.parley.core.ToolProgress;
import dev.parley.core.ToolRequest;
import dev.parley.core.UnsupportedByProviderException;
import dev.parley.core.event.ResponseOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The session as one of its calls may use it: to tell of its progress, and to ask that the conversation be ended or handed
 * over. Thread-safe.
 */
final class CallSession {
    /** A tool that reports in a tight loop must not flood the session's queue. */
    static final int MOST_REPORTS = 100;

    /** A sentence takes about as long to say. */
    static final Duration BETWEEN_SENTENCES = Duration.ofSeconds(4);

    private final SessionHandle session;
    private final ToolRequest request;
    private final boolean speaks;
    private int reports;
    private boolean spoken;
    private long spokenAt;
    private @Nullable Ending ending;

    /** @param target to whom the caller goes, or null if nobody */
    private record Ending(@Nullable String target) {}

    /** @param speaks whether the model is asked to say what the tool reports */
    CallSession(SessionHandle session, ToolRequest request, boolean speaks) {
        this.session = session;
        this.request = request;
        this.speaks = speaks;
    }

    void progress(String text) {
        boolean say;
        synchronized (this) {
            if (reports >= MOST_REPORTS) {
                return;
            }
            reports++;
            if (reports == MOST_REPORTS) {
                session.report(new Problem(
                        Problem.Kind.EXTENSION_FAILED,
                        request.name() + " reported its progress " + MOST_REPORTS
                                + " times in one call; the rest is left out"));
            }
            say = speaks && mayBeSaid();
        }
        session.report(new ToolProgress(request, text));
        if (say) {
            say(text);
        }
    }

    private boolean mayBeSaid() {
        long now = session.clock().nanoTime();
        if (spoken && now - spokenAt < BETWEEN_SENTENCES.toNanos()) {
            return false;
        }
        spoken = true;
        spokenAt = now;
        return true;
    }

    private void say(String text) {
        ResponseOptions sentence = ResponseOptions.builder()
                .outOfBand()
                .instructions(
                        "A tool is still at work. Tell the caller so in one short sentence, in the language of the"
                                + " conversation, and nothing else. What the tool says of itself: " + text)
                .build();
        try {
            session.session().requestResponse(sentence);
        } catch (UnsupportedByProviderException e) {
            // Then listeners alone are told, as the policy says.
        }
    }

    synchronized void endAfterReply() {
        ending = new Ending(null);
    }

    synchronized void transfer(String target) {
        ending = new Ending(target);
    }

    /** Said before the call is answered. A call that did not go well ends nothing. */
    void beforeAnswer(ToolResult result) {
        Ending asked;
        synchronized (this) {
            asked = ending;
            ending = null;
        }
        if (asked == null || !result.ok()) {
            return;
        }
        String target = asked.target();
        if (target == null) {
            session.hangUpAfterReply(request);
        } else {
            session.transferAfterReply(request, target);
        }
    }
}
