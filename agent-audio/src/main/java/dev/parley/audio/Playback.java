package dev.parley.audio;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/**
 * What an {@link AudioLink} plays in one session, and what of it was heard: {@code session.part(Playback.class)}.
 *
 * <p>Thread-safe; nothing waits. Readings are those of the player's last step, at most 20 ms old while it plays; two
 * readings, one after the other, may be of two steps. {@link #drained()} completes on the session's loop, the other
 * stages on the thread that ends or closes what they are about: attach slow work with {@code thenRunAsync} and the
 * like.
 */
public interface Playback {

    /** When the session began to connect, by its clock: the moment of sample 0 of the recording, if there is one. */
    Instant startedAt();

    /** Whether there is audio of the agent that the caller has not heard yet. */
    boolean playing();

    /** How much of the agent's audio was received and waits to be heard. */
    Duration queued();

    /** How much of the agent's audio has been heard in this session. */
    Duration heard();

    /**
     * How much of an item has been heard, from its first sample; zero for an item that is not known. Where the server
     * gives no item ids, an item goes by its response's id.
     */
    Duration heard(String itemId);

    /**
     * Completes when nothing is left to be heard: played out, or cut by an interruption; at once if nothing plays.
     * {@code response.done} is no such sign, since models send faster than real time.
     */
    CompletionStage<Void> drained();

    /**
     * Completes when the source has ended and its last frame was sent, or when it failed, or with the session. The silence after it
     * ({@link AudioLink#silenceAfter}) may still be on its way.
     */
    CompletionStage<Void> sourceEnded();

    /** Completes after the session's end, once source and sink are closed and the recording, if any, is a whole file. */
    CompletionStage<Void> finished();

    /** Where the call stands between its two sides. */
    BargeIn.State state();

    /** Whether the caller's voice goes to the server now; if not, as much silence goes in its place. */
    boolean microphoneOpen();

    /**
     * Opens the microphone under {@link BargeIn#pushToTalk()}, from the next frame of 20 ms on, and interrupts the agent. Pressing twice
     * is pressing once.
     *
     * @throws IllegalStateException under another policy
     */
    void press();

    /**
     * Ends what {@link #press()} began: the server hears silence from the current frame on.
     *
     * @throws IllegalStateException under another policy
     */
    void release();

    /** What this link has moved and dropped so far. */
    Counters counters();

    /**
     * In bytes of PCM16 at the session's rate unless said. Each is as of its own moment: while the call runs they need
     * not add up.
     *
     * @param sent of the caller's voice, or of silence in its place, taken by the session
     * @param madeUp of what was sent, what went out beyond 20 ms at once, because the source or a timer had been late
     * @param refused of the caller's voice, refused by the session because its lane was full, or half a sample at its end
     * @param stalls how many times the source had nothing, or a timer was late, for longer than the second that can be caught up
     * @param overflowed of the agent's voice, dropped because the queue was full
     * @param unplayed of the agent's voice, cut by interruptions, lost with a sink that failed, or half a sample whose other
     *     half has not come
     */
    record Counters(long sent, long madeUp, long refused, long stalls, long overflowed, long unplayed) {}
}
