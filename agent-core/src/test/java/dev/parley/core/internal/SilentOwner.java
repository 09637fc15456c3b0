package dev.parley.core.internal;

import dev.parley.core.event.SessionConfig;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A session of one connection, which does nothing about what that tells it. */
class SilentOwner implements ConnectionOwner {
    static final SessionConfig CONFIG = new SessionConfig(null, null, List.of());

    @Override
    public boolean isCurrent(Connection asked) {
        return true;
    }

    @Override
    public void opened() {}

    @Override
    public void confirmed() {}

    @Override
    public SessionConfig config() {
        return CONFIG;
    }

    @Override
    public void lost(Endings.Ending ending) {}

    @Override
    public void lostUnless(Duration within, Endings.Ending ending) {}

    @Override
    public void endedUnless(Duration within, Endings.Ending ending) {}

    @Override
    public void leave(@Nullable String target) {}
}
