package dev.parley.testkit;

import java.time.Duration;
import java.util.Objects;

/** What a network may do to a connection that goes through a {@link FaultyLink}. Immutable. */
public sealed interface LinkFault {

    /** Which way bytes go. */
    enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    /** Few bytes a second get through, each way. */
    static LinkFault slow(int bytesPerSecond) {
        return new Slow(bytesPerSecond);
    }

    /** Each piece is late by a random time from zero to this, in order; the same times in every run. */
    static LinkFault jittery(Duration most) {
        return new Jittery(most, 1);
    }

    /** Nothing gets through either way, and the sockets stay open. Healed, all of it goes on. */
    static LinkFault stalled() {
        return new Stalled();
    }

    /** One way, bytes are taken and forgotten, and nobody is told; the other way all is well. */
    static LinkFault halfOpen(Direction lost) {
        return new HalfOpen(lost);
    }

    /** So many more bytes get through this way, then the connection ends (FIN) on both sides. */
    static LinkFault cutAfter(Direction direction, long bytes) {
        return new CutAfter(direction, bytes);
    }

    /** The connection ends (FIN, on both sides) in the middle of the next WebSocket frame with a payload that goes this way. */
    static LinkFault cutInFrame(Direction direction) {
        return new CutInFrame(direction);
    }

    /** The connection ends at once with a reset (RST) on both sides. */
    static LinkFault reset() {
        return new Reset();
    }

    /** {@link #slow}. */
    record Slow(int bytesPerSecond) implements LinkFault {
        public Slow {
            if (bytesPerSecond < 1) {
                throw new IllegalArgumentException(
                        "a slow link lets 1 byte a second through at least, not " + bytesPerSecond + ": use stalled()");
            }
        }
    }

    /**
     * {@link #jittery}.
     *
     * @param seed of the random times
     */
    record Jittery(Duration most, long seed) implements LinkFault {
        public Jittery {
            if (most.isNegative() || most.isZero()) {
                throw new IllegalArgumentException("jitter is longer than nothing, not " + most);
            }
        }
    }

    /** {@link #stalled}. */
    record Stalled() implements LinkFault {}

    /** {@link #halfOpen}. */
    record HalfOpen(Direction lost) implements LinkFault {
        public HalfOpen {
            Objects.requireNonNull(lost);
        }
    }

    /** {@link #cutAfter}. */
    record CutAfter(Direction direction, long bytes) implements LinkFault {
        public CutAfter {
            Objects.requireNonNull(direction);
            if (bytes < 1) {
                throw new IllegalArgumentException(
                        "a link is cut after 1 byte at least, not " + bytes + ": use reset()");
            }
        }
    }

    /** {@link #cutInFrame}. */
    record CutInFrame(Direction direction) implements LinkFault {
        public CutInFrame {
            Objects.requireNonNull(direction);
        }
    }

    /** {@link #reset}. */
    record Reset() implements LinkFault {}
}
