package dev.parley.audio.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import org.junit.jupiter.api.Test;

class ChatMessagesTest {
    @Test
    void aCallGoesOnAsAChat() {
        Conversation c = Conversation.played();
        c.words("u", "is she in?").begins("r");
        c.calls("c1", "check", "{\"day\":1}").returns("c1", "check", "{\"day\":1}", "{\"ok\":true}", 0);
        c.calls("c2", "check", "{broken")
                .returns("c2", "check", "{broken", "{\"ok\":false}", 0)
                .ends("r", "completed");
        c.begins("r2")
                .text("r2", "i", "from ten to one")
                .sound("r2", "i", 2_000)
                .after(1_100)
                .bargesIn("r2", "i");
        c.ends("r2", "cancelled").begins("r3").text("r3", "i3", "unheard").sound("r3", "i3", 500);
        c.bargesIn("r3", null).ends("r3", "cancelled");

        ChatMemory memory = MessageWindowChatMemory.withMaxMessages(20);
        memory.add(UserMessage.from("earlier"));
        ChatMessages.addTo(memory, c.transcript);

        ToolExecutionRequest first = request("call_3", "{\"day\":1}");
        ToolExecutionRequest second = request("call_4", "{}");
        assertThat(memory.messages())
                .containsExactly(
                        UserMessage.from("earlier"),
                        UserMessage.from("is she in?"),
                        AiMessage.from(first),
                        ToolExecutionResultMessage.from(first, "{\"ok\":true}"),
                        AiMessage.from(second),
                        ToolExecutionResultMessage.from(second, "{\"ok\":false}"),
                        AiMessage.from("from ten"));
    }

    private static ToolExecutionRequest request(String id, String arguments) {
        return ToolExecutionRequest.builder()
                .id(id)
                .name("check")
                .arguments(arguments)
                .build();
    }
}
