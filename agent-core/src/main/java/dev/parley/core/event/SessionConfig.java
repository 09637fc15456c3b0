package dev.parley.core.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a session is configured with, before any audio. Immutable; the dialect decides how it looks on the wire.
 *
 * @param instructions the system prompt, or null to leave the provider's default
 * @param voice the provider's name of a voice, or null for its default
 * @param tools what the model may call; with none, {@code tools} and {@code tool_choice} are not sent
 */
public record SessionConfig(
        @Nullable String instructions, @Nullable String voice, List<ToolDefinition> tools) {
    public SessionConfig {
        tools = List.copyOf(tools);
    }
}
