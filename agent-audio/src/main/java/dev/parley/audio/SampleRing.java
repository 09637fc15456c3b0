package dev.parley.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Samples in a row, each with its place in a stream: added at the end, let go of at the start. The bytes go round in one
 * array, which grows to what is kept at once and no further: a stream that flows allocates nothing. What a burst needed
 * is given back once it is gone. Not thread-safe.
 */
final class SampleRing {
    /** What is kept however little is in it, and more than which is given back. */
    private static final int SMALL = 1 << 16;

    private static final int LARGE = 1 << 19;

    private byte[] bytes = new byte[SMALL];
    private ByteBuffer view = wrap(bytes);
    /** Where the sample at {@link #start} lies: an even index. */
    private int head;

    private long start;
    private long end;

    /** The place of the first sample that is kept. */
    long start() {
        return start;
    }

    /** The place behind the last sample. */
    long end() {
        return end;
    }

    /** Adds samples, half of the bytes of a buffer; its position moves. */
    void add(ByteBuffer pcm16, int samples) {
        makeRoom(samples);
        int left = samples * PcmFormat.BYTES_PER_SAMPLE;
        int at = index(end);
        while (left > 0) {
            int step = Math.min(left, bytes.length - at);
            pcm16.get(bytes, at, step);
            left -= step;
            at = 0;
        }
        end += samples;
    }

    void add(byte low, byte high) {
        makeRoom(1);
        int at = index(end);
        bytes[at] = low;
        bytes[at + 1] = high;
        end++;
    }

    short get(long place) {
        int at = index(place);
        return (short) ((bytes[at] & 0xFF) | (bytes[at + 1] << 8));
    }

    void set(long place, short sample) {
        int at = index(place);
        bytes[at] = (byte) sample;
        bytes[at + 1] = (byte) (sample >> 8);
    }

    /**
     * The samples from a place on that lie in one row, little-endian: the same buffer at each call, good until the ring
     * changes.
     *
     * @param to the place behind the last one that is wanted
     */
    ByteBuffer from(long place, long to) {
        int at = index(place);
        long count = Math.min((to - place) * PcmFormat.BYTES_PER_SAMPLE, bytes.length - at);
        return view.clear().position(at).limit(at + (int) count);
    }

    /** Lets go of what lies before a place. */
    void dropBefore(long place) {
        head = index(place);
        start = place;
        if (start == end) {
            head = 0;
            if (bytes.length > LARGE) {
                take(new byte[SMALL]);
            }
        }
    }

    /** Lets go of what lies from a place on. */
    void dropFrom(long place) {
        end = place;
        dropBefore(start);
    }

    private int index(long place) {
        long at = head + (place - start) * PcmFormat.BYTES_PER_SAMPLE;
        return (int) (at >= bytes.length ? at - bytes.length : at);
    }

    private void makeRoom(int samples) {
        long need = (end - start + samples) * PcmFormat.BYTES_PER_SAMPLE;
        if (need <= bytes.length) {
            return;
        }
        byte[] larger = new byte[Math.toIntExact(Math.max(need, 2L * bytes.length))];
        int kept = (int) (end - start) * PcmFormat.BYTES_PER_SAMPLE;
        int first = Math.min(kept, bytes.length - head);
        System.arraycopy(bytes, head, larger, 0, first);
        System.arraycopy(bytes, 0, larger, first, kept - first);
        take(larger);
    }

    private void take(byte[] next) {
        bytes = next;
        view = wrap(next);
        head = 0;
    }

    private static ByteBuffer wrap(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
