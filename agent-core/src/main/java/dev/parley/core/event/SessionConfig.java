package dev.parley.core.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a session is configured with, before any audio. Immutable; the dialect decides how it looks on the wire.
 *
 * @param instructions the system prompt, or null to leave the provider's default
 * @param voice the provider's name of a voice, or null for its default
 * @param tools what the model may call; with none, {@code tools} is not sent, and a session keeps those that it has. To take
 *     them away, lay {@code {"tools":[]}} over the session ({@link SessionSettings.Builder#extra})
 * @param settings everything else
 */
public record SessionConfig(
        @Nullable String instructions, @Nullable String voice, List<ToolDefinition> tools, SessionSettings settings) {
    public SessionConfig {
        tools = List.copyOf(tools);
    }

    /** With all other settings as the server has them. */
    public SessionConfig(@Nullable String instructions, @Nullable String voice, List<ToolDefinition> tools) {
        this(instructions, voice, tools, SessionSettings.none());
    }

    /** This configuration, and where it is silent that one. */
    public SessionConfig over(SessionConfig that) {
        return new SessionConfig(
                instructions != null ? instructions : that.instructions,
                voice != null ? voice : that.voice,
                tools.isEmpty() ? that.tools : tools,
                settings.over(that.settings));
    }

    /** The same with another system prompt. */
    public SessionConfig withInstructions(@Nullable String prompt) {
        return new SessionConfig(prompt, voice, tools, settings);
    }

    /** Whether the server replies by itself when the caller has spoken. */
    public boolean repliesToSpeech() {
        TurnDetection detection = settings.turnDetection();
        return !settings.hasManualTurns() && (detection == null || !Boolean.FALSE.equals(detection.createsResponse()));
    }

    /** Whether the server cancels its reply when the caller speaks, if its dialect does that. */
    public boolean interruptsReplies() {
        TurnDetection detection = settings.turnDetection();
        return !settings.hasManualTurns()
                && (detection == null || !Boolean.FALSE.equals(detection.interruptsResponse()));
    }

    /** Shows no instructions: they may hold what a caller said. */
    @Override
    public String toString() {
        return "SessionConfig[instructions=" + (instructions == null ? "none" : instructions.length() + " chars")
                + ", voice=" + voice + ", tools="
                + tools.stream().map(ToolDefinition::name).toList() + ", settings=" + settings + "]";
    }
}
