package dev.parley.testkit;

import java.time.Duration;

/**
 * The server thinks for a while before its next step. Speech of the caller meanwhile drops the steps that are left.
 *
 * @param length by the server's clock; up to 10 minutes
 */
public record Pause(Duration length) implements Step {
    public Pause {
        if (length.isNegative() || length.isZero() || length.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new ScriptException("a pause lasts up to 10 minutes, not " + length);
        }
    }
}
