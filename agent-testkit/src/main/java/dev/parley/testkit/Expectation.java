package dev.parley.testkit;

import org.jspecify.annotations.Nullable;

/**
 * What a tool's output must say. Outputs follow Parley's contract: {@code {"ok":true,"result":…}} or
 * {@code {"ok":false,"error":{"code":…,"message":…,"violations":[{"argument":…,"problem":…}]}}}.
 *
 * @param ok whether the call succeeds
 * @param code the error's code, or null for any
 * @param argument an argument that one of the violations names, or null for any
 */
public record Expectation(
        boolean ok, @Nullable String code, @Nullable String argument) {
    public Expectation {
        if (ok && (code != null || argument != null)) {
            throw new ScriptException("an output that is ok has no error code and no argument: leave them out");
        }
    }
}
