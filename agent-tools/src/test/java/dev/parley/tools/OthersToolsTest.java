package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.langchain4j.service.tool.ToolProviderResult;
import dev.parley.core.Problem;
import dev.parley.core.SessionPart;
import dev.parley.core.ToolRequest;
import dev.parley.testkit.FakeClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whichever way LangChain4j's tools come in, what stands around our own stands around them. */
class OthersToolsTest {
    private static final ToolSpecification WEATHER =
            ToolSpecification.builder().name("weather").build();
    private static final String KOCHI = "{\"city\":\"Kochi\"}";

    private final FakeClock clock = new FakeClock();
    private final FakeHandle session = new FakeHandle(clock);
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private final AtomicInteger runs = new AtomicInteger();

    private final ToolExecutor sunny = (request, memoryId) -> {
        seen.add("runs " + request.arguments());
        return "sun no. " + runs.incrementAndGet();
    };

    private final ToolExecutor hanging = (request, memoryId) -> {
        seen.add("hangs");
        try {
            never.await();
        } catch (InterruptedException e) {
            seen.add("interrupted");
        }
        return "too late";
    };

    private enum Way {
        TOOL {
            @Override
            Toolbox.Builder with(ToolExecutor executor) {
                return Toolbox.builder().tool(WEATHER, executor);
            }
        },
        PROVIDER {
            @Override
            Toolbox.Builder with(ToolExecutor executor) {
                return Toolbox.builder()
                        .toolProvider(request -> ToolProviderResult.builder()
                                .add(WEATHER, executor)
                                .build());
            }
        };

        abstract Toolbox.Builder with(ToolExecutor executor);
    }

    @AfterEach
    void end() {
        session.close();
    }

    private SessionPart connected(Toolbox.Builder toolbox) {
        SessionPart part = toolbox.build().open(session);
        part.tools(); // as a session does when it connects: a provider is asked only then
        return part;
    }

    private void ask(SessionPart part, String responseId, String arguments) {
        session.loop().execute(() -> part.onToolRequest(new ToolRequest("c1", "weather", arguments, responseId)));
    }

    private List<String> answers(int count) {
        await().until(() -> session.answers.size() == count);
        return session.answers.stream().map(FakeHandle.Answer::output).toList();
    }

    @ParameterizedTest
    @EnumSource
    void anInterceptorStandsAroundThem(Way way) {
        SessionPart part = connected(way.with(sunny).interceptor(chain -> {
            seen.add("before " + chain.definition().name() + " " + chain.call().argumentsJson());
            return chain.proceed(new ToolCall(chain.call().callId(), "weather", "{\"city\":\"Thrissur\"}"))
                    .thenApply(result -> {
                        seen.add("after " + result.output());
                        return result;
                    });
        }));
        ask(part, "r1", KOCHI);

        assertThat(answers(1)).containsExactly("{\"ok\":true,\"result\":\"sun no. 1\"}");
        assertThat(seen)
                .containsExactly(
                        "before weather {\"city\":\"Kochi\"}",
                        "runs {\"city\":\"Thrissur\"}",
                        "after {\"ok\":true,\"result\":\"sun no. 1\"}");
    }

    @ParameterizedTest
    @EnumSource
    void anApproversNoKeepsThemFromRunning(Way way) {
        SessionPart part = connected(way.with(sunny)
                .approvalWhen(call -> call.name().equals("weather"))
                .approver((call, context) -> {
                    seen.add("asked for " + call.argumentsJson());
                    return CompletableFuture.completedStage(Approver.Decision.deny("Not today."));
                }));
        ask(part, "r1", KOCHI);

        assertThat(answers(1)).singleElement().asString().contains("\"code\":\"denied\"", "Not today.");
        assertThat(seen).containsExactly("asked for {\"city\":\"Kochi\"}");
    }

    @ParameterizedTest
    @EnumSource
    void oneThatTakesTooLongIsAnsweredAndInterrupted(Way way) {
        SessionPart part = connected(way.with(hanging));
        ask(part, "r1", KOCHI);
        await().until(() -> seen.contains("hangs"));
        clock.advance(Duration.ofSeconds(10).minusMillis(1));
        assertThat(session.answers).isEmpty();
        clock.advance(Duration.ofMillis(1));

        assertThat(answers(1))
                .containsExactly("{\"ok\":false,\"error\":{\"code\":\"timeout\",\"message\":\"weather did not finish"
                        + " within 10 s; whether it took effect is unknown, so check before you repeat it\"}}");
        await().until(() -> seen.contains("interrupted"));
    }

    /** They cannot say it themselves: an MCP server's tool of 12 s could once never succeed. */
    @ParameterizedTest
    @EnumSource
    void theToolboxSaysHowLongTheyMayTake(Way way) {
        SessionPart part = connected(way.with(hanging).timeout(Duration.ofSeconds(20)));
        ask(part, "r1", KOCHI);
        await().until(() -> seen.contains("hangs"));
        clock.advance(Duration.ofSeconds(12));
        assertThat(session.answers).isEmpty();
        never.countDown();

        assertThat(answers(1)).containsExactly("{\"ok\":true,\"result\":\"too late\"}");
        assertThat(seen).containsExactly("hangs");
    }

    @ParameterizedTest
    @EnumSource
    void aCallThatComesAgainIsAnsweredFromTheLedger(Way way) {
        SessionPart part = connected(way.with(sunny));
        ask(part, "r1", KOCHI);
        answers(1);
        ask(part, "r2", KOCHI);

        String first = "{\"ok\":true,\"result\":\"sun no. 1\"}";
        assertThat(answers(2)).containsExactly(first, first);
        assertThat(runs).hasValue(1);
        assertThat(session.problems)
                .extracting(Problem::message)
                .containsExactly("the tool call id c1 came again; it was answered as before and not run again");
    }
}
