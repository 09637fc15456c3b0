package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolMemoryId;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.invocation.InvocationParameters;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.service.tool.AiServiceTool;
import dev.langchain4j.service.tool.ToolExecutionResult;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.langchain4j.service.tool.ToolProviderRequest;
import dev.langchain4j.service.tool.ToolProviderResult;
import dev.parley.core.Problem;
import dev.parley.core.event.ToolDefinition;
import dev.parley.testkit.FakeClock;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Future;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LangChain4jToolsTest {
    private static final ToolSpecification WEATHER = ToolSpecification.builder()
            .name("weather")
            .description("Tells the weather.")
            .parameters(JsonObjectSchema.builder()
                    .addStringProperty("city", "which")
                    .required("city")
                    .build())
            .build();

    /** LangChain4j's executors override the one with the context; the other must not be the one that is called. */
    private static ToolExecutor executor(String text, boolean error) {
        return new ToolExecutor() {
            @Override
            public String execute(ToolExecutionRequest request, Object memoryId) {
                throw new AssertionError("without its context");
            }

            @Override
            public ToolExecutionResult executeWithContext(ToolExecutionRequest request, InvocationContext context) {
                return ToolExecutionResult.builder()
                        .isError(error)
                        .resultText(text + " for " + request.arguments() + " of " + context.chatMemoryId())
                        .build();
            }
        };
    }

    static final class Ours {
        record Tree(String name, List<Tree> branches) {}

        @Tool("Counts.")
        String count(
                @P("how many") @Min(1) int many,
                Tree tree,
                @ToolMemoryId String memory,
                InvocationParameters parameters) {
            return many + " " + tree.branches().size() + " " + memory + " " + parameters.get("customer");
        }
    }

    private static String output(Toolbox toolbox, String name, String arguments) throws Exception {
        return toolbox.call(ToolCall.of(name, arguments), ToolContext.of("m1", java.util.Map.of("customer", "Asha")))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .output();
    }

    @Test
    void bringsTheirToolsIn() throws Exception {
        Toolbox toolbox =
                Toolbox.builder().tool(WEATHER, executor("sunny", false)).build();

        ToolDefinition definition = toolbox.definitions().get(0);
        assertThat(definition.name()).isEqualTo("weather");
        assertThat(definition.description()).isEqualTo("Tells the weather.");
        assertThat(definition.parametersJson())
                .isEqualTo(
                        "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\",\"description\":\"which\"}},"
                                + "\"required\":[\"city\"]}");
        assertThat(output(toolbox, "weather", "{\"city\":\"Kochi\"}"))
                .isEqualTo("{\"ok\":true,\"result\":\"sunny for {\\\"city\\\":\\\"Kochi\\\"} of m1\"}");
        assertThat(output(toolbox, "weather", "{")).contains("\"code\":\"invalid_json\"");
    }

    /** Equal specifications were once one key of a map, and the second executor took the place of the first. */
    @Test
    void twoToolsOfOneNameAreRefusedHoweverEqualTheyAre() {
        Toolbox.Builder twice = Toolbox.builder()
                .tool(WEATHER, executor("sunny", false))
                .tool(WEATHER.toBuilder().build(), executor("rainy", false));

        assertThatThrownBy(twice::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tool(weather): there are two tools named \"weather\"; give one of them another name with"
                        + " @Tool(name = …)");
    }

    @Test
    void asksProvidersWhenASessionBegins() {
        FakeHandle session = new FakeHandle(new FakeClock());
        Toolbox toolbox = Toolbox.builder()
                .tools(new Ours())
                .toolProvider(request -> ToolProviderResult.builder()
                        .add(WEATHER, executor("for " + request.chatMemoryId(), false))
                        .build())
                .toolProvider(request -> {
                    throw new IllegalStateException("no server");
                })
                .build();
        try (session) {
            assertThat(toolbox.open(session).tools())
                    .extracting(ToolDefinition::name)
                    .containsExactly("count", "weather");
        }
        assertThat(session.problems).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(Problem.Kind.TOOL_DEFINITION);
            assertThat(problem.message()).isEqualTo("a tool provider failed; its tools are left out");
            assertThat(problem.error()).hasMessage("no server");
        });
    }

    @Test
    void callsAProvidersToolOutsideASession() throws Exception {
        Toolbox toolbox = Toolbox.builder()
                .toolProvider(request -> ToolProviderResult.builder()
                        .add(WEATHER, executor("sunny", false))
                        .build())
                .build();

        assertThat(output(toolbox, "weather", "{}")).isEqualTo("{\"ok\":true,\"result\":\"sunny for {} of m1\"}");
        assertThat(output(toolbox, "nothing", "{}"))
                .contains("\"code\":\"unknown_tool\"")
                .contains("weather");
    }

    @Test
    void saysBusyWhereTheExecutorRefuses() throws Exception {
        Toolbox toolbox = Toolbox.builder()
                .tools(new Ours())
                .toolProvider(request -> ToolProviderResult.builder().build())
                .executor(task -> {
                    throw new java.util.concurrent.RejectedExecutionException("shut down");
                })
                .build();

        assertThat(output(toolbox, "weather", "{}")).contains("\"code\":\"busy\"");
        assertThat(output(toolbox, "count", "{}")).contains("\"code\":\"busy\"");
    }

    static final class Rich {
        record Branch(@Size(max = 9) String name, List<Branch> branches) {}

        enum Day {
            MON,
            TUE
        }

        @Tool("Everything at once.")
        void rich(
                @P("a code") @Pattern(regexp = "[A-Z]{2}|x") @Size(min = 1, max = 2) String code,
                @DecimalMin(value = "0.5", inclusive = false) BigDecimal price,
                @NotEmpty Set<Day> days,
                Map<Day, @Min(1) Integer> perDay,
                Optional<@Email String> mail,
                @P(value = "how many", defaultValue = "2") @Max(5) int many,
                @ValuesFrom("doctors") String doctor,
                @Future LocalDate date,
                Branch branch) {}

        List<String> doctors() {
            return List.of("Nair", "Thomas");
        }
    }

    @Test
    void theirSchemaIsOursKeywordByKeyword() throws Exception {
        Toolbox toolbox = Toolbox.of(new Rich());
        ObjectMapper json = new ObjectMapper();
        ToolSpecification specification = toolbox.asToolProvider()
                .provideTools(ToolProviderRequest.builder()
                        .invocationContext(context())
                        .userMessage(UserMessage.from("hello"))
                        .build())
                .aiServiceTools()
                .get(0)
                .toolSpecification();

        assertThat(json.readTree(specification.toJson()).path("parameters"))
                .isEqualTo(json.readTree(toolbox.definitions().get(0).parametersJson()));
        assertThat(specification.parameters().properties().values()).hasOnlyElementsOfType(JsonRawSchema.class);
        assertThat(specification.parameters().definitions().values()).hasOnlyElementsOfType(JsonRawSchema.class);
    }

    @Test
    void aCallOfNoConversationHasOneIdForAllThatAskAndNoOtherCallHasIt() throws Exception {
        List<Object> ids = new CopyOnWriteArrayList<>();
        Toolbox toolbox = Toolbox.builder()
                .toolProvider(request -> {
                    ids.add(request.chatMemoryId());
                    return ToolProviderResult.builder()
                            .add(WEATHER, (asked, memoryId) -> {
                                ids.add(memoryId);
                                return "sunny";
                            })
                            .build();
                })
                .interceptor(chain -> {
                    ids.add(chain.context().conversationId());
                    return chain.proceed(chain.call());
                })
                .build();
        for (int i = 0; i < 2; i++) {
            toolbox.call(ToolCall.of("weather", "{}")).toCompletableFuture().get(10, TimeUnit.SECONDS);
        }

        assertThat(ids).hasSize(6);
        assertThat(ids.subList(0, 3)).containsOnly(ids.get(0));
        assertThat(ids.subList(3, 6)).containsOnly(ids.get(3)).doesNotContain(ids.get(0));
    }

    /** Made anew from its schema it once lost its metadata, and whatever stood at the schema's root. */
    @Test
    void whatCameFromThemGoesBackAsItCame() {
        ToolSpecification plain = ToolSpecification.builder()
                .name("forecast")
                .parameters(JsonObjectSchema.builder()
                        .description("where")
                        .addStringProperty("city")
                        .build())
                .metadata(Map.of("title", "Forecast"))
                .strict(true)
                .build();
        Toolbox toolbox = Toolbox.builder()
                .tool(WEATHER, executor("sunny", false))
                .toolProvider(request -> ToolProviderResult.builder()
                        .add(plain, executor("rain", false))
                        .build())
                .build();
        ToolProviderRequest asked = ToolProviderRequest.builder()
                .invocationContext(context())
                .userMessage(UserMessage.from("hello"))
                .build();

        assertThat(toolbox.asToolProvider().provideTools(asked).aiServiceTools())
                .extracting(AiServiceTool::toolSpecification)
                .satisfiesExactly(
                        weather -> assertThat(weather).isSameAs(WEATHER),
                        forecast -> assertThat(forecast).isSameAs(plain));
    }

    @Test
    void givesOursToThem() {
        ToolProviderResult provided = Toolbox.of(new Ours())
                .asToolProvider()
                .provideTools(ToolProviderRequest.builder()
                        .invocationContext(context())
                        .userMessage(UserMessage.from("hello"))
                        .build());

        ToolSpecification specification = provided.aiServiceTools().get(0).toolSpecification();
        assertThat(specification.toJson().replaceAll("\\s", ""))
                .contains(
                        "\"many\":{\"type\":\"integer\",\"description\":\"howmany\",\"minimum\":1,\"maximum\":2147483647}")
                .contains("\"tree\":{\"$ref\":\"#/$defs/Tree\"}")
                .contains("\"$defs\":{\"Tree\":{\"type\":\"object\"")
                .contains("\"required\":[\"many\",\"tree\"]");
        ToolExecutor executor = provided.aiServiceTools().get(0).toolExecutor();
        assertThat(executor.executeWithContext(
                        request("{\"many\":2,\"tree\":{\"name\":\"a\",\"branches\":[]}}"), context()))
                .satisfies(result -> {
                    assertThat(result.isError()).isFalse();
                    assertThat(result.resultText()).isEqualTo("{\"ok\":true,\"result\":\"2 0 m9 Asha\"}");
                });
        assertThat(executor.executeWithContext(
                        request("{\"many\":0,\"tree\":{\"name\":\"a\",\"branches\":[]}}"), context()))
                .satisfies(result -> {
                    assertThat(result.isError()).isTrue();
                    assertThat(result.resultText()).contains("many must be greater than or equal to 1");
                });
    }

    private static ToolExecutionRequest request(String arguments) {
        return ToolExecutionRequest.builder()
                .id("c1")
                .name("count")
                .arguments(arguments)
                .build();
    }

    private static InvocationContext context() {
        return InvocationContext.builder()
                .chatMemoryId("m9")
                .invocationParameters(InvocationParameters.from("customer", "Asha"))
                .build();
    }
}
