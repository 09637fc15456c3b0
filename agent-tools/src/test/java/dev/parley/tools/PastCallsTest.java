package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.service.tool.ToolProviderRequest;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Gates outside of sessions: a conversation is known by its id, and forgotten when many others came after it. */
class PastCallsTest {
    private final PastCalls past = new PastCalls();

    static final class Tools {
        @Tool
        String check() {
            return "free at ten";
        }

        @Tool
        String book() {
            return "booked";
        }
    }

    private static Toolbox gated() {
        return Toolbox.builder()
                .tools(new Tools())
                .executor(Runnable::run)
                .interceptor(ToolInterceptor.gate(
                        "book",
                        calls -> calls.stream()
                                .anyMatch(each -> each.call().name().equals("check")
                                        && each.result().ok()),
                        "Check first."))
                .build();
    }

    private static final String CLOSED =
            "{\"ok\":false,\"error\":{\"code\":\"not_allowed_now\",\"message\":\"Check first.\"}}";
    private static final String BOOKED = "{\"ok\":true,\"result\":\"booked\"}";

    private static String output(Toolbox toolbox, String tool, String conversation) {
        return toolbox.call(ToolCall.of(tool, "{}"), ToolContext.of(conversation, Map.of()))
                .toCompletableFuture()
                .join()
                .output();
    }

    @Test
    void aGateOpensForTheConversationThatCalledBefore() {
        Toolbox toolbox = gated();
        assertThat(output(toolbox, "book", "one")).isEqualTo(CLOSED);
        output(toolbox, "check", "one");

        assertThat(output(toolbox, "book", "one")).isEqualTo(BOOKED);
        assertThat(output(toolbox, "book", "two")).isEqualTo(CLOSED);
    }

    @Test
    void aCallWithoutAContextBelongsToNoConversation() {
        Toolbox toolbox = gated();
        toolbox.call(ToolCall.of("check", "{}")).toCompletableFuture().join();

        assertThat(toolbox.call(ToolCall.of("book", "{}"))
                        .toCompletableFuture()
                        .join()
                        .output())
                .isEqualTo(CLOSED);
    }

    @Test
    void aGateOpensInAiServicesByTheMemoryId() {
        Toolbox toolbox = gated();
        assertThat(asked(toolbox, "book", "chat-1")).isEqualTo(CLOSED);
        asked(toolbox, "check", "chat-1");

        assertThat(asked(toolbox, "book", "chat-1")).isEqualTo(BOOKED);
        assertThat(asked(toolbox, "book", "chat-2")).isEqualTo(CLOSED);
    }

    private static String asked(Toolbox toolbox, String tool, String memoryId) {
        InvocationContext context =
                InvocationContext.builder().chatMemoryId(memoryId).build();
        return toolbox
                .asToolProvider()
                .provideTools(ToolProviderRequest.builder()
                        .invocationContext(context)
                        .userMessage(UserMessage.from("hello"))
                        .build())
                .aiServiceTools()
                .stream()
                .filter(each -> each.name().equals(tool))
                .findFirst()
                .orElseThrow()
                .toolExecutor()
                .executeWithContext(
                        ToolExecutionRequest.builder()
                                .id("1")
                                .name(tool)
                                .arguments("{}")
                                .build(),
                        context)
                .resultText();
    }

    private void add(String conversation, String output) {
        past.add(conversation, new PastCall(ToolCall.of("check", ""), new ToolResult(true, null, output)));
    }

    @Test
    void theLeastRecentlyUsedConversationsAreForgotten() {
        add("first", "a");
        add("second", "b");
        IntStream.range(2, PastCalls.MOST_CONVERSATIONS).forEach(i -> add("c" + i, "c"));
        assertThat(past.of("first")).hasSize(1);
        add("last", "d");

        assertThat(past.of("first")).hasSize(1);
        assertThat(past.of("second")).isEmpty();
        assertThat(past.of("last")).hasSize(1);
    }

    @Test
    void theLastHundredCallsOfAConversationStay() {
        IntStream.range(0, 150).forEach(i -> add("one", "" + i));

        assertThat(past.of("one"))
                .extracting(each -> each.result().output())
                .hasSize(100)
                .startsWith("50")
                .endsWith("149");
    }

    @Test
    void longResultsPushOthersOutAndTheLastAlwaysStays() {
        String long1 = "x".repeat(PastCalls.MOST_CHARS / 2 + 1);
        add("one", "short");
        add("two", long1);
        assertThat(past.of("one")).hasSize(1);
        add("three", long1);
        assertThat(past.of("one")).hasSize(1);
        assertThat(past.of("two")).isEmpty();
        add("three", long1 + long1);

        assertThat(past.of("one")).isEmpty();
        assertThat(past.of("three")).hasSize(1);
        add("three", "short");
        assertThat(past.of("three")).extracting(each -> each.result().output()).containsExactly("short");
    }
}
