package dev.parley.core.provider;

import java.time.Instant;
import java.util.Optional;

/**
 * A short-lived token that opens sessions in place of the key, such as a browser may hold. Immutable.
 *
 * @param value the token itself
 * @param expiresAt when it can open no more sessions, where the provider says so (OpenAI does; swaram documents about a
 *     minute and says nothing); a session that has begun goes on
 */
public record ClientSecret(String value, Optional<Instant> expiresAt) {

    /** Shows no token. */
    @Override
    public String toString() {
        return "ClientSecret[value=****, expiresAt="
                + expiresAt.map(Instant::toString).orElse("unknown") + "]";
    }
}
