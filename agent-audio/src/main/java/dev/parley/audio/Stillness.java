package dev.parley.audio;

import dev.parley.core.Clock;
import java.time.Duration;

/**
 * Whether a device that should move has stood still for too long. A device that is unplugged need not tell: on Linux its line stays open,
 * and neither gives nor takes anything any more.
 */
final class Stillness {
    private static final Duration LONGEST = Duration.ofSeconds(3);

    private final Clock clock;
    private boolean still;
    /** Since when it was seen to be still; before, nobody may have looked for long. */
    private long since;

    Stillness(Clock clock) {
        this.clock = clock;
    }

    /**
     * To be asked whenever the device is looked at.
     *
     * @param moves whether it has moved since it was last looked at, or need not
     */
    boolean tooLong(boolean moves) {
        if (moves || !still) {
            still = !moves;
            since = clock.nanoTime();
        }
        return still && clock.nanoTime() - since >= LONGEST.toNanos();
    }
}
