package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.agent.tool.ToolSpecifications;
import dev.langchain4j.exception.ToolExecutionException;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.service.tool.DefaultToolExecutor;
import dev.langchain4j.service.tool.ToolExecutionResult;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.langchain4j.service.tool.ToolProviderResult;
import java.lang.reflect.Method;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a tool of LangChain4j's says of an error may be any exception's text: the model reads it only if it may. */
class TheirErrorsTest {
    private static final String INCIDENT =
            "\\{\"ok\":false,\"error\":\\{\"code\":\"failed\",\"message\":\"lookUp failed for a technical reason \\(incident"
                    + " [0-9a-f]{8}\\); do not say that it worked\"}}";

    @SuppressWarnings("DoNotCallSuggester") // a tool that throws is the point
    static final class Theirs {
        @Tool("Looks something up.")
        String lookUp() {
            throw new IllegalStateException("jdbc:secret://db, user root");
        }
    }

    private static final Method METHOD = Theirs.class.getDeclaredMethods()[0];
    private static final ToolSpecification LOOK_UP = ToolSpecifications.toolSpecificationFrom(METHOD);

    private static ToolExecutor answering(ToolExecutionResult result) {
        return new ToolExecutor() {
            @Override
            public String execute(ToolExecutionRequest request, Object memoryId) {
                throw new AssertionError("without its context");
            }

            @Override
            public ToolExecutionResult executeWithContext(ToolExecutionRequest request, InvocationContext context) {
                return result;
            }
        };
    }

    private static ToolExecutor theirUsual() {
        METHOD.setAccessible(true);
        return new DefaultToolExecutor(new Theirs(), METHOD);
    }

    static Stream<Arguments> errors() {
        return Stream.of(
                Arguments.of("their usual executor's", theirUsual(), "jdbc:secret://db, user root"),
                Arguments.of(
                        "an error's result",
                        answering(ToolExecutionResult.builder()
                                .isError(true)
                                .resultText("no such city")
                                .build()),
                        "no such city"),
                Arguments.of(
                        "an MCP client's exception",
                        (ToolExecutor) (request, memoryId) -> {
                            throw new ToolExecutionException("no such city");
                        },
                        "no such city"));
    }

    private static String output(Toolbox toolbox) throws Exception {
        return toolbox.call(ToolCall.of("lookUp", "{}"))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .output();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("errors")
    void areAnIncidentToTheModel(String what, ToolExecutor executor, String text) throws Exception {
        assertThat(output(Toolbox.builder().tool(LOOK_UP, executor).build())).matches(INCIDENT);
        assertThat(output(Toolbox.builder()
                        .toolProvider(request -> ToolProviderResult.builder()
                                .add(LOOK_UP, executor)
                                .build())
                        .build()))
                .matches(INCIDENT);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("errors")
    void areReadByTheModelWhereTheBuilderSaysSo(String what, ToolExecutor executor, String text) throws Exception {
        assertThat(output(Toolbox.builder()
                        .tool(LOOK_UP, executor)
                        .tellTheirErrors()
                        .build()))
                .isEqualTo("{\"ok\":false,\"error\":{\"code\":\"failed\",\"message\":\"" + text + "\"}}");
    }

    @Test
    void ofOtherKindsStayIncidentsEvenThen() throws Exception {
        ToolExecutor throwing = (request, memoryId) -> {
            throw new IllegalStateException("jdbc:secret://db");
        };
        assertThat(output(Toolbox.builder()
                        .tool(LOOK_UP, throwing)
                        .tellTheirErrors()
                        .build()))
                .matches(INCIDENT);
    }
}
