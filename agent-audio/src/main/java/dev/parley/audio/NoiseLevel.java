package dev.parley.audio;

import java.util.Arrays;

/**
 * What the noise of a line is like: the levels of its last frames without speech, as a histogram in steps of half a decibel.
 *
 * <p>The histogram alone could lock a line out: once noise is taken for speech it is not learned any more. So the quietest frame of the last
 * two seconds is kept beside it, speech or not. No speech goes on for two seconds without a pause: where even the quietest
 * frame is above the noise's middle, the noise has changed, and is learned anew.
 */
final class NoiseLevel {
    private static final int FRAMES = 150;
    private static final int FRAMES_TO_KNOW = 50;
    private static final double ABOVE_UNKNOWN = 10;
    /** Speech begins at so many times the distance from the noise's middle to the level that a tenth of its frames exceed. */
    private static final double REACH = 2;

    private static final int LOWEST = -100;
    private static final int STEPS_PER_DECIBEL = 2;

    /** The quietest frames of so many spans of so many frames, and of the one that is under way. */
    private static final int SPANS = 8;

    private static final int SPAN_FRAMES = 13;

    /** So many frames on end, each so much quieter than most, are a line that got quieter, and no pause of voices in the background. */
    private static final int QUIETER_FRAMES = 10;

    private static final double MOST = 0.75;

    private static final double QUIETER = 3;

    private final int[] histogram = new int[-LOWEST * STEPS_PER_DECIBEL + 1];
    private final int[] recent = new int[FRAMES];
    private int known;
    private int next;
    private int quieterFrames;

    private final double[] minima = new double[SPANS];
    private double spanMinimum = Double.MAX_VALUE;
    private int span;
    private int framesInSpan;

    NoiseLevel() {
        Arrays.fill(minima, Double.MAX_VALUE);
    }

    /**
     * Looks at the next frame of the line, whatever it is.
     *
     * @param level in dB of full scale
     * @return the level above which a frame is no noise
     */
    double ceiling(double level, double atLeast) {
        double quietest = quietest();
        remember(level);
        if (known < FRAMES_TO_KNOW) {
            // a line that is noisy from its first frame on is not speech until something is louder
            return Math.min(quietest, level) + ABOVE_UNKNOWN;
        }
        double middle = exceededBy(0.5);
        if (quietest > middle + 1.0 / STEPS_PER_DECIBEL) {
            forget();
            return quietest + ABOVE_UNKNOWN;
        }
        return middle + Math.max(atLeast, REACH * (exceededBy(0.1) - middle));
    }

    /** A frame without speech. */
    void learn(double level) {
        int bin = bin(level);
        quieterFrames = known > 0 && level < exceededBy(MOST) - QUIETER ? quieterFrames + 1 : 0;
        if (quieterFrames == QUIETER_FRAMES) {
            forget();
        }
        if (known == FRAMES) {
            histogram[recent[next]]--;
        } else {
            known++;
        }
        recent[next] = bin;
        histogram[bin]++;
        next = (next + 1) % FRAMES;
    }

    void forget() {
        Arrays.fill(histogram, 0);
        known = 0;
        next = 0;
        quieterFrames = 0;
    }

    private double quietest() {
        double quietest = spanMinimum;
        for (double minimum : minima) {
            quietest = Math.min(quietest, minimum);
        }
        return quietest;
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

    /** The level that this share of the frames exceeds. */
    private double exceededBy(double share) {
        double below = known * (1 - share);
        int count = 0;
        int bin = -1;
        while (count <= below && bin < histogram.length - 1) {
            count += histogram[++bin];
        }
        return LOWEST + bin / (double) STEPS_PER_DECIBEL;
    }

    private static int bin(double level) {
        return Math.max(0, (int) Math.round((level - LOWEST) * STEPS_PER_DECIBEL));
    }
}
