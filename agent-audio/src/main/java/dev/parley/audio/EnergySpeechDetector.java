package dev.parley.audio;

import java.nio.ByteBuffer;

/**
 * Takes for speech what is louder, in the band of voices, than the line's noise is wont to be. Pure Java; some microseconds for each
 * frame, and nothing is allocated. Immutable.
 *
 * <p>It looks at two frames at a time: other people's voices move less over 40 ms than over 20, and so does what hides the caller's.
 *
 * <p>Noise is what the last three seconds without speech were like: its middle level, and how far it moves above that. Steady noise
 * moves by little, so speech need not be much louder; other people's voices move by much, so it must be. In its first second a
 * detector does not know the line yet, and asks for 10 dB more than the quietest frame. A line that gets quieter is followed within 200 ms,
 * one that gets noisier within two and a half seconds.
 *
 * <p>One voice as loud as the caller's, music, and the agent's own echo are speech to it.
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
        return new EnergySpeechDetector(4, -55);
    }

    /**
     * How far above the noise's middle level speech begins at least; 4 dB unless said. It ends 2 dB lower. Less misses less and is
     * mistaken more often.
     *
     * @param decibels above 2
     */
    public EnergySpeechDetector above(double decibels) {
        if (!(decibels > 2)) {
            throw new IllegalArgumentException("speech begins at more than 2 dB above the noise, not " + decibels);
        }
        return new EnergySpeechDetector(decibels, quietest);
    }

    /**
     * Below which level nothing is speech, whatever the noise; −55 dB unless said.
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
        private static final double HYSTERESIS = 2;
        private static final double HIGH_PASS_HZ = 200;
        private static final double LOW_PASS_HZ = 3_400;
        /** Speech without a single pause for so long is a line that got noisier. */
        private static final int LONGEST_SPEECH_FRAMES = 60;

        private final NoiseLevel noise = new NoiseLevel();
        private final double highPass;
        private final double lowPass;
        private double lastInput;
        private double high;
        private double low;
        private double lower;
        /** Of the frame before; below zero if there is none. */
        private double lastPower = -1;

        private boolean speaking;
        private int speechFrames;

        Listening(int sampleRate) {
            highPass = Math.exp(-2 * Math.PI * HIGH_PASS_HZ / sampleRate);
            lowPass = 1 - Math.exp(-2 * Math.PI * Math.min(LOW_PASS_HZ, sampleRate / 3.0) / sampleRate);
        }

        @Override
        public boolean isSpeech(ByteBuffer pcm16) {
            // a frame of digital silence is no measure of a room
            double level = Math.max(level(pcm16), quietest);
            double begins = noise.ceiling(level, above);
            speaking = level > Math.max(speaking ? begins - HYSTERESIS : begins, quietest);
            speechFrames = speaking ? speechFrames + 1 : 0;
            if (!speaking) {
                noise.learn(level);
            } else if (speechFrames == LONGEST_SPEECH_FRAMES) {
                speechFrames = 0;
                noise.forget();
            }
            return speaking;
        }

        /** The level of this frame and the one before in the band of voices, in dB of full scale. */
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
            double power = sum / Math.max(1, samples);
            double mean = lastPower < 0 ? power : (power + lastPower) / 2;
            lastPower = power;
            return 10 * Math.log10(mean + 1e-10);
        }
    }
}
