package dev.parley.audio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * WebRTC's voice activity detector: a model of speech and of noise in six bands of the telephone's range. Immutable. It needs
 * {@code io.github.givimad:libfvad-jni}, an optional dependency with native code for Linux, macOS and Windows.
 *
 * <p>It listens at 8 kHz, whatever the session's rate. Once it has heard speech it says so for some frames more: up to 140 ms with
 * {@link Mode#QUALITY}, 60 ms with {@link Mode#VERY_AGGRESSIVE}.
 *
 * <p><b>Version 1.0.0-1 of libfvad-jni loses 336 bytes of native memory for each frame</b>, that is 60 MB for each hour of a call. That is
 * nothing for a program on a desk and too much for a server with a hundred lines, for which {@link EnergySpeechDetector} is the choice.
 */
public final class WebRtcSpeechDetector implements SpeechDetector {

    /** How readily it hears speech. */
    public enum Mode {
        /** Misses least, and is mistaken most. */
        QUALITY,
        LOW_BITRATE,
        AGGRESSIVE,
        /** Is mistaken least. */
        VERY_AGGRESSIVE
    }

    private final Mode mode;

    private WebRtcSpeechDetector(Mode mode) {
        this.mode = mode;
    }

    /**
     * A detector of {@link Mode#VERY_AGGRESSIVE}.
     *
     * @throws IllegalStateException if libfvad-jni is not on the class path, or has no native library that loads on this machine
     */
    public static WebRtcSpeechDetector create() {
        try {
            Fvad.load();
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    "libfvad-jni is not on the class path: add io.github.givimad:libfvad-jni, or use"
                            + " EnergySpeechDetector.create(), which needs nothing",
                    e);
        } catch (IOException | LinkageError | RuntimeException e) {
            throw new IllegalStateException(
                    "libfvad-jni cannot load its native library on " + System.getProperty("os.name") + " "
                            + System.getProperty("os.arch") + ": use EnergySpeechDetector.create(), which needs none",
                    e);
        }
        return new WebRtcSpeechDetector(Mode.VERY_AGGRESSIVE);
    }

    /** How readily it hears speech; {@link Mode#VERY_AGGRESSIVE} unless said. */
    public WebRtcSpeechDetector mode(Mode readiness) {
        return new WebRtcSpeechDetector(Objects.requireNonNull(readiness));
    }

    /** @throws IllegalArgumentException for a rate without a simple ratio to 8 kHz */
    @Override
    public Stream open(PcmFormat format) {
        try {
            return new Listening(Resampler.between(format, Fvad.FORMAT, Resampler.Quality.TELEPHONY), Fvad.open(mode));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "WebRtcSpeechDetector[" + mode + "]";
    }

    private static final class Listening implements Stream {
        private static final int MOST_SAMPLES = 4 * 160;

        private final Resampler resampler;
        private final Fvad fvad;
        private final ByteBuffer resampled =
                ByteBuffer.allocate(MOST_SAMPLES * PcmFormat.BYTES_PER_SAMPLE).order(ByteOrder.LITTLE_ENDIAN);
        private final short[] frame = new short[(int) Fvad.FORMAT.samples(SourcePump.FRAME)];
        private int filled;
        private boolean begun;
        private boolean speaking;

        Listening(Resampler resampler, Fvad fvad) {
            this.resampler = resampler;
            this.fvad = fvad;
        }

        @Override
        public boolean isSpeech(ByteBuffer pcm16) {
            while (pcm16.hasRemaining()) {
                resampler.push(pcm16, resampled.clear());
                resampled.flip();
                if (!begun) {
                    // The filter holds back its first milliseconds. With silence in their place a frame of the line
                    // ends just
                    // where one of the detector's does, and the answer is not a frame late.
                    begun = true;
                    int held = frame.length - resampled.remaining() / PcmFormat.BYTES_PER_SAMPLE;
                    filled = Math.max(0, held);
                }
                listen();
            }
            return speaking;
        }

        private void listen() {
            while (resampled.hasRemaining()) {
                frame[filled++] = resampled.getShort();
                if (filled == frame.length) {
                    filled = 0;
                    try {
                        speaking = fvad.isSpeech(frame);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
        }

        @Override
        public void close() {
            fvad.close();
        }
    }
}
