package dev.parley.testkit.internal;

import dev.parley.testkit.Recording;
import java.time.Duration;

/**
 * A sound that stands for speech: a voice's pitch with a few overtones, swelling about four times a second as syllables
 * do. It never falls silent within, so one tone is one turn.
 */
public final class SpeechTone {
    private static final double PITCH_HZ = 140;
    private static final double WAVER_HZ = 0.7;
    private static final double SYLLABLES_A_SECOND = 4;
    private static final int PEAK = 9_000;
    private static final int MILLIS_A_CHARACTER = 65;

    /** Pitch, waver and syllables come round together every ten seconds, so longer tones repeat these. */
    private static final short[] TEN_SECONDS = tenSeconds();

    private SpeechTone() {}

    public static short[] samples(int count) {
        short[] samples = new short[count];
        for (int from = 0; from < count; from += TEN_SECONDS.length) {
            System.arraycopy(TEN_SECONDS, 0, samples, from, Math.min(TEN_SECONDS.length, count - from));
        }
        return samples;
    }

    private static short[] tenSeconds() {
        short[] samples = new short[10 * Recording.SAMPLE_RATE];
        for (int i = 0; i < samples.length; i++) {
            double turn = 2 * Math.PI * i / Recording.SAMPLE_RATE;
            double angle = PITCH_HZ * turn + 0.6 * Math.sin(WAVER_HZ * turn);
            double voice = Math.cos(angle) + 0.5 * Math.sin(2 * angle) + 0.25 * Math.sin(3 * angle);
            double swell = 0.65 + 0.35 * Math.cos(SYLLABLES_A_SECOND * turn);
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
