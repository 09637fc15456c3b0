package dev.parley.testkit.internal;

/**
 * Finds turns by the energy of 10 ms frames. It counts samples, not time: the same audio gives the same turns however
 * fast it comes.
 *
 * <p>Speech begins when {@value #LOUD_FRAMES_TO_START} frames are loud with less than {@value #QUIET_FRAMES_TO_FORGET}
 * quiet ones among them (a click is not speech), and ends after so much quiet as the server was told.
 */
final class TurnDetector {
    static final int FRAME = 240;
    static final int FRAME_MS = 10;
    private static final int LOUD_FRAMES_TO_START = 4;
    private static final int QUIET_FRAMES_TO_FORGET = 10;

    /** About −44 dBFS: above a telephone line's noise, below the quietest voice. */
    private static final double LOUD_RMS = 200;

    private int quietFramesToStop;
    private long frames;
    private int loud;
    private int quiet;
    private long firstLoudFrame;
    private boolean speaking;

    TurnDetector(int silenceMs) {
        silence(silenceMs);
    }

    /** So much quiet ends a turn from now on. */
    void silence(int silenceMs) {
        quietFramesToStop = Math.max(1, silenceMs / FRAME_MS);
    }

    /** What one frame changed. */
    enum Change {
        NONE,
        SPEECH_STARTED,
        SPEECH_STOPPED
    }

    Change onFrame(short[] frame) {
        return onFrame(frame, true);
    }

    /** Counts a frame, and looks for a turn in it where that is wanted. */
    Change onFrame(short[] frame, boolean detecting) {
        long number = frames++;
        if (!detecting) {
            return Change.NONE;
        }
        boolean isLoud = rms(frame) >= LOUD_RMS;
        return speaking ? whileSpeaking(isLoud) : whileQuiet(isLoud, number);
    }

    private Change whileQuiet(boolean isLoud, long number) {
        if (!isLoud) {
            if (++quiet >= QUIET_FRAMES_TO_FORGET) {
                loud = 0;
            }
            return Change.NONE;
        }
        if (loud++ == 0) {
            firstLoudFrame = number;
        }
        quiet = 0;
        if (loud < LOUD_FRAMES_TO_START) {
            return Change.NONE;
        }
        speaking = true;
        return Change.SPEECH_STARTED;
    }

    private Change whileSpeaking(boolean isLoud) {
        quiet = isLoud ? 0 : quiet + 1;
        if (quiet < quietFramesToStop) {
            return Change.NONE;
        }
        forget();
        return Change.SPEECH_STOPPED;
    }

    boolean speaking() {
        return speaking;
    }

    /** Ends what is being said without waiting for silence, or forgets what might have become speech. */
    void forget() {
        speaking = false;
        loud = 0;
        quiet = 0;
    }

    /** Where in the appended audio the latest speech began, in ms. */
    long startMs() {
        return firstLoudFrame * FRAME_MS;
    }

    /** How much audio was heard so far, in ms. */
    long nowMs() {
        return frames * FRAME_MS;
    }

    private static double rms(short[] frame) {
        double sum = 0;
        for (short sample : frame) {
            sum += (double) sample * sample;
        }
        return Math.sqrt(sum / frame.length);
    }
}
