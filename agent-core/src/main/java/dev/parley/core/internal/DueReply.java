package dev.parley.core.internal;

import org.jspecify.annotations.Nullable;

/**
 * A reply by the session's own settings that is to be asked for: whoever wants it besides wants the same. Confined to
 * the loop.
 */
final class DueReply {
    private boolean due;

    /** Whether the application itself asked for it: it knows why, so the caller's floor does not hold it back. */
    private boolean now;

    /** The hand-ended turn for which alone it is due; null if anything else wants it. */
    private @Nullable String turn;

    boolean isDue() {
        return due;
    }

    /** Whether it may be asked for while the caller has the floor, or has not. */
    boolean fits(boolean floorIsTaken) {
        return due && (now || !floorIsTaken);
    }

    /** @param newTurn the hand-ended turn for which alone it is, or null */
    void owe(@Nullable String newTurn) {
        turn = due ? null : newTurn;
        due = true;
    }

    /** As {@link #owe}, by the application itself. */
    void oweNow(@Nullable String newTurn) {
        owe(newTurn);
        now = true;
    }

    /** Whether it was due for this turn alone, and then is no more. */
    boolean refuse(String refusedTurn) {
        boolean alone = refusedTurn.equals(turn);
        if (alone) {
            forget();
        }
        return alone;
    }

    /** It is asked for. Tells for which turn alone it was, or null. */
    @Nullable
    String take() {
        String taken = turn;
        forget();
        return taken;
    }

    /** It is there, or nobody waits for it any more. */
    void forget() {
        due = false;
        now = false;
        turn = null;
    }
}
