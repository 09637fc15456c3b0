package dev.parley.testkit;

import dev.parley.testkit.internal.SpeechTone;
import dev.parley.testkit.internal.Wav;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * A piece of voice: PCM16 mono at 24 kHz. Immutable.
 *
 * <p>Where a test needs no real speech, {@link #tone} makes a sound that a turn detector takes for it.
 */
public final class Recording {
    /** Samples a second. */
    public static final int SAMPLE_RATE = 24_000;

    private final String name;
    private final short[] samples;

    private Recording(String name, short[] samples) {
        this.name = name;
        this.samples = samples;
    }

    /** From samples; they are copied. */
    public static Recording of(String name, short[] samples) {
        return new Recording(Objects.requireNonNull(name), samples.clone());
    }

    /**
     * Reads a WAV file.
     *
     * @throws ScriptException if there is no such file, or it is not PCM16 mono at 24 kHz
     */
    public static Recording wav(Path file) {
        return new Recording(file.toString(), Wav.samples(file, SAMPLE_RATE));
    }

    /**
     * Reads a WAV file from a stream, to its end; the caller closes it.
     *
     * @param name what messages call it
     * @throws ScriptException if it is not PCM16 mono at 24 kHz
     * @throws UncheckedIOException if the stream fails
     */
    public static Recording wav(String name, InputStream in) {
        try {
            return new Recording(name, Wav.samples(name, in.readAllBytes(), SAMPLE_RATE));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }

    /** A sound with the pitch and the syllables of speech, the same at every call; it has no pauses. */
    public static Recording tone(Duration length) {
        return new Recording("a tone of " + length.toMillis() + " ms", SpeechTone.samples(samplesIn(length)));
    }

    /** A tone about as long as it takes to say this text. */
    public static Recording toneFor(String text) {
        return tone(SpeechTone.lengthOf(text));
    }

    /** Zeros. */
    public static Recording silence(Duration length) {
        return new Recording(length.toMillis() + " ms of silence", new short[samplesIn(length)]);
    }

    /** This one with another behind it. */
    public Recording then(Recording next) {
        short[] joined = new short[samples.length + next.samples.length];
        System.arraycopy(samples, 0, joined, 0, samples.length);
        System.arraycopy(next.samples, 0, joined, samples.length, next.samples.length);
        return new Recording(name + ", then " + next.name, joined);
    }

    /** What messages call it: the file's name, or how it was made. */
    public String name() {
        return name;
    }

    public Duration length() {
        return Duration.ofNanos(samples.length * 1_000_000_000L / SAMPLE_RATE);
    }

    /** The samples; a copy. */
    public short[] samples() {
        return samples.clone();
    }

    /** The samples as bytes, PCM16 little-endian: a new buffer at each call. */
    public ByteBuffer pcm16() {
        ByteBuffer bytes = ByteBuffer.allocate(samples.length * 2).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asShortBuffer().put(samples);
        return bytes;
    }

    private static int samplesIn(Duration length) {
        if (length.isNegative() || length.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException("a recording lasts from zero to 10 minutes, not " + length);
        }
        return Math.toIntExact(length.toMillis() * SAMPLE_RATE / 1000);
    }

    @Override
    public String toString() {
        return "Recording[" + name + ", " + length().toMillis() + " ms]";
    }
}
