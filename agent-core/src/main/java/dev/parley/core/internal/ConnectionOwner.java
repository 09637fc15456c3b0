package dev.parley.core.internal;

import dev.parley.core.event.SessionConfig;
import dev.parley.core.internal.Endings.Ending;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The session, as far as a {@link Connection} needs it. All on the loop. */
interface ConnectionOwner {
    boolean isCurrent(Connection connection);

    /** The socket is open. */
    void opened();

    /** The server confirmed the configuration. */
    void confirmed();

    /** The configuration that was last asked for. */
    SessionConfig config();

    /** The connection ended. */
    void lost(Ending ending);

    /** Unless something happens before, the connection counts as lost then. */
    void lostUnless(Duration within, Ending ending);

    /** Unless something happens before, the session ends then. */
    void endedUnless(Duration within, Ending ending);

    /** The agent's last words were heard; the caller goes to the target, or nowhere. */
    void leave(@Nullable String target);
}
