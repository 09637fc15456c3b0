package dev.parley.testkit.internal;

import dev.parley.testkit.ScriptException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads the one kind of WAV file that a script may name: PCM16 mono at the session's rate. */
public final class Wav {
    private static final int RIFF = 0x46464952;
    private static final int WAVE = 0x45564157;
    private static final int FMT = 0x20746d66;
    private static final int DATA = 0x61746164;
    private static final int PCM = 1;
    private static final int EXTENSIBLE = 0xFFFE;

    private Wav() {}

    public static short[] samples(String name, byte[] file, int sampleRate) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.remaining() < 12 || bytes.getInt(0) != RIFF || bytes.getInt(8) != WAVE) {
            throw new ScriptException(name + " is not a WAV file");
        }
        bytes.position(12);
        boolean formatSeen = false;
        while (bytes.remaining() >= 8) {
            int chunk = bytes.getInt();
            long size = Integer.toUnsignedLong(bytes.getInt());
            if (chunk == FMT && size >= 16 && bytes.remaining() >= 16) {
                checkFormat(name, bytes.slice().order(ByteOrder.LITTLE_ENDIAN), sampleRate);
                formatSeen = true;
            } else if (chunk == DATA) {
                if (!formatSeen) {
                    throw new ScriptException(name + " is a broken WAV file: no format before the data");
                }
                if (size > bytes.remaining()) {
                    throw new ScriptException(name + " is a broken WAV file: it says " + size
                            + " bytes of data and has " + bytes.remaining());
                }
                short[] samples = new short[(int) (size / 2)];
                bytes.asShortBuffer().get(samples);
                return samples;
            }
            // chunks are padded to an even length
            long next = bytes.position() + size + (size & 1);
            bytes.position((int) Math.min(next, bytes.limit()));
        }
        throw new ScriptException(name + " is a broken WAV file: no data in it");
    }

    private static void checkFormat(String name, ByteBuffer format, int sampleRate) {
        int encoding = Short.toUnsignedInt(format.getShort());
        int channels = Short.toUnsignedInt(format.getShort());
        int rate = format.getInt();
        int bits = Short.toUnsignedInt(format.getShort(14));
        if ((encoding != PCM && encoding != EXTENSIBLE) || bits != 16 || channels != 1 || rate != sampleRate) {
            throw new ScriptException(name + " must be PCM16 mono at " + sampleRate + " Hz, and it is "
                    + (encoding == PCM || encoding == EXTENSIBLE ? "PCM" : "encoding " + encoding) + " with " + bits
                    + " bits, " + channels + (channels == 1 ? " channel, " : " channels, ") + rate + " Hz: convert it");
        }
    }
}
