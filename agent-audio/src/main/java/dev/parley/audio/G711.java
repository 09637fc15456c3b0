package dev.parley.audio;

import java.nio.ByteBuffer;

/**
 * Telephone lines' 8-bit encodings of ITU-T G.711, usually at 8 kHz; {@link Resampler} leads to and from other rates.
 *
 * <p>Both laws keep a sign, an exponent of 3 bits and a mantissa of 4. Encoding compares a sample with
 * the standard's decision values, decoding gives the level between two of them. A sample on a decision value itself, of which
 * the standard does not speak, gets the higher of both levels, as in ITU-T's own software (G.191). Thread-safe; nothing is allocated.
 */
public enum G711 {
    /** North America and Japan; {@code audio/pcmu}, {@code audio/x-mulaw}. */
    MU_LAW {
        @Override
        byte encode(int sample) {
            // 14 bits, and a bias that makes every segment begin at a power of two
            int magnitude = Math.min((sample < 0 ? ~sample : sample) / 4 + 33, 0x1FFF);
            int exponent = 26 - Integer.numberOfLeadingZeros(magnitude);
            int mantissa = (magnitude >> (exponent + 1)) & 0xF;
            int code = (exponent << 4) | mantissa;
            return (byte) ((sample < 0 ? 0x7F : 0xFF) ^ code);
        }

        @Override
        short decode(byte code) {
            int bits = ~code & 0xFF;
            int exponent = (bits >> 4) & 7;
            int magnitude = (((bits & 0xF) * 8 + 0x84) << exponent) - 0x84;
            return (short) (bits > 0x7F ? -magnitude : magnitude);
        }
    },

    /** Europe, India and most of the world; {@code audio/pcma}. */
    A_LAW {
        @Override
        byte encode(int sample) {
            int magnitude = (sample < 0 ? ~sample : sample) / 16;
            int exponent = Math.max(0, 28 - Integer.numberOfLeadingZeros(magnitude));
            int mantissa = (magnitude >> Math.max(0, exponent - 1)) & 0xF;
            int code = (exponent << 4) | mantissa;
            return (byte) ((sample < 0 ? code : code | 0x80) ^ 0x55);
        }

        @Override
        short decode(byte code) {
            int bits = code ^ 0x55;
            int exponent = (bits >> 4) & 7;
            int mantissa = (bits & 0xF) * 16 + 8;
            int magnitude = exponent == 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
            return (short) ((bits & 0x80) == 0 ? -magnitude : magnitude);
        }
    };

    abstract byte encode(int sample);

    abstract short decode(byte code);

    /**
     * Encodes whole samples for as long as there is room.
     *
     * @param pcm16 little-endian, whatever the buffer's byte order; half a sample at its end stays in it
     */
    public void encode(ByteBuffer pcm16, ByteBuffer codes) {
        while (pcm16.remaining() >= PcmFormat.BYTES_PER_SAMPLE && codes.hasRemaining()) {
            int low = pcm16.get() & 0xFF;
            codes.put(encode((short) (low | (pcm16.get() << 8))));
        }
    }

    /**
     * Decodes for as long as there is room.
     *
     * @param pcm16 gets little-endian samples, whatever the buffer's byte order
     */
    public void decode(ByteBuffer codes, ByteBuffer pcm16) {
        while (codes.hasRemaining() && pcm16.remaining() >= PcmFormat.BYTES_PER_SAMPLE) {
            short sample = decode(codes.get());
            pcm16.put((byte) sample).put((byte) (sample >> 8));
        }
    }
}
