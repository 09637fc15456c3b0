package dev.parley.audio;

import java.nio.ByteBuffer;

/**
 * Tells speech from everything else in a caller's voice, for {@link BargeIn#local}. Immutable; thread-safe; each session opens a
 * stream of its own. Implement it to bring a detector of your own.
 */
public interface SpeechDetector {

    /**
     * Begins to listen. What it throws beside what is said here is told to the listener once, and the server alone interrupts.
     *
     * @param format the session's rate
     * @throws IllegalArgumentException for a rate that this detector does not know; {@code connect()} fails with it
     */
    Stream open(PcmFormat format);

    /**
     * One session's listening. Called by one thread at a time, from its beginning on: also while the agent is silent. It has a lane of its
     * own: what it does holds up neither the caller's voice nor the agent's.
     */
    interface Stream extends AutoCloseable {

        /**
         * Hears the next frame. It should take no longer than a few milliseconds. What it throws is told to the listener once; the detector is
         * then not asked again, and the server alone interrupts. The same goes for one that falls more than a second behind the caller; its
         * thread is interrupted.
         *
         * @param pcm16 20 ms of PCM16 little-endian, read-only; the stream's last frame may be shorter
         * @return whether the caller speaks in this frame
         */
        boolean isSpeech(ByteBuffer pcm16);

        /** Releases what the stream holds. Called once, at the session's end or after a fault. */
        @Override
        default void close() {}
    }
}
