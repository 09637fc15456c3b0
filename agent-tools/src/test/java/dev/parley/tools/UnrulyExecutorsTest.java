package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.Tool;
import dev.parley.testkit.FakeClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tools' executors: Parley's own, and an application's that refuses in every way. An executor that threw an error, as one
 * does that gets no more threads, once left a call without an answer and its place taken.
 */
class UnrulyExecutorsTest {
    private static final String BUSY = "{\"ok\":false,\"error\":{\"code\":\"busy\",\"message\":\"too many calls are"
            + " running; wait for their results, then try again\"}}";
    private static final String FINE = "{\"ok\":true,\"result\":\"fine\"}";

    private final AtomicReference<Executor> behaviour = new AtomicReference<>(Runnable::run);
    private final Tools tools = new Tools();

    static final class Tools {
        final AtomicInteger runs = new AtomicInteger();
        final CompletableFuture<String> later = new CompletableFuture<>();

        @Tool
        String quick() {
            runs.incrementAndGet();
            return "fine";
        }

        @Tool
        @ToolPolicy(serial = true)
        String turn() {
            return quick();
        }

        @Tool
        CompletionStage<String> later() {
            runs.incrementAndGet();
            return later;
        }

        @Tool
        @ToolPolicy(approval = true)
        String approved() {
            return quick();
        }

        @Tool
        boolean virtual() throws ReflectiveOperationException {
            return (boolean) Thread.class.getMethod("isVirtual").invoke(Thread.currentThread());
        }
    }

    private Toolbox.Builder builder() {
        return Toolbox.builder()
                .tools(tools)
                .approver((call, context) -> CompletableFuture.completedStage(Approver.Decision.approve()))
                .executor(task -> behaviour.get().execute(task))
                .mostCallsAtOnce(1, 1);
    }

    private static String output(Toolbox toolbox, String tool) {
        CompletableFuture<ToolResult> call =
                toolbox.call(ToolCall.of(tool, "{}")).toCompletableFuture();
        await().until(call::isDone);
        return call.join().output();
    }

    private static Executor refusing(String how) {
        return task -> {
            switch (how) {
                case "rejects" -> throw new RejectedExecutionException("full");
                case "throws" -> throw new IllegalStateException("shut down");
                default -> throw new OutOfMemoryError("unable to create native thread");
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"rejects", "throws", "has no threads"})
    void whatRefusesIsBusyAndLosesNoPlace(String how) {
        Toolbox toolbox = builder().build();
        for (String tool : new String[] {"quick", "turn", "approved"}) {
            behaviour.set(refusing(how));
            assertThat(output(toolbox, tool)).isEqualTo(BUSY);
            behaviour.set(Runnable::run);
            assertThat(output(toolbox, tool)).isEqualTo(FINE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rejects", "throws", "has no threads"})
    void whatRefusesOnceTheCallWasApprovedIsBusyAndTheToolIsNotRun(String how) {
        AtomicInteger times = new AtomicInteger();
        Toolbox toolbox = builder().build();
        behaviour.set(task -> {
            if (times.getAndIncrement() == 0) {
                task.run();
            } else {
                refusing(how).execute(task);
            }
        });

        assertThat(output(toolbox, "approved")).isEqualTo(BUSY);
        assertThat(tools.runs).hasValue(0);
        behaviour.set(Runnable::run);
        assertThat(output(toolbox, "approved")).isEqualTo(FINE);
    }

    @Test
    void whatRunsATaskTwiceRunsATooOnce() {
        Toolbox toolbox = builder().build();
        behaviour.set(task -> {
            task.run();
            task.run();
        });

        assertThat(output(toolbox, "quick")).isEqualTo(FINE);
        assertThat(output(toolbox, "approved")).isEqualTo(FINE);
        assertThat(tools.runs).hasValue(2);
    }

    @Test
    void whatThrowsOnceItRanTheTaskDoesNotAnswerForTheTool() {
        Toolbox toolbox = builder().build();
        behaviour.set(task -> {
            task.run();
            throw new IllegalStateException("after the task");
        });
        CompletableFuture<ToolResult> call =
                toolbox.call(ToolCall.of("later", "{}")).toCompletableFuture();

        assertThat(call).isNotDone();
        tools.later.complete("fine");
        await().until(call::isDone);
        assertThat(call.join().output()).isEqualTo(FINE);
        assertThat(tools.runs).hasValue(1);
    }

    @Test
    void aCallThatWaitedTooLongForAThreadSaysThatItWasNotRunAndIsNotRunLater() {
        FakeClock clock = new FakeClock(Instant.parse("2026-11-21T10:00:00Z"));
        AtomicReference<Runnable> kept = new AtomicReference<>();
        Toolbox toolbox = builder().clock(clock).build();
        behaviour.set(kept::set);
        CompletableFuture<ToolResult> call =
                toolbox.call(ToolCall.of("quick", "{}")).toCompletableFuture();
        clock.advance(Duration.ofSeconds(10));

        await().until(call::isDone);
        assertThat(call.join().output())
                .isEqualTo(
                        "{\"ok\":false,\"error\":{\"code\":\"timeout\",\"message\":\"quick could not begin within 10 s"
                                + " and was not run; it may be called again\"}}");
        kept.get().run();
        assertThat(tools.runs).hasValue(0);
        behaviour.set(Runnable::run);
        assertThat(output(toolbox, "quick")).isEqualTo(FINE);
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void ofParleysOwnAreVirtualThreadsWhereTheJvmHasThem() {
        Toolbox toolbox = Toolbox.builder()
                .tools(tools)
                .approver((call, context) -> CompletableFuture.completedStage(Approver.Decision.approve()))
                .build();

        assertThat(output(toolbox, "virtual")).isEqualTo("{\"ok\":true,\"result\":true}");
    }

    @Test
    void ofParleysOwnAreDaemonsWhereTheJvmHasNoVirtualThreads() {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        ToolThreads.daemons().execute(() -> thread.complete(Thread.currentThread()));

        await().until(thread::isDone);
        assertThat(thread.join().isDaemon()).isTrue();
        assertThat(thread.join().getName()).isEqualTo("parley-tool-0");
    }
}
