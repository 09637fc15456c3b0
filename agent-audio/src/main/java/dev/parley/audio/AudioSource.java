package dev.parley.audio;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Where the caller's voice comes from: a microphone, a file, a phone line, or a class of your own.
 *
 * <p>{@link AudioLink} reads it from one thread at a time, never from the session's loop, and closes it with the
 * session. It reads at real-time pace: a source that could give more at once (a file) is not asked for more.
 */
public interface AudioSource extends Closeable {

    /** The rate of what {@link #read} gives. It does not change. */
    PcmFormat format();

    /**
     * Puts what there is now into a buffer, without waiting for more.
     *
     * @param target gets PCM16 little-endian mono; any number of bytes may be put, half samples included
     * @return how many bytes were put; 0 if there is nothing now; -1 if there will be nothing any more
     * @throws IOException if the source failed; it is not read again
     */
    int read(ByteBuffer target) throws IOException;

    /** Releases what the source holds. Idempotent. */
    @Override
    void close() throws IOException;

    /**
     * A piece of audio that is already in memory.
     *
     * @param pcm16 its remaining bytes are the audio; they are not copied, so leave them alone
     */
    static AudioSource of(PcmFormat format, ByteBuffer pcm16) {
        return new MemorySource(format, pcm16);
    }

    /**
     * Audio that comes through a stream: a pipe, a socket, another program's output. Its end is the source's.
     *
     * <p>Where nothing is there, {@link #read} waits for it, as streams do; what comes late is made up for by a second at most. A stream that
     * still waits when the session ends is interrupted, and after two seconds closed under its reader; the session's end does not wait for it.
     *
     * @param pcm16 little-endian mono without a header; closed with the source
     */
    static AudioSource of(PcmFormat format, InputStream pcm16) {
        return new StreamSource(format, pcm16);
    }
}
