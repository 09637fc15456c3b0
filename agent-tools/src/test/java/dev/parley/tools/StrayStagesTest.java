package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.Tool;
import dev.parley.testkit.FakeClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Tools answer with whatever stage a library gives them. None of them may keep its call's place, or stall the voice. */
class StrayStagesTest {
    private static final String FINE = "{\"ok\":true,\"result\":\"fine\"}";

    private final FakeClock clock = new FakeClock(Instant.parse("2026-11-21T10:00:00Z"));
    private final Tools tools = new Tools();
    private final Toolbox toolbox =
            Toolbox.builder().tools(tools).clock(clock).mostCallsAtOnce(1, 1).build();

    /** A stage as the contract allows it: it is no future, and says so. */
    private static class NoFuture extends CompletableFuture<String> {
        @Override
        public CompletableFuture<String> toCompletableFuture() {
            throw new UnsupportedOperationException("not a future");
        }
    }

    private static final class Twice extends CompletableFuture<String> {
        @Override
        public CompletableFuture<String> whenComplete(BiConsumer<? super String, ? super Throwable> action) {
            var unused = super.whenComplete(action);
            return super.whenComplete(action);
        }
    }

    private static final class Deaf extends CompletableFuture<String> {
        @Override
        public CompletableFuture<String> whenComplete(BiConsumer<? super String, ? super Throwable> action) {
            throw new IllegalStateException("nobody may listen");
        }
    }

    static final class Tools {
        volatile CompletableFuture<String> stage = new CompletableFuture<>();

        @Tool
        CompletionStage<String> given() {
            return stage;
        }

        @Tool
        CompletionStage<String> guarded() {
            return stage.minimalCompletionStage();
        }

        @Tool
        @ToolPolicy(serial = true)
        CompletionStage<String> inTurn() {
            return stage.minimalCompletionStage();
        }

        @Tool
        @ToolPolicy(serial = true)
        String quick() {
            return "fine";
        }

        @Tool
        String waits() throws ExecutionException, InterruptedException {
            return stage.get();
        }
    }

    private CompletableFuture<ToolResult> call(String tool) {
        return toolbox.call(ToolCall.of(tool, "{}")).toCompletableFuture();
    }

    private static String output(CompletableFuture<ToolResult> call) {
        await().until(call::isDone);
        return call.join().output();
    }

    /** The place of the call before comes back a moment after its answer. */
    private void assertPlaceIsFree() {
        await().until(() -> output(call("quick")).equals(FINE));
    }

    @Test
    void aStageThatIsNoFutureIsAwaitedLikeAnother() {
        tools.stage = new NoFuture();
        CompletableFuture<ToolResult> call = call("given");
        tools.stage.complete("fine");

        assertThat(output(call)).isEqualTo(FINE);
        assertPlaceIsFree();
    }

    @Test
    void aStageThatNeverCompletesAndCannotBeCancelledGivesItsPlaceBackAtTheTimeout() {
        for (String tool : new String[] {"guarded", "guarded", "inTurn"}) {
            CompletableFuture<ToolResult> call = call(tool);
            await().until(() -> clock.pendingTimers() == 1);
            await().until(() -> tools.stage.getNumberOfDependents() > 0);
            clock.advance(Duration.ofSeconds(10));

            assertThat(output(call))
                    .isEqualTo("{\"ok\":false,\"error\":{\"code\":\"timeout\",\"message\":\"" + tool
                            + " did not finish within 10 s; whether it took effect is unknown, so check before you"
                            + " repeat it\"}}");
            assertPlaceIsFree();
            tools.stage = new CompletableFuture<>();
        }
    }

    @Test
    void aStageThatTellsOfItsEndTwiceGivesOnePlaceBack() {
        tools.stage = new Twice();
        CompletableFuture<ToolResult> twice = call("given");
        tools.stage.complete("fine");
        assertThat(output(twice)).isEqualTo(FINE);
        assertPlaceIsFree();

        tools.stage = new CompletableFuture<>();
        await().until(() -> !output(call("quick")).contains("busy"));
        CompletableFuture<ToolResult> holds = call("given");
        assertThat(output(call("quick"))).contains("\"code\":\"busy\"");
        tools.stage.complete("fine");
        assertThat(output(holds)).isEqualTo(FINE);
    }

    @Test
    void aStageThatLetsNobodyListenIsAFailure() {
        tools.stage = new Deaf();

        assertThat(output(call("given"))).contains("\"code\":\"failed\"").doesNotContain("nobody may listen");
        assertPlaceIsFree();
    }

    @Test
    void aStageThatTheToolItselfCancelledIsAFailure() {
        tools.stage.cancel(true);

        assertThat(output(call("given"))).contains("\"code\":\"failed\"");
        assertPlaceIsFree();
    }

    @Test
    void whatWaitingWrapsAroundAToolExceptionIsNotWhatWasThrown() {
        tools.stage.completeExceptionally(new ToolException("Ask for the name again."));

        for (String tool : new String[] {"given", "waits"}) {
            assertThat(output(call(tool)))
                    .isEqualTo(
                            "{\"ok\":false,\"error\":{\"code\":\"failed\",\"message\":\"Ask for the name again.\"}}");
            assertPlaceIsFree();
        }
    }
}
