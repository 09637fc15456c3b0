package dev.parley.audio.transcript;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.memory.ChatMemory;
import java.util.ArrayList;
import java.util.List;

/**
 * A transcript as LangChain4j's messages, so that a conversation that began by voice goes on as a text chat. It needs
 * {@code langchain4j-core} on the class path; nothing else here does.
 *
 * <p>Of the assistant only what was heard is told. A tool call becomes the assistant's request and its result.
 */
public final class ChatMessages {
    private ChatMessages() {}

    /** The messages of some entries, in their order. */
    public static List<ChatMessage> of(List<TranscriptEntry> entries) {
        List<ChatMessage> messages = new ArrayList<>();
        for (TranscriptEntry entry : entries) {
            if (entry instanceof Turn turn && !turn.text().isBlank()) {
                messages.add(
                        turn.role() == Turn.Role.USER ? UserMessage.from(turn.text()) : AiMessage.from(turn.text()));
            } else if (entry instanceof ToolEntry tool) {
                ToolExecutionRequest request = ToolExecutionRequest.builder()
                        .id("call_" + tool.position())
                        .name(tool.name())
                        // models of text refuse a history whose arguments are no object
                        .arguments(EntryJson.isObject(tool.arguments()) ? tool.arguments() : "{}")
                        .build();
                messages.add(AiMessage.from(request));
                messages.add(ToolExecutionResultMessage.from(request, tool.output()));
            }
        }
        return List.copyOf(messages);
    }

    /** Adds a transcript's messages to a chat's memory, after what it holds. */
    public static void addTo(ChatMemory memory, Transcript transcript) {
        of(transcript.all()).forEach(memory::add);
    }
}
