package dev.parley.core;

import org.jspecify.annotations.Nullable;

/**
 * A tool call as the model asked for it, put together from however many events told of it.
 *
 * @param callId the id that its one output must carry
 * @param name the tool's name; empty if the provider never gave one
 * @param argumentsJson as the model wrote it: it may fail to parse
 * @param responseId the reply that it belongs to, where known
 * @param connection which of the session's connections it came on, from 1: a server may use an id again on the next
 */
public record ToolRequest(
        String callId,
        String name,
        String argumentsJson,
        @Nullable String responseId,
        int connection) {

    /** A call on a session's first connection. */
    public ToolRequest(String callId, String name, String argumentsJson, @Nullable String responseId) {
        this(callId, name, argumentsJson, responseId, 1);
    }

    /** Shows no arguments: they are the caller's words. */
    @Override
    public String toString() {
        return "ToolRequest[callId=" + callId + ", name=" + name + "]";
    }
}
