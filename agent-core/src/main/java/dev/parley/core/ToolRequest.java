package dev.parley.core;

import org.jspecify.annotations.Nullable;

/**
 * A tool call as the model asked for it, put together from however many events told of it.
 *
 * @param callId the id that its one output must carry
 * @param name the tool's name; empty if the provider never gave one
 * @param argumentsJson as the model wrote it: it may fail to parse
 * @param responseId the reply that it belongs to, where known
 */
public record ToolRequest(
        String callId,
        String name,
        String argumentsJson,
        @Nullable String responseId) {
    /** Shows no arguments: they are the caller's words. */
    @Override
    public String toString() {
        return "ToolRequest[callId=" + callId + ", name=" + name + "]";
    }
}
