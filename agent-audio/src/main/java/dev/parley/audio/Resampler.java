package dev.parley.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * Changes the rate of a stream of PCM16.
 *
 * <p>A polyphase filter: with the ratio of the rates reduced to L/M, each output sample lies at a multiple of M on a grid L
 * times finer than the input. The low-pass on that grid is a sinc under a Kaiser window; of its taps, an output sample
 * needs only every L-th, one of L ready sets. The filter is symmetric and its delay is taken out, so output sample 0 is
 * at the time of input sample 0.
 *
 * <p>However a stream is cut into pieces, single bytes included, the output is the same to the bit as for the whole. A
 * stream of n samples gives n × L / M, rounded up. Nothing is allocated after construction. Not thread-safe.
 */
public final class Resampler {

    /** How steep and how clean the filter is; more costs more time and delay. */
    public enum Quality {
        /** For what comes from or goes to a telephone line: flat to 0.8 of the lower Nyquist rate, the rest below −60 dB. */
        TELEPHONY(0.80, 64),
        /** For speech: flat within 0.1 dB to 0.9 of the lower Nyquist rate, images and aliases below −80 dB. */
        SPEECH(0.90, 84),
        /** For recordings: flat within 0.1 dB to 0.9 of the lower Nyquist rate, images and aliases below −110 dB. */
        STUDIO(0.90, 116);

        private final double passband;
        private final double attenuation;

        Quality(double passband, double attenuation) {
            this.passband = passband;
            this.attenuation = attenuation;
        }
    }

    private static final int BLOCK = 1_024;

    private final PcmFormat from;
    private final PcmFormat to;
    private final int up;
    private final int down;
    private final int taps;
    private final int delay;
    /** {@code taps} coefficients for each of the {@code up} phases, the oldest sample's first. */
    private final double[] coefficients;

    /** The last samples of the input; before its start there is silence. */
    private final double[] history;

    /** How many of {@link #history} are filled, and the place in the stream of the first of them. */
    private int filled;

    private long historyStart;
    /** The newest input sample that the next output sample needs, and its phase. */
    private long needed;

    private int phase;
    private long produced;
    private long consumed;
    private int halfSample = -1;

    private Resampler(PcmFormat from, PcmFormat to, Quality quality) {
        this.from = from;
        this.to = to;
        int common = gcd(from.sampleRate(), to.sampleRate());
        this.up = to.sampleRate() / common;
        this.down = from.sampleRate() / common;
        // on the fine grid, with its Nyquist rate as 1: the band ends where the lower of both rates does
        double edge = 1.0 / Math.max(up, down);
        double width = (1 - quality.passband) * edge;
        double center = edge - width / 2;
        double beta = 0.1102 * (quality.attenuation - 8.7);
        this.delay = (int) Math.ceil((quality.attenuation - 8) / (2.285 * Math.PI * width) / 2);
        int length = 2 * delay + 1;
        this.taps = (length + up - 1) / up;
        this.coefficients = new double[taps * up];
        double windowTop = bessel(beta);
        for (int i = 0; i < length; i++) {
            double t = i - delay;
            double x = t / delay;
            double sinc = t == 0 ? center : Math.sin(Math.PI * center * t) / (Math.PI * t);
            double window = bessel(beta * Math.sqrt(Math.max(0, 1 - x * x))) / windowTop;
            coefficients[i % up * taps + taps - 1 - i / up] = up * sinc * window;
        }
        this.history = new double[taps + BLOCK];
        reset();
    }

    /** A resampler of {@link Quality#SPEECH}. */
    public static Resampler between(PcmFormat from, PcmFormat to) {
        return between(from, to, Quality.SPEECH);
    }

    /**
     * A resampler.
     *
     * @throws IllegalArgumentException for rates whose ratio is no small fraction: L and M are at most 1,000
     */
    public static Resampler between(PcmFormat from, PcmFormat to, Quality quality) {
        int common = gcd(from.sampleRate(), to.sampleRate());
        if (Math.max(from.sampleRate(), to.sampleRate()) / common > 1_000) {
            throw new IllegalArgumentException("the rates " + from.sampleRate() + " and " + to.sampleRate()
                    + " Hz have no simple ratio: use 8, 16, 22.05, 24, 44.1 or 48 kHz");
        }
        return new Resampler(from, to, Objects.requireNonNull(quality));
    }

    /**
     * Resamples audio that is all in memory.
     *
     * @param pcm16 little-endian; its position is left alone
     * @return a new buffer, PCM16 little-endian
     */
    public static ByteBuffer resample(PcmFormat from, PcmFormat to, ByteBuffer pcm16) {
        Resampler resampler = between(from, to);
        long samples = resampler.outputSamples(pcm16.remaining() / PcmFormat.BYTES_PER_SAMPLE);
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(samples * PcmFormat.BYTES_PER_SAMPLE))
                .order(ByteOrder.LITTLE_ENDIAN);
        resampler.push(pcm16.duplicate(), all);
        boolean complete = resampler.finish(all);
        if (!complete || all.hasRemaining()) {
            throw new IllegalStateException("a resampler gave another length than it promised");
        }
        return all.flip();
    }

    public PcmFormat from() {
        return from;
    }

    public PcmFormat to() {
        return to;
    }

    /** How many samples a stream of so many samples becomes. */
    public long outputSamples(long inputSamples) {
        return (inputSamples * up + down - 1) / down;
    }

    /**
     * Takes a piece, for as far as there is room for what comes of it.
     *
     * @param piece any number of bytes; its position moves by what was taken. If some remain, {@code out} is full: empty
     *     it and call again
     * @param out gets PCM16 little-endian, whole samples, whatever its byte order
     */
    public void push(ByteBuffer piece, ByteBuffer out) {
        while (true) {
            while (needed < consumed) {
                if (out.remaining() < PcmFormat.BYTES_PER_SAMPLE) {
                    return;
                }
                put(next(), out);
            }
            if (!piece.hasRemaining()) {
                return;
            }
            int first = halfSample >= 0 ? halfSample : piece.get() & 0xFF;
            halfSample = -1;
            if (!piece.hasRemaining()) {
                halfSample = first;
                return;
            }
            append((short) (first | piece.get() << 8));
            consumed++;
        }
    }

    /**
     * Ends the stream: what the filter still holds comes out, and the next piece begins a new stream.
     *
     * @return false if {@code out} is full: empty it and call again
     */
    public boolean finish(ByteBuffer out) {
        long total = outputSamples(consumed);
        while (produced < total) {
            if (out.remaining() < PcmFormat.BYTES_PER_SAMPLE) {
                return false;
            }
            while (needed >= historyStart + filled) {
                append(0);
            }
            put(next(), out);
        }
        reset();
        return true;
    }

    /**
     * Gives what the input so far amounts to, though the filter would rather see what follows: it is taken to go on as the
     * last samples did, mirrored in the very last one. The stream goes on: what is pushed next follows without a seam but
     * for that guess, which is in the last few milliseconds of what comes out here. Whole samples only.
     *
     * @param out has room for {@link #owed} samples
     */
    void settle(ByteBuffer out) {
        int owed = owed();
        if (owed <= 0) {
            return;
        }
        long most = ((produced + owed - 1) * down + delay) / up;
        int guessed = 0;
        double last = history[filled - 1];
        for (; consumed + guessed <= most; guessed++) {
            int mirrored = filled - 2 - 2 * guessed;
            append(2 * last - (mirrored < 0 ? 0 : history[mirrored]));
        }
        for (int i = 0; i < owed; i++) {
            put(next(), out);
        }
        filled -= guessed;
    }

    /** How many samples the input so far amounts to, over those that came out. */
    int owed() {
        return (int) (outputSamples(consumed) - produced);
    }

    /** How many samples before any place of the input can still be heard at it. */
    int reach() {
        return taps;
    }

    /**
     * Goes back to a place in the stream, as if what came after it had never been pushed.
     *
     * @param input how many samples of the stream have been pushed by then
     * @param output how many have come out, so that the last one is not before the last input
     * @param recent the input, of which {@link #reach} samples before the place are read
     * @param first the place of the stream's first sample in it
     */
    void rewind(long input, long output, SampleRing recent, long first) {
        filled = taps;
        historyStart = input - taps;
        for (int i = 0; i < taps; i++) {
            long place = historyStart + i;
            history[i] = place < 0 ? 0 : recent.get(first + place);
        }
        consumed = input;
        produced = output;
        needed = (output * down + delay) / up;
        phase = (int) ((output * down + delay) % up);
        halfSample = -1;
    }

    /** Forgets everything: the next piece begins a new stream. */
    public void reset() {
        Arrays.fill(history, 0);
        // silence before the start, so that the first samples need no special case
        filled = taps;
        historyStart = -taps;
        needed = delay / up;
        phase = delay % up;
        produced = 0;
        consumed = 0;
        halfSample = -1;
    }

    /** The whole of a stream without rounding, to measure the filter alone. */
    double[] unrounded(double[] input) {
        reset();
        double[] output = new double[(int) outputSamples(input.length)];
        int at = 0;
        for (double sample : input) {
            append(sample);
            consumed++;
            while (needed < consumed) {
                output[at++] = next();
            }
        }
        while (at < output.length) {
            while (needed >= historyStart + filled) {
                append(0);
            }
            output[at++] = next();
        }
        reset();
        return output;
    }

    private void append(double sample) {
        if (filled == history.length) {
            // taps - 1 samples before the newest one are all that any later output needs
            int drop = (int) (needed - taps + 1 - historyStart);
            drop = Math.min(drop, filled);
            System.arraycopy(history, drop, history, 0, filled - drop);
            filled -= drop;
            historyStart += drop;
        }
        history[filled++] = sample;
    }

    private double next() {
        int x = (int) (needed - taps + 1 - historyStart);
        int c = phase * taps;
        double a = 0;
        double b = 0;
        double d = 0;
        double e = 0;
        int fours = taps & ~3;
        int i = 0;
        // four sums, since each addition would otherwise wait for the one before
        for (; i < fours; i += 4) {
            a += coefficients[c + i] * history[x + i];
            b += coefficients[c + i + 1] * history[x + i + 1];
            d += coefficients[c + i + 2] * history[x + i + 2];
            e += coefficients[c + i + 3] * history[x + i + 3];
        }
        for (; i < taps; i++) {
            a += coefficients[c + i] * history[x + i];
        }
        phase += down;
        needed += phase / up;
        phase %= up;
        produced++;
        return a + b + (d + e);
    }

    private static void put(double sample, ByteBuffer out) {
        int rounded = (int) Math.rint(Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, sample)));
        out.put((byte) rounded).put((byte) (rounded >> 8));
    }

    /** The modified Bessel function of the first kind and order zero, by its series. */
    private static double bessel(double x) {
        double sum = 1;
        double term = 1;
        for (int k = 1; term > sum * 1e-18; k++) {
            term *= x / (2 * k) * (x / (2 * k));
            sum += term;
        }
        return sum;
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
