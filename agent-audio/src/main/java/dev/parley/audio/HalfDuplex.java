package dev.parley.audio;

import java.time.Duration;

/** {@link BargeIn#halfDuplex()}: the caller is not heard while the agent speaks. Immutable. */
public final class HalfDuplex implements BargeIn {
    private final Duration tail;
    private final Duration patience;

    HalfDuplex(Duration tail, Duration patience) {
        this.tail = tail;
        this.patience = patience;
    }

    /** How long the microphone stays held once a reply has been played out, for the room's echo; 200 ms unless said. */
    public HalfDuplex tail(Duration afterLastSample) {
        return new HalfDuplex(LocalBargeIn.notNegative(afterLastSample), patience);
    }

    /**
     * A reply that plays nothing for this long holds the microphone no longer, so that a lost end or a stuck sink mutes nobody for
     * ever; 10 s unless said. It opens between one and two such spans after the last sample.
     */
    public HalfDuplex patience(Duration withoutSound) {
        if (withoutSound.isNegative() || withoutSound.isZero()) {
            throw new IllegalArgumentException("patience is a time above zero, not " + withoutSound);
        }
        return new HalfDuplex(tail, LocalBargeIn.aDayAtMost(withoutSound));
    }

    Duration tail() {
        return tail;
    }

    Duration patience() {
        return patience;
    }

    @Override
    public String toString() {
        return "halfDuplex()";
    }
}
