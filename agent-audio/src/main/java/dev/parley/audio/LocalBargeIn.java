package dev.parley.audio;

import java.time.Duration;

/** {@link BargeIn#local}: a detector beside the source interrupts. Immutable. */
public final class LocalBargeIn implements BargeIn {
    private static final Duration DAY = Duration.ofDays(1);

    private final SpeechDetector detector;
    private final Duration confirm;
    private final Duration restore;
    private final Duration greeting;
    private final double duckTo;

    LocalBargeIn(SpeechDetector detector, Duration confirm, Duration restore, Duration greeting, double duckTo) {
        this.detector = detector;
        this.confirm = confirm;
        this.restore = restore;
        this.greeting = greeting;
        this.duckTo = duckTo;
    }

    /**
     * How much speech interrupts; 120 ms unless said. Frames of 20 ms with speech count up, frames without count down. Zero interrupts at
     * the first frame.
     */
    public LocalBargeIn confirmAfter(Duration speech) {
        return new LocalBargeIn(detector, notNegative(speech), restore, greeting, duckTo);
    }

    /**
     * After how long without a frame of speech the agent is heard at full voice again; 400 ms unless said. Where frames of speech keep coming
     * and never confirm, as of a keyboard, it is heard at full voice after two seconds of doubt, and stays so until it was quiet for so long.
     */
    public LocalBargeIn restoreAfter(Duration silence) {
        return new LocalBargeIn(detector, confirm, notNegative(silence), greeting, duckTo);
    }

    /**
     * How much of the greeting the caller must have heard before the detector may interrupt it; zero unless said. It
     * keeps a cough from cutting it. The greeting is what the agent says first, and is over when it has been played
     * out, however short it was, or was cut. The server is not bound by it: one that cancels by itself (swaram) cuts
     * the greeting at its {@code speech_started}.
     */
    public LocalBargeIn notBefore(Duration heard) {
        return new LocalBargeIn(detector, confirm, restore, notNegative(heard), duckTo);
    }

    /**
     * How loud the agent stays while it is unsure: a factor from 0 (silent) to 1 (as before); 0.25, that is −12 dB, unless
     * said.
     */
    public LocalBargeIn duckTo(double gain) {
        if (!(gain >= 0 && gain <= 1)) {
            throw new IllegalArgumentException("a gain lies between 0 and 1, not " + gain);
        }
        return new LocalBargeIn(detector, confirm, restore, greeting, gain);
    }

    SpeechDetector detector() {
        return detector;
    }

    Duration confirmAfter() {
        return confirm;
    }

    Duration restoreAfter() {
        return restore;
    }

    Duration notBefore() {
        return greeting;
    }

    double duckTo() {
        return duckTo;
    }

    static Duration notNegative(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("a time is not below zero: " + time);
        }
        return aDayAtMost(time);
    }

    /** No call is longer, and what is far longer does not fit into a count of nanoseconds. */
    static Duration aDayAtMost(Duration time) {
        if (time.compareTo(DAY) > 0) {
            throw new IllegalArgumentException("a time within a call is a day at most, not " + time);
        }
        return time;
    }

    @Override
    public String toString() {
        return "local(" + detector + ")";
    }
}
