package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.parley.testkit.FakeClock;
import jakarta.validation.constraints.FutureOrPresent;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tools and interceptors that misbehave cost their own call alone: each once kept its place for good, or broke connect(). */
class HostileToolsTest {

    static final class Unwritable {
        private final boolean readable = false;

        public String getX() {
            if (readable) {
                return "x";
            }
            throw new AssertionError("no");
        }
    }

    static final class Tools {
        @Tool
        CompletionStage<Unwritable> later() {
            return CompletableFuture.completedFuture(new Unwritable());
        }

        @Tool
        String fine() {
            return "fine";
        }

        @Tool
        BigDecimal number(BigDecimal d) {
            return d;
        }

        @Tool
        String choose(@P("one") @ValuesFrom("lazily") String one) {
            return one;
        }

        Stream<String> lazily() {
            return Stream.of("a").map(each -> {
                throw new IllegalStateException("the database is away");
            });
        }
    }

    @Test
    void aResultThatCannotBeWrittenGivesItsPlaceBack() throws Exception {
        Toolbox toolbox =
                Toolbox.builder().tools(new Tools()).mostCallsAtOnce(1, 1).build();
        for (int i = 0; i < 3; i++) {
            // The place comes back a moment after the answer.
            await().until(() -> call(toolbox, "later", "{}").contains("\"code\":\"failed\""));
        }
        await().until(() -> call(toolbox, "fine", "{}").equals("{\"ok\":true,\"result\":\"fine\"}"));
    }

    @Test
    void anInterceptorWithoutAnAnswerIsAFailureOfItsCall() throws Exception {
        Toolbox toolbox = Toolbox.builder()
                .tools(new Tools())
                .interceptor(chain -> null)
                .mostCallsAtOnce(1, 1)
                .build();
        for (int i = 0; i < 3; i++) {
            await().until(() -> call(toolbox, "fine", "{}").contains("\"code\":\"failed\""));
        }
    }

    @Test
    void aNumberWithoutMeasureIsRefused() throws Exception {
        assertThat(call(Toolbox.of(new Tools()), "number", "{\"d\":1e99999999999}"))
                .startsWith("{\"ok\":false,\"error\":{\"code\":\"")
                .doesNotContain("\"code\":\"failed\"");
    }

    @Test
    void aLazySourceThatThrowsLeavesTheEnumOut() {
        assertThat(Toolbox.of(new Tools()).definitions())
                .filteredOn(tool -> tool.name().equals("choose"))
                .allSatisfy(tool -> assertThat(tool.parametersJson()).doesNotContain("enum"))
                .hasSize(1);
    }

    @Test
    void calledOutsideASessionTheyGoByTheClockThatATestOwns() throws Exception {
        FakeClock clock = new FakeClock(Instant.parse("2030-06-15T12:00:00Z"));
        Toolbox toolbox = Toolbox.builder().tools(new Endless()).clock(clock).build();
        assertThat(call(toolbox, "book", "{\"day\":\"2030-06-13\"}")).contains("must be today or later");
        assertThat(call(toolbox, "book", "{\"day\":\"2030-06-17\"}")).isEqualTo("{\"ok\":true,\"result\":true}");
        var answer = toolbox.call(ToolCall.of("wait", "{}")).toCompletableFuture();
        await().until(() -> clock.pendingTimers() > 0);
        clock.advance(Duration.ofSeconds(11));
        assertThat(answer.get(20, TimeUnit.SECONDS).output()).contains("\"code\":\"timeout\"");
    }

    static final class Endless {
        @Tool(name = "wait")
        void waits() throws InterruptedException {
            new CountDownLatch(1).await();
        }

        @Tool
        boolean book(@P("the day") @FutureOrPresent LocalDate day) {
            return true;
        }
    }

    private static String call(Toolbox toolbox, String tool, String arguments) throws Exception {
        return toolbox.call(ToolCall.of(tool, arguments))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS)
                .output();
    }
}
