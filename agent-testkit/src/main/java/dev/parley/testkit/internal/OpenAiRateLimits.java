package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.parley.core.Clock;
import java.time.Duration;

/** What {@code rate_limits.updated} tells: so much a minute. Nothing is refused for it. Confined to the connection's monitor. */
final class OpenAiRateLimits {
    private static final long REQUESTS = 1_000;
    private static final long TOKENS = 40_000;
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final Clock clock;
    private long minuteBegan;
    private long requests;
    private long tokens;

    OpenAiRateLimits(Clock clock) {
        this.clock = clock;
        this.minuteBegan = clock.nanoTime();
    }

    void used(long count) {
        tokens += count;
    }

    /** As one more response begins. */
    ArrayNode onResponse() {
        long now = clock.nanoTime();
        if (now - minuteBegan >= MINUTE) {
            minuteBegan = now;
            requests = 0;
            tokens = 0;
        }
        requests++;
        double reset = (MINUTE - (now - minuteBegan)) / 1e9;
        ArrayNode limits = Json.object().putArray("rate_limits");
        limits.addObject()
                .put("name", "requests")
                .put("limit", REQUESTS)
                .put("remaining", Math.max(0, REQUESTS - requests))
                .put("reset_seconds", reset);
        limits.addObject()
                .put("name", "tokens")
                .put("limit", TOKENS)
                .put("remaining", Math.max(0, TOKENS - tokens))
                .put("reset_seconds", reset);
        return limits;
    }
}
