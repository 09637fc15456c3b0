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
    CLOSING(Direction.TO_SERVER);

    private final Direction flow;

    Stage(Direction flow) {
        this.flow = flow;
    }

    /** Which way the frames of this stage go. */
    Direction flow() {
        return flow;
    }

    /** As the table's first column has it. */
    String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
