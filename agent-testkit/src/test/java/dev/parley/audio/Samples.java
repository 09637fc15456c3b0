package dev.parley.audio;

import dev.parley.testkit.Recording;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Samples that are looked at one by one, and recordings of which each can be told from another's. At 24 kHz. */
final class Samples {
    private Samples() {}

    static short[] of(byte[] pcm) {
        return of(ByteBuffer.wrap(pcm));
    }

    static short[] of(ByteBuffer pcm) {
        short[] samples = new short[pcm.remaining() / 2];
        pcm.duplicate().order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
        return samples;
    }

    static Recording constant(int value, int millis) {
        short[] samples = new short[millis * 24];
        Arrays.fill(samples, (short) value);
        return Recording.of("constant " + value, samples);
    }
}
