package dev.parley.testkit.internal;

import java.util.Arrays;
import java.util.function.Consumer;

/** Hears the caller: cuts what comes into frames, finds the turns in them, and compares them with the script's recordings. */
final class Ear {
    private final Consumer<TurnDetector.Change> changes;
    private final TurnDetector detector;
    private final CallerAudioCheck check;
    private final short[] frame = new short[TurnDetector.FRAME];
    private int inFrame;
    private long samples;
    private boolean detecting = true;

    Ear(int silenceMs, CallerAudioCheck check, Consumer<TurnDetector.Change> changes) {
        this.detector = new TurnDetector(silenceMs);
        this.check = check;
        this.changes = changes;
    }

    void hear(short[] heard) {
        for (int from = 0; from < heard.length; ) {
            int count = Math.min(heard.length - from, frame.length - inFrame);
            System.arraycopy(heard, from, frame, inFrame, count);
            check.onSamples(Arrays.copyOfRange(heard, from, from + count));
            samples += count;
            inFrame += count;
            from += count;
            if (inFrame == frame.length) {
                inFrame = 0;
                TurnDetector.Change change = detector.onFrame(frame, detecting);
                if (change != TurnDetector.Change.NONE) {
                    changes.accept(change);
                }
            }
        }
    }

    /** Ends what is being said without waiting for silence. */
    void endTurn() {
        detector.forget();
    }

    /** Forgets what was not yet a turn. */
    void clear() {
        detector.forget();
        inFrame = 0;
        check.onCleared();
    }

    void onTurnHeard() {
        check.onTurnHeard();
    }

    void onClosed() {
        check.onClosed();
    }

    /** Whether turns are looked for at all, and how much silence ends one. */
    void detect(boolean turns, int silenceMs) {
        detecting = turns;
        detector.silence(silenceMs);
        if (!turns) {
            detector.forget();
        }
    }

    boolean speaking() {
        return detector.speaking();
    }

    /** Where in the appended audio the latest speech began, in ms. */
    long startMs() {
        return detector.startMs();
    }

    /** How much audio was heard so far, in ms. */
    long nowMs() {
        return detector.nowMs();
    }

    long samples() {
        return samples;
    }
}
