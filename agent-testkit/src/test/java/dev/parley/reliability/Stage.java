package dev.parley.reliability;

import dev.parley.testkit.LinkFault.Direction;
import java.util.Locale;

/** Where a session stands when the network fails it: a row of the table. */
enum Stage {
    CONNECTING(Direction.TO_CLIENT),
    CONFIGURING(Direction.TO_CLIENT),
    IDLE(Direction.TO_CLIENT),
    USER_SPEAKING(Direction.TO_SERVER),
    AGENT_SPEAKING(Direction.TO_CLIENT),
    TOOL_RUNNING(Direction.TO_CLIENT),
    CLOSING(Direction.TO_SERVER),
    /** The session was ready, its connection was reset, and the fault strikes the one that should replace it. */
    RECONNECTING(Direction.TO_CLIENT);

    private final Direction flow;

    Stage(Direction flow) {
        this.flow = flow;
    }

    /** Which way the frames of this stage go. */
    Direction flow() {
        return flow;
    }

    /** Whether a connection is being opened then, so that a fault of it strikes from its first byte. */
    boolean opensConnection() {
        return this == CONNECTING || this == RECONNECTING;
    }

    /** As the table's first column has it. */
    String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
