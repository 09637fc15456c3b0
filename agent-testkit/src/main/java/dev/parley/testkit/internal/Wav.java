package dev.parley.testkit.internal;

import dev.parley.audio.WavFile;
import dev.parley.testkit.ScriptException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the one kind of WAV file that a script may name: PCM16 mono at the session's rate. */
public final class Wav {
    private Wav() {}

    public static short[] samples(Path path, int sampleRate) {
        return samples(path.toString(), path, sampleRate);
    }

    /** From a file's bytes, which a jar may hold. */
    public static short[] samples(String name, byte[] file, int sampleRate) throws IOException {
        Path copy = Files.createTempFile("recording", ".wav");
        try {
            Files.write(copy, file);
            return samples(name, copy, sampleRate);
        } finally {
            Files.delete(copy);
        }
    }

    private static short[] samples(String name, Path path, int sampleRate) {
        try {
            WavFile wav = WavFile.open(path);
            int rate = wav.format().sampleRate();
            if (wav.channels() != 1 || rate != sampleRate) {
                throw new ScriptException(name + " must be mono at " + sampleRate + " Hz, and it has " + wav.channels()
                        + (wav.channels() == 1 ? " channel" : " channels") + " at " + rate + " Hz: convert it");
            }
            ByteBuffer pcm16 = wav.pcm();
            short[] samples = new short[pcm16.remaining() / 2];
            pcm16.order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
            return samples;
        } catch (IOException e) {
            String why = String.valueOf(e.getMessage()).replace(path.toString(), name);
            throw new ScriptException(why, e);
        }
    }
}
