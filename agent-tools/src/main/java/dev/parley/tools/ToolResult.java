package dev.parley.tools;

import dev.parley.tools.internal.Outputs;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a call ended, and the JSON text that the model gets. Immutable.
 *
 * <p>The text is {@code {"ok":true,"result":…}} or
 * {@code {"ok":false,"error":{"code":"…","message":"…","violations":[{"argument":"…","problem":"…"}]}}}; {@code violations}
 * is there for {@code invalid_arguments} alone.
 *
 * @param ok whether the method ran and returned
 * @param errorCode why not: {@code unknown_tool}, {@code invalid_json}, {@code invalid_arguments}, {@code denied}, {@code
 *     not_allowed_now}, {@code busy}, {@code timeout}, {@code cancelled}, {@code too_large} or {@code failed}; null if ok
 * @param output the JSON text
 */
public record ToolResult(boolean ok, @Nullable String errorCode, String output) {
    public ToolResult {
        Objects.requireNonNull(output);
        if (ok == (errorCode != null)) {
            throw new IllegalArgumentException("a result has an error code if and only if it is not ok");
        }
    }

    /** A refusal for good: this call is not allowed. The message is what the model reads. */
    public static ToolResult denied(String message) {
        return Outputs.error("denied", message);
    }

    /** A refusal for now: something else must come first, and the message, which the model reads, says what. */
    public static ToolResult notAllowedNow(String message) {
        return Outputs.error("not_allowed_now", message);
    }

    /** Shows no output: it may hold a caller's data. */
    @Override
    public String toString() {
        return "ToolResult[" + (ok ? "ok" : errorCode) + ", " + output.length() + " chars]";
    }
}
