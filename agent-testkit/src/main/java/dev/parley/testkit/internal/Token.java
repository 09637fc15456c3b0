package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * A short-lived token that this server minted.
 *
 * @param locked what of the session its holder cannot change (swaram), or begins with (OpenAI)
 */
record Token(String value, Instant expiresAt, ObjectNode locked) {

    /** Shows no token. */
    @Override
    public String toString() {
        return "Token[until " + expiresAt + "]";
    }
}
