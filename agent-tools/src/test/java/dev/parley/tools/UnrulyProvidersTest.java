package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.langchain4j.service.tool.ToolProvider;
import dev.langchain4j.service.tool.ToolProviderResult;
import dev.parley.testkit.FakeClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A provider that hangs, throws or is gone costs the call that asks it, in that call's own time and place. */
@Timeout(60)
class UnrulyProvidersTest {
    private static final ToolSpecification WEATHER =
            ToolSpecification.builder().name("weather").build();
    private static final ToolExecutor SUNNY = (request, memoryId) -> "sunny";
    private static final String SUN = "{\"ok\":true,\"result\":\"sunny\"}";

    private final FakeClock clock = new FakeClock(Instant.parse("2026-11-21T10:00:00Z"));
    private final AtomicReference<ToolProvider> behaviour = new AtomicReference<>(request -> sunny());
    private final List<String> measured = new CopyOnWriteArrayList<>();

    private static ToolProviderResult sunny() {
        return ToolProviderResult.builder().add(WEATHER, SUNNY).build();
    }

    private Toolbox.Builder builder() {
        return Toolbox.builder()
                .toolProvider(request -> behaviour.get().provideTools(request))
                .clock(clock)
                .meter(measure -> measured.add(measure.tool() + " " + measure.errorCode()))
                .mostCallsAtOnce(1, 1);
    }

    private static CompletableFuture<ToolResult> call(Toolbox toolbox, String tool) {
        return toolbox.call(ToolCall.of(tool, "{}")).toCompletableFuture();
    }

    private static String output(CompletableFuture<ToolResult> call) {
        await().until(call::isDone);
        return call.join().output();
    }

    @Test
    void oneThatHangsIsInterruptedAtTheCallsTimeoutAndGivesThePlaceBack() {
        CountDownLatch never = new CountDownLatch(1);
        AtomicBoolean isAsked = new AtomicBoolean();
        AtomicBoolean isInterrupted = new AtomicBoolean();
        behaviour.set(request -> {
            isAsked.set(true);
            try {
                never.await();
            } catch (InterruptedException e) {
                isInterrupted.set(true);
            }
            return sunny();
        });
        Toolbox toolbox = builder().build();
        CompletableFuture<ToolResult> call = call(toolbox, "weather");
        await().untilTrue(isAsked);

        assertThat(output(call(toolbox, "weather"))).contains("\"code\":\"busy\"");
        clock.advance(Duration.ofSeconds(10));

        assertThat(output(call))
                .isEqualTo(
                        "{\"ok\":false,\"error\":{\"code\":\"timeout\",\"message\":\"weather could not begin within 10 s"
                                + " and was not run; it may be called again\"}}");
        await().untilTrue(isInterrupted);
        behaviour.set(request -> sunny());
        await().until(() -> output(call(toolbox, "weather")).equals(SUN));
        assertThat(measured.subList(0, 2)).containsExactly("(unknown) busy", "(unknown) timeout");
        assertThat(measured).last().isEqualTo("weather null");
    }

    @Test
    void itsToolsTimeIsTheToolboxesTooWhereAskingForThemTakesIt() {
        CountDownLatch never = new CountDownLatch(1);
        AtomicBoolean isAsked = new AtomicBoolean();
        behaviour.set(request -> {
            isAsked.set(true);
            try {
                never.await();
            } catch (InterruptedException e) {
                // The call is over.
            }
            return sunny();
        });
        CompletableFuture<ToolResult> call =
                call(builder().timeout(Duration.ofSeconds(20)).build(), "weather");
        await().untilTrue(isAsked);
        clock.advance(Duration.ofSeconds(20).minusMillis(1));
        assertThat(call).isNotDone();
        clock.advance(Duration.ofMillis(1));

        assertThat(output(call)).contains("weather could not begin within 20 s");
    }

    /** The tool may well be there: that there is none of its name would be a false statement. */
    @Test
    void oneThatThrowsFailsTheCallsOfItsTools() {
        behaviour.set(request -> {
            throw new AssertionError("no server");
        });
        Toolbox toolbox = builder().build();
        for (int i = 0; i < 3; i++) {
            await().until(() -> output(call(toolbox, "weather"))
                    .matches("\\{\"ok\":false,\"error\":\\{\"code\":\"failed\",\"message\":\"weather failed for a"
                            + " technical reason \\(incident [0-9a-f]{8}\\); do not say that it worked\"}}"));
        }
        behaviour.set(request -> sunny());
        await().until(() -> output(call(toolbox, "weather")).equals(SUN));
        await().until(() -> output(call(toolbox, "tides"))
                .equals("{\"ok\":false,\"error\":{\"code\":\"unknown_tool\",\"message\":\"there is no tool named"
                        + " \\\"tides\\\"; the tools are: weather\"}}"));
    }

    @Test
    void oneThatThrowsDoesNotKeepAnothersToolsFromTheirCalls() {
        Toolbox toolbox = Toolbox.builder()
                .toolProvider(request -> {
                    throw new AssertionError("no server");
                })
                .toolProvider(request -> sunny())
                .clock(clock)
                .build();

        assertThat(output(call(toolbox, "weather"))).isEqualTo(SUN);
    }

    @Test
    void theToolRunsOnTheThreadThatAskedForItSoOneThreadIsEnough() {
        ThreadPoolExecutor one = new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>());
        try {
            assertThat(output(call(builder().executor(one).build(), "weather"))).isEqualTo(SUN);
        } finally {
            one.shutdown();
        }
    }

    @Test
    void anExecutorThatRefusesGivesThePlaceBack() {
        AtomicInteger refusals = new AtomicInteger();
        Toolbox toolbox = builder()
                .executor(task -> {
                    if (refusals.incrementAndGet() <= 3) {
                        throw refusals.get() == 1
                                ? new RejectedExecutionException("full")
                                : new IllegalStateException("shut down");
                    }
                    task.run();
                })
                .build();
        for (int i = 0; i < 3; i++) {
            assertThat(output(call(toolbox, "weather"))).contains("\"code\":\"busy\"");
        }
        assertThat(output(call(toolbox, "weather"))).isEqualTo(SUN);
    }
}
