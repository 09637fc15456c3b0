package dev.parley.core;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a tool call ended: every call has exactly one outcome, refusals and failures too.
 *
 * @param request the call
 * @param ok whether the tool ran and returned
 * @param errorCode why not, one of the codes of the output contract ({@code invalid_arguments}, {@code timeout}, …)
 * @param output the JSON text that the model gets
 * @param took from the call's arrival to its outcome
 */
public record ToolOutcome(
        ToolRequest request, boolean ok, @Nullable String errorCode, String output, Duration took) {
    /** Shows neither arguments nor output. */
    @Override
    public String toString() {
        return "ToolOutcome[callId=" + request.callId() + ", name=" + request.name() + ", " + (ok ? "ok" : errorCode)
                + ", " + took.toMillis() + " ms]";
    }
}
