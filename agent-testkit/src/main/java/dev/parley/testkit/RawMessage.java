package dev.parley.testkit;

import java.util.Objects;

/**
 * A text message exactly as written, at this point of the turn: an event that the protocol does not have, one out of
 * place, or broken JSON.
 *
 * @param text the message
 */
public record RawMessage(String text) implements Step {
    public RawMessage {
        Objects.requireNonNull(text);
    }
}
