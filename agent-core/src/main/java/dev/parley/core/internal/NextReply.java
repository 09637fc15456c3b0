package dev.parley.core.internal;

import org.jspecify.annotations.Nullable;

/**
 * The reply that begins next, where an output or a request brings one about: whether anybody wants it. Confined to the loop.
 */
final class NextReply {
    /** Whether an output or a request asked for it. */
    private boolean wanted;

    /** Whether it comes, and nobody wants it. */
    private boolean unwanted;

    private boolean merged;

    /** The hand-ended turn for which alone it is wanted; null if anything else wants it. */
    private @Nullable String turn;

    /** Whether one is about to begin. */
    boolean isComing() {
        return wanted || unwanted;
    }

    boolean isWanted() {
        return wanted;
    }

    boolean isUnwanted() {
        return unwanted;
    }

    /** Whether a request was left to the reply that an output brings about: it is made if that one does not begin. */
    boolean isMerged() {
        return merged;
    }

    @Nullable
    String turn() {
        return turn;
    }

    /** @param newTurn the hand-ended turn for which alone it is, or null */
    void want(@Nullable String newTurn) {
        turn = wanted ? null : newTurn;
        wanted = true;
        unwanted = false;
    }

    /** As {@link #want}: a request is left to it. */
    void merge(@Nullable String newTurn) {
        merged = true;
        want(newTurn);
    }

    /** An output brings it about. */
    void bring(boolean wantsReply) {
        if (wantsReply) {
            want(null);
        } else {
            unwanted = !wanted;
        }
    }

    /** The server refused a turn. */
    void refuse(String refusedTurn) {
        if (refusedTurn.equals(turn)) {
            forget();
            unwanted = true;
        }
    }

    /** The reply to the caller may be it, and that is wanted. */
    void allow() {
        unwanted = false;
    }

    /** It has begun, or will not. */
    void forget() {
        wanted = false;
        unwanted = false;
        merged = false;
        turn = null;
    }
}
