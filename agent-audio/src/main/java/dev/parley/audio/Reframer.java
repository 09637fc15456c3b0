package dev.parley.audio;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Cuts a stream of bytes, which comes in pieces of any size, into frames of one size. What does not fill a frame is
 * carried into the next piece, odd bytes included, so nothing is dropped or shifted. It allocates nothing after its
 * construction.
 *
 * <p>Not thread-safe.
 */
public final class Reframer {

    /** What becomes of the bytes at the end that do not fill a frame. */
    public enum Tail {
        /** They are left out. */
        DROP,
        /** They are followed by digital silence up to a whole frame; half a sample at the end is left out first. */
        PAD,
        /** They go out as a shorter frame, whole samples only; half a sample at the end is left out. */
        SEND_SHORT
    }

    private final ByteBuffer frame;
    private final ByteBuffer shown;
    private final Tail tail;

    /**
     * @param frameBytes the size of a frame, even and above zero: 640 for 20 ms at 16 kHz, 1,024 for speech-to-text
     */
    public Reframer(int frameBytes, Tail tail) {
        if (frameBytes <= 0 || frameBytes % PcmFormat.BYTES_PER_SAMPLE != 0) {
            throw new IllegalArgumentException(
                    "a frame holds whole 16-bit samples: an even number of bytes above zero, not " + frameBytes);
        }
        this.frame = ByteBuffer.allocate(frameBytes);
        this.shown = frame.asReadOnlyBuffer();
        this.tail = tail;
    }

    /**
     * Takes all of a piece.
     *
     * @param piece any number of bytes; its position moves to its limit
     * @param frames gets each whole frame, in order. The buffer is the same one each time, read-only, and holds the
     *     frame only until the call returns: copy what you keep. What it throws comes out of this method, with the frame
     *     counted as delivered; call again with the same piece to go on.
     */
    public void push(ByteBuffer piece, Consumer<ByteBuffer> frames) {
        while (piece.hasRemaining()) {
            int take = Math.min(piece.remaining(), frame.remaining());
            int end = piece.limit();
            piece.limit(piece.position() + take);
            frame.put(piece);
            piece.limit(end);
            if (!frame.hasRemaining()) {
                deliver(frame.capacity(), frames);
            }
        }
    }

    /** Ends the stream: the tail meets its fate, and the next piece begins a new stream. */
    public void finish(Consumer<ByteBuffer> frames) {
        int whole = frame.position() - frame.position() % PcmFormat.BYTES_PER_SAMPLE;
        if (whole == 0 || tail == Tail.DROP) {
            frame.clear();
            return;
        }
        if (tail == Tail.PAD) {
            frame.position(whole);
            while (frame.hasRemaining()) {
                frame.put((byte) 0);
            }
            whole = frame.capacity();
        }
        deliver(whole, frames);
    }

    /** How many bytes are carried: fewer than a frame. */
    public int carried() {
        return frame.position();
    }

    /** Forgets what is carried: for the next call. */
    public void reset() {
        frame.clear();
    }

    private void deliver(int bytes, Consumer<ByteBuffer> frames) {
        frame.clear();
        shown.clear().limit(bytes);
        frames.accept(shown);
    }
}
