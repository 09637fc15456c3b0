package dev.parley.audio;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Takes for speech what is clearly louder, in the band of voices, than the quietest moments of the last two seconds. Pure
 * Java; some microseconds for each frame, and nothing is allocated. Immutable.
 *
 * <p>The floor follows a line that gets quieter at once, and one that gets noisier within two seconds. Other people's voices, music and
 * the agent's own echo are loud as speech is: against those it cannot help.
 */
public final class EnergySpeechDetector implements SpeechDetector {
    private final double above;
    private final double quietest;

    private EnergySpeechDetector(double above, double quietest) {
        this.above = above;
        this.quietest = quietest;
    }

    /** A detector for telephones and headsets. */
    public static EnergySpeechDetector create() {
        return new EnergySpeechDetector(7, -55);
    }

    /**
     * How far above the noise floor speech begins; 7 dB unless said. It ends 2 dB lower. Less misses less and is mistaken more often.
     *
     * @param decibels above 2
     */
    public EnergySpeechDetector above(double decibels) {
        if (!(decibels > 2)) {
            throw new IllegalArgumentException("speech begins at more than 2 dB above the floor, not " + decibels);
        }
        return new EnergySpeechDetector(decibels, quietest);
    }

    /**
     * Below which level nothing is speech, whatever the floor; −55 dB unless said.
     *
     * @param decibels of a full-scale square wave; below zero
     */
    public EnergySpeechDetector quietest(double decibels) {
        if (!(decibels < 0)) {
            throw new IllegalArgumentException("a level is below 0 dB, not " + decibels);
        }
        return new EnergySpeechDetector(above, decibels);
    }

    @Override
    public Stream open(PcmFormat format) {
        return new Listening(format.sampleRate());
    }

    @Override
    public String toString() {
        return "EnergySpeechDetector[" + above + " dB]";
    }

    private final class Listening implements Stream {
        /** The floor is the least of so many spans of so many frames, and of the one that is under way. */
        private static final int SPANS = 8;

        private static final int SPAN_FRAMES = 13;
        private static final double HYSTERESIS = 2;
        private static final double HIGH_PASS_HZ = 200;
        private static final double LOW_PASS_HZ = 3_400;

        private final double[] minima = new double[SPANS];
        private final double highPass;
        private final double lowPass;
        private double lastInput;
        private double high;
        private double low;
        private double lower;
        private double spanMinimum = Double.MAX_VALUE;
        private int span;
        private int framesInSpan;
        private boolean speaking;

        Listening(int sampleRate) {
            highPass = Math.exp(-2 * Math.PI * HIGH_PASS_HZ / sampleRate);
            lowPass = 1 - Math.exp(-2 * Math.PI * Math.min(LOW_PASS_HZ, sampleRate / 3.0) / sampleRate);
            // a line that is noisy from its first frame on is not speech until something is louder
            Arrays.fill(minima, Double.MAX_VALUE);
        }

        @Override
        public boolean isSpeech(ByteBuffer pcm16) {
            double level = level(pcm16);
            double floor = floor();
            // a step down is the new floor at once; a frame of digital silence is no measure of a room
            remember(Math.max(level, quietest));
            double least = speaking ? floor + above - HYSTERESIS : floor + above;
            speaking = level > Math.max(least, quietest);
            return speaking;
        }

        private double floor() {
            double floor = spanMinimum;
            for (double minimum : minima) {
                floor = Math.min(floor, minimum);
            }
            return floor;
        }

        private void remember(double level) {
            spanMinimum = Math.min(spanMinimum, level);
            if (++framesInSpan == SPAN_FRAMES) {
                minima[span] = spanMinimum;
                span = (span + 1) % SPANS;
                framesInSpan = 0;
                spanMinimum = Double.MAX_VALUE;
            }
        }

        /** The frame's level in the band of voices, in dB of full scale. */
        private double level(ByteBuffer pcm16) {
            int samples = pcm16.remaining() / PcmFormat.BYTES_PER_SAMPLE;
            double sum = 0;
            for (int i = 0; i < samples; i++) {
                int at = pcm16.position() + i * PcmFormat.BYTES_PER_SAMPLE;
                double input = (short) ((pcm16.get(at) & 0xFF) | (pcm16.get(at + 1) << 8)) / 32_768.0;
                high = highPass * (high + input - lastInput);
                lastInput = input;
                low += lowPass * (high - low);
                lower += lowPass * (low - lower);
                sum += lower * lower;
            }
            return 10 * Math.log10(sum / Math.max(1, samples) + 1e-10);
        }
    }
}
