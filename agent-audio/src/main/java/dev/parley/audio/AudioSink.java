package dev.parley.audio;

import dev.parley.core.Clock;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Where the agent's voice is played: a loudspeaker, a phone line, memory, or a class of your own.
 *
 * <p>A sink plays what was written to it at its own rate, one sample after the other without a gap for as long as there is something,
 * and knows which sample it has reached. No method waits: a session's loop calls them, interrupts
 * one that takes longer than a second, and then uses the sink no more. {@link AudioLink} calls from one
 * thread at a time and closes the sink with the session.
 */
public interface AudioSink extends Closeable {

    /** The rate that the sink plays at. It does not change. */
    PcmFormat format();

    /**
     * Takes what there is room for now.
     *
     * @param pcm16 PCM16 little-endian mono, whole samples; its position moves by what was taken
     * @return how many bytes were taken, an even number; 0 if there is no room now
     * @throws IOException if the sink failed; it is not used again
     */
    int write(ByteBuffer pcm16) throws IOException;

    /**
     * How many samples of what was written have been played so far, since the sink was opened. Silence between pieces
     * and samples that were dropped by {@link #flush} do not count. It never goes back.
     */
    long played() throws IOException;

    /**
     * Drops what was written and not yet played; what is written next plays at once.
     *
     * @return {@link #played} at the very sample where it stopped
     */
    long flush() throws IOException;

    /**
     * Whether {@link #flush} is exact enough that what it dropped can be written again, louder or quieter, without a gap or a stutter. Where it is
     * not, as on a line far away, the agent does not get quieter while {@link BargeIn#local} is unsure.
     */
    default boolean canTakeBack() {
        return true;
    }

    /**
     * Stops playing and releases what the sink holds. Idempotent. A call that waits and does not heed its interrupt for a second finds itself
     * closed by another thread, and should return then.
     */
    @Override
    void close() throws IOException;

    /**
     * A sink that plays through a stream: a pipe, a socket, another program's input. The stream gets each sample once its time has passed by
     * the clock, so what it took is what was heard: what waits in a pipe or a socket behind it counts as heard too. While the agent says nothing
     * it gets nothing.
     *
     * <p>A thread of the sink's own ({@code parley-stream-sink}) writes, 20 ms at a time, and flushes; the session never
     * waits for it. A stream that throws, or holds up one piece for two seconds, fails the sink, which is told to the
     * listener once.
     *
     * @param pcm16 gets PCM16 little-endian mono without a header; closed with the sink, once it has taken the piece that is on its way
     */
    static AudioSink of(PcmFormat format, OutputStream pcm16, Clock clock) {
        return new StreamSink(format, pcm16, clock);
    }

    /** A sink that plays to nobody, in real time by a clock, and keeps what was heard; it has room for two minutes. */
    static MemorySink inMemory(PcmFormat format, Clock clock) {
        return new MemorySink(format, clock, Duration.ofMinutes(2));
    }

    /**
     * As {@link #inMemory(PcmFormat, Clock)}, with room for so much that is not yet played: a device's buffer.
     *
     * @param room above zero, a day at most; no more than six hours at 24 kHz are taken ahead, since an array holds no more
     */
    static MemorySink inMemory(PcmFormat format, Clock clock, Duration room) {
        return new MemorySink(format, clock, room);
    }
}
