package dev.parley.reliability;

import dev.parley.testkit.LinkFault;
import dev.parley.testkit.LinkFault.Direction;
import java.time.Duration;
import java.util.Locale;

/** What the network does: a column of the table. */
enum Trouble {
    SLOW,
    JITTERY,
    STALLED,
    HALF_OPEN_TO_SERVER,
    HALF_OPEN_TO_CLIENT,
    CUT,
    RESET;

    /** @param stage where it strikes: a cut needs bytes that flow */
    LinkFault at(Stage stage) {
        return switch (this) {
            case SLOW -> LinkFault.slow(150_000);
            case JITTERY -> LinkFault.jittery(Duration.ofMillis(40));
            case STALLED -> LinkFault.stalled();
            case HALF_OPEN_TO_SERVER -> LinkFault.halfOpen(Direction.TO_SERVER);
            case HALF_OPEN_TO_CLIENT -> LinkFault.halfOpen(Direction.TO_CLIENT);
            case CUT ->
                stage.opensConnection()
                        ? LinkFault.cutAfter(Direction.TO_CLIENT, 20)
                        : LinkFault.cutInFrame(stage.flow());
            case RESET -> LinkFault.reset();
        };
    }

    /** Whether a connection outlives it. */
    boolean isBearable() {
        return this == SLOW || this == JITTERY;
    }

    /** Whether only a ping that is not answered tells of it. */
    boolean isSilent() {
        return this == STALLED || this == HALF_OPEN_TO_SERVER || this == HALF_OPEN_TO_CLIENT;
    }

    /** As the table's head has it. */
    String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ').replace("half open", "half-open");
    }
}
