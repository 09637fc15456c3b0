package dev.parley.testkit.internal;

import dev.parley.core.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the conversation needs of its connection. Calls come under the connection's monitor; none blocks. */
interface Wire {

    void send(String json);

    /** Ends the connection, and lets the next one go on with this place of the script. Without a code, also without the reason. */
    void hangUp(@Nullable Integer closeCode, String reason, ScriptPlace next);

    /** Whether so much waits for a slow client that speech should pause. */
    boolean congested();

    /** Runs a task under the connection's monitor, unless the connection is over by then. */
    Clock.Timer schedule(Duration delay, Runnable task);
}
