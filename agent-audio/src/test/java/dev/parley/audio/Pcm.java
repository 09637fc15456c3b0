package dev.parley.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Samples for tests. */
public final class Pcm {
    private Pcm() {}

    /** The samples first, first + 1, …: each position can be told from every other. */
    public static ByteBuffer ramp(int first, int count) {
        ByteBuffer pcm = ByteBuffer.allocate(count * 2).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            pcm.putShort((short) (first + i));
        }
        return pcm.flip();
    }

    public static ByteBuffer constant(int value, int count) {
        ByteBuffer pcm = ByteBuffer.allocate(count * 2).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            pcm.putShort((short) value);
        }
        return pcm.flip();
    }

    public static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    public static short[] samples(byte[] bytes) {
        short[] samples = new short[bytes.length / 2];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
        return samples;
    }

    public static short[] samples(ByteBuffer buffer) {
        return samples(bytes(buffer));
    }
}
