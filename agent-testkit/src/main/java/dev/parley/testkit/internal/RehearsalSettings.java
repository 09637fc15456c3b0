package dev.parley.testkit.internal;

import dev.parley.core.Clock;
import dev.parley.testkit.RehearsalDialect;
import dev.parley.testkit.Script;
import java.time.Duration;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** What every connection of a server shares. */
public record RehearsalSettings(
        Script script,
        RehearsalDialect dialect,
        @Nullable String apiKey,
        Duration silence,
        double speed,
        Duration sessionLimit,
        Clock clock,
        ZoneId zone,
        boolean mintedTokensOnly,
        int connectionsKept) {

    int silenceMs() {
        return (int) silence.toMillis();
    }

    /** Shows no key. */
    @Override
    public String toString() {
        return "RehearsalSettings[" + script + "]";
    }
}
