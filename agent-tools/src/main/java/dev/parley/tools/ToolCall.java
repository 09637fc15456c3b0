package dev.parley.tools;

import dev.parley.tools.internal.FreshId;
import java.util.Objects;

/**
 * One call of a tool, as a model asked for it. Immutable.
 *
 * @param callId the id that its one result belongs to
 * @param name the tool's name
 * @param argumentsJson a JSON object as text; blank means {@code {}}. It may fail to parse: the result then says so
 */
public record ToolCall(String callId, String name, String argumentsJson) {
    public ToolCall {
        Objects.requireNonNull(callId);
        Objects.requireNonNull(name);
        Objects.requireNonNull(argumentsJson);
    }

    /** A call with a fresh id. */
    public static ToolCall of(String name, String argumentsJson) {
        return new ToolCall("call_" + FreshId.next(), name, argumentsJson);
    }

    /** Shows no arguments: they are the caller's words. */
    @Override
    public String toString() {
        return "ToolCall[callId=" + callId + ", name=" + name + "]";
    }
}
