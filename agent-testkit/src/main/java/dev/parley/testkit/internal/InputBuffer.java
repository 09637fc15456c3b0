package dev.parley.testkit.internal;

import dev.parley.testkit.Recording;
import java.util.Arrays;

/** The caller's audio since the last commit, by its place in all that was ever appended. Bounded: the oldest goes first. */
final class InputBuffer {
    private static final int LIMIT_BYTES = 10 * 60 * Recording.SAMPLE_RATE * 2;

    private byte[] bytes = {};
    private int length;
    private long end;
    private long committed;

    void append(byte[] pcm16) {
        if (length + pcm16.length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + pcm16.length, Math.min(LIMIT_BYTES, bytes.length * 2)));
        }
        System.arraycopy(pcm16, 0, bytes, length, pcm16.length);
        length += pcm16.length;
        end += pcm16.length / 2;
        keep(LIMIT_BYTES / 2);
    }

    /** Lets go of all but so many of the last samples. */
    void keep(int samples) {
        int surplus = length - samples * 2;
        if (surplus > 0) {
            System.arraycopy(bytes, surplus, bytes, 0, length - surplus);
            length -= surplus;
        }
    }

    /** How many samples a commit would take now. */
    long uncommitted() {
        return end - committed;
    }

    /** All samples that were ever appended. */
    long end() {
        return end;
    }

    long committedUntil() {
        return committed;
    }

    /** Takes what lies between two samples, as far as it is still here; what comes after them stays. */
    byte[] take(long from, long to) {
        long first = end - length / 2;
        int start = (int) Math.max(0, (from - first) * 2);
        int stop = (int) Math.max(start, Math.min(length, (to - first) * 2));
        byte[] taken = Arrays.copyOfRange(bytes, Math.min(start, length), Math.min(stop, length));
        committed = Math.max(committed, to);
        keep((int) Math.min(length / 2, end - to));
        return taken;
    }

    void clear() {
        bytes = new byte[0];
        length = 0;
        committed = end;
    }
}
