package dev.parley.testkit.internal;

import dev.parley.core.Clock;
import dev.parley.testkit.FakeClock;

/** Tells whoever waited in vain that their clock may be why. */
final class StandingClock {
    private StandingClock() {}

    /** One more line for the message of a wait that failed; empty where the clock goes by itself, or nothing waits for it. */
    static String hint(Clock clock) {
        if (clock instanceof FakeClock standing && standing.pendingTimers() > 0) {
            return "\nThe server's clock is a " + standing + ": it stands still until you call advance";
        }
        return "";
    }
}
