package dev.parley.testkit.internal;

import java.time.Duration;

/**
 * A sound that stands for speech: a voice's pitch with a few overtones, swelling about four times a second as syllables
 * do. It never falls silent within, so one tone is one turn.
 */
public final class SpeechTone {
    private static final double PITCH_HZ = 140;
    private static final double SYLLABLES_A_SECOND = 4;
    private static final int PEAK = 9_000;
    private static final int MILLIS_A_CHARACTER = 65;

    private SpeechTone() {}

    public static short[] samples(int count, int sampleRate) {
        short[] samples = new short[count];
        for (int i = 0; i < count; i++) {
            double seconds = (double) i / sampleRate;
            double angle = 2 * Math.PI * PITCH_HZ * seconds + 0.6 * Math.sin(2 * Math.PI * 0.7 * seconds);
            double voice = Math.cos(angle) + 0.5 * Math.sin(2 * angle) + 0.25 * Math.sin(3 * angle);
            double swell = 0.65 + 0.35 * Math.cos(2 * Math.PI * SYLLABLES_A_SECOND * seconds);
            samples[i] = (short) Math.round(PEAK * swell * voice / 1.75);
        }
        return samples;
    }

    /** About as long as it takes to say the text, from 0.4 s to 30 s. */
    public static Duration lengthOf(String text) {
        long millis = (long) text.codePointCount(0, text.length()) * MILLIS_A_CHARACTER;
        return Duration.ofMillis(Math.max(400, Math.min(30_000, millis)));
    }
}
