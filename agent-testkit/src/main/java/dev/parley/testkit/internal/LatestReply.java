package dev.parley.testkit.internal;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The reply that was said last, and whether it was cut short as the script wants it. Confined to the connection's monitor.
 */
final class LatestReply {
    private final Consumer<String> mismatches;
    private @Nullable Reply reply;

    /** What a reply is asked. */
    interface Reply {
        /** The turn, for messages. */
        String where();

        /** Whether the caller is expected to cut short what it says, or said last. */
        boolean mustBeCut();

        /** Whether a caller who began to listen at the first piece would still hear it. */
        boolean audible();
    }

    LatestReply(Consumer<String> mismatches) {
        this.mismatches = mismatches;
    }

    void begins(Reply next) {
        reply = next;
    }

    void wasCut(Reply cut, String how) {
        reply = null;
        if (!cut.mustBeCut()) {
            mismatches.accept(cut.where() + ": a reply that should come through whole was cut short: " + how);
        }
    }

    /** The caller spoke when all of it was sent; where it was still heard, the client's player has to stop. */
    void callerSpokeAfterIt() {
        if (reply != null && reply.mustBeCut() && reply.audible()) {
            reply = null;
        }
    }

    /** The client cancelled it when all of it was sent. */
    void cancelledAfterIt() {
        if (reply != null && reply.audible()) {
            reply = null;
        }
    }

    /** What was said before this point is settled, but for a reply that goes on: if it had to be cut short, it was not. */
    void settle(@Nullable Reply active) {
        Reply whole = reply;
        reply = null;
        if (whole != null && whole != active) {
            String missing = missingCut(whole);
            if (missing != null) {
                mismatches.accept(missing);
            }
        }
    }

    /** What is wrong by now; null if nothing is. */
    @Nullable
    String missingCut() {
        return reply == null ? null : missingCut(reply);
    }

    private static @Nullable String missingCut(Reply whole) {
        return whole.mustBeCut()
                ? whole.where() + ": a reply that the caller should cut short was not interrupted"
                : null;
    }
}
