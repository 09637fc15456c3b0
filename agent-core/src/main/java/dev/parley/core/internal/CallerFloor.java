package dev.parley.core.internal;

import dev.parley.core.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Whether the caller has the floor: from the start of their speech until the reply to it is done. If no reply begins (the
 * speech was a cough), the floor is free again {@link #LONGEST_HOLD} after they stopped. Where the server tells neither that
 * they stopped nor that the reply is done, it is free {@link #LONGEST_UNTOLD} after the last that it told.
 *
 * <p>Confined to the loop.
 */
final class CallerFloor {
    static final Duration LONGEST_HOLD = Duration.ofSeconds(10);
    static final Duration LONGEST_UNTOLD = Duration.ofMinutes(1);

    private final LoopTimer limit;
    private final Runnable whenFree;

    /** Replies are numbered here, because not every server gives them ids. */
    private int replies;

    private boolean taken;
    private int lastReplyBeforeSpeech;

    /** @param whenFree runs each time that the floor becomes free */
    CallerFloor(Clock clock, Executor loop, Runnable whenFree) {
        this.limit = new LoopTimer(clock, loop);
        this.whenFree = whenFree;
    }

    void onSpeechStarted() {
        taken = true;
        lastReplyBeforeSpeech = replies;
        limit.set(LONGEST_UNTOLD, this::free);
    }

    void onSpeechStopped() {
        if (taken) {
            limit.set(LONGEST_HOLD, this::free);
        }
    }

    void onReplyCreated() {
        replies++;
        if (taken) {
            limit.set(LONGEST_UNTOLD, this::free);
        }
    }

    void onReplyDone() {
        if (taken && replies > lastReplyBeforeSpeech) {
            free();
        }
    }

    boolean isTaken() {
        return taken;
    }

    /** The number of the reply that began last. */
    int reply() {
        return replies;
    }

    /** Whether the caller began to speak after this reply had begun, and has the floor since. */
    boolean isTakenSince(int reply) {
        return taken && reply <= lastReplyBeforeSpeech;
    }

    void close() {
        limit.close();
    }

    /** The floor is free again, whoever had it. */
    void free() {
        limit.cancel();
        taken = false;
        whenFree.run();
    }
}
