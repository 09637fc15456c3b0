package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.ReturnBehavior;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Result;
import dev.langchain4j.service.tool.ToolProvider;
import dev.langchain4j.service.tool.ToolProviderResult;
import dev.parley.core.SessionPart;
import dev.parley.core.ToolRequest;
import dev.parley.testkit.FakeClock;
import jakarta.validation.constraints.Min;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who speaks about a tool's result, in LangChain4j's AiServices and in a voice session, whichever side the tool is from. */
class AiServicesTest {

    static final class Ours {
        @Tool
        String ask(@P("how many") @Min(1) int many) {
            return "asked " + many;
        }

        @Tool(returnBehavior = ReturnBehavior.IMMEDIATE)
        @ToolPolicy(timeout = "3s")
        String note(@P("how many") @Min(1) int many) {
            return "noted " + many;
        }

        @Tool(returnBehavior = ReturnBehavior.IMMEDIATE_IF_LAST)
        String last(@P("how many") @Min(1) int many) {
            return "kept " + many;
        }
    }

    interface Assistant {
        Result<String> chat(String message);
    }

    /** Asks for tools in its first answer, and says "Done." in any other. */
    private static final class Model implements ChatModel {
        private final List<ToolExecutionRequest> calls;
        private final List<ChatRequest> requests = new ArrayList<>();

        Model(String... calls) {
            this.calls = new ArrayList<>();
            for (String call : calls) {
                this.calls.add(ToolExecutionRequest.builder()
                        .id("c" + this.calls.size())
                        .name(call.substring(0, call.indexOf('{')))
                        .arguments(call.substring(call.indexOf('{')))
                        .build());
            }
        }

        @Override
        public ChatResponse doChat(ChatRequest request) {
            requests.add(request);
            return ChatResponse.builder()
                    .aiMessage(requests.size() == 1 ? AiMessage.from(calls) : AiMessage.from("Done."))
                    .build();
        }

        Result<String> chat(ToolProvider tools) {
            return AiServices.builder(Assistant.class)
                    .chatModel(this)
                    .toolProvider(tools)
                    .build()
                    .chat("Hello");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ask{\"many\":2}  |                 | 2",
                "note{\"many\":2} |                 | 1",
                "last{\"many\":2} |                 | 1",
                "ask{\"many\":2}  | last{\"many\":2} | 1",
                "note{\"many\":2} | ask{\"many\":2}  | 2",
                "note{\"many\":0} |                 | 2", // a failure is for the model
            })
    void theModelIsAskedAboutOurResultsAsOurMethodsSay(String first, String second, int times) {
        Model model = second == null ? new Model(first) : new Model(first, second);
        Result<String> result = model.chat(Toolbox.of(new Ours()).asToolProvider());

        assertThat(model.requests).hasSize(times);
        assertThat(result.toolExecutions()).hasSize(second == null ? 1 : 2);
        assertThat(result.content()).isEqualTo(times == 1 ? null : "Done.");
    }

    @Test
    void theModelReadsOurOutputs() {
        Model model = new Model("ask{\"many\":0}");
        model.chat(Toolbox.of(new Ours()).asToolProvider());

        assertThat(model.requests.get(1).messages().get(2)).isInstanceOf(ToolExecutionResultMessage.class);
        assertThat(((ToolExecutionResultMessage)
                                model.requests.get(1).messages().get(2))
                        .text())
                .isEqualTo(
                        "{\"ok\":false,\"error\":{\"code\":\"invalid_arguments\","
                                + "\"message\":\"many must be greater than or equal to 1\","
                                + "\"violations\":[{\"argument\":\"many\",\"problem\":\"must be greater than or equal to 1\"}]}}");
    }

    private static ToolProvider theirs(ReturnBehavior behavior) {
        return request -> ToolProviderResult.builder()
                .add(
                        ToolSpecification.builder().name("weather").build(),
                        (call, memory) -> "sunny for " + request.chatMemoryId(),
                        behavior)
                .build();
    }

    @ParameterizedTest
    @CsvSource({"TO_LLM, 2", "IMMEDIATE, 1", "IMMEDIATE_IF_LAST, 1"})
    void whatAProviderSaysOfItsToolPassesThroughAToolbox(ReturnBehavior behavior, int times) {
        Model model = new Model("weather{}");
        Result<String> result = model.chat(
                Toolbox.builder().toolProvider(theirs(behavior)).build().asToolProvider());

        assertThat(model.requests).hasSize(times);
        assertThat(result.toolExecutions())
                .singleElement()
                .satisfies(execution ->
                        assertThat(execution.result()).isEqualTo("{\"ok\":true,\"result\":\"sunny for default\"}"));
    }

    @ParameterizedTest
    @CsvSource({"TO_LLM, false", "IMMEDIATE, true", "IMMEDIATE_IF_LAST, true"})
    void aVoiceSessionIsQuietAboutWhatAProviderCallsImmediate(ReturnBehavior behavior, boolean quiet) {
        try (FakeHandle session = new FakeHandle(new FakeClock())) {
            SessionPart part =
                    Toolbox.builder().toolProvider(theirs(behavior)).build().open(session);
            part.tools();
            session.loop().execute(() -> part.onToolRequest(new ToolRequest("c1", "weather", "{}", "r1", 1)));
            await().until(() -> session.outcomes.size() == 1);

            FakeHandle.Answer answer =
                    new FakeHandle.Answer("c1", "{\"ok\":true,\"result\":\"sunny for conversation-7\"}");
            assertThat(session.quiet).isEqualTo(quiet ? List.of(answer) : List.of());
            assertThat(session.answers).isEqualTo(quiet ? List.of() : List.of(answer));
        }
    }
}
