package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.Tool;
import dev.parley.core.Interruption;
import dev.parley.core.Problem;
import dev.parley.core.SessionPart;
import dev.parley.core.ToolRequest;
import dev.parley.testkit.FakeClock;
import jakarta.validation.constraints.FutureOrPresent;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ToolsPartTest {
    private final FakeClock clock = new FakeClock(Instant.parse("2026-11-21T10:00:00Z"));
    private final FakeHandle session = new FakeHandle(clock);
    private final Tools tools = new Tools();
    private final Toolbox toolbox =
            Toolbox.builder().tools(tools).mostCallsAtOnce(2, 3).build();
    private final SessionPart part = toolbox.open(session);

    static final class Tools {
        final CountDownLatch release = new CountDownLatch(1);
        final CompletableFuture<String> later = new CompletableFuture<>();
        final AtomicInteger runs = new AtomicInteger();
        final AtomicInteger atOnce = new AtomicInteger();
        final AtomicInteger mostAtOnce = new AtomicInteger();
        final AtomicBoolean interrupted = new AtomicBoolean();
        volatile List<String> values = List.of();

        @Tool
        String where(ToolContext context) {
            runs.incrementAndGet();
            return context.conversationId() + "/" + context.callId() + "/" + context.attributes();
        }

        @Tool
        void pick(@ValuesFrom("values") String value) {}

        List<String> values() {
            if (values.isEmpty()) {
                throw new IllegalStateException("no database");
            }
            return values;
        }

        @Tool
        @ToolPolicy(timeout = "200ms")
        String slow() {
            return hold();
        }

        @Tool
        @ToolPolicy(timeout = "5s", onInterrupt = ToolPolicy.OnInterrupt.CANCEL)
        String look() {
            return hold();
        }

        @Tool
        @ToolPolicy(timeout = "2m")
        String act() {
            return hold();
        }

        @Tool
        CompletionStage<String> promise() {
            return later;
        }

        @Tool
        @ToolPolicy(serial = true)
        String turn() {
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            String held = hold();
            atOnce.decrementAndGet();
            return held;
        }

        @Tool
        String when(@FutureOrPresent LocalDate date) {
            return date.toString();
        }

        private String hold() {
            runs.incrementAndGet();
            try {
                release.await();
                return "done";
            } catch (InterruptedException e) {
                interrupted.set(true);
                throw new IllegalStateException(e);
            }
        }
    }

    @AfterEach
    void end() {
        tools.release.countDown();
        session.close();
    }

    private void ask(String callId, String name, String arguments) {
        session.loop().execute(() -> part.onToolRequest(new ToolRequest(callId, name, arguments, null)));
    }

    private String only(String callId) {
        await().until(() -> session.outcomes.stream()
                .anyMatch(each -> each.request().callId().equals(callId)));
        assertThat(session.answers)
                .filteredOn(each -> each.callId().equals(callId))
                .hasSize(1);
        return session.answers.stream()
                .filter(each -> each.callId().equals(callId))
                .findFirst()
                .orElseThrow()
                .output();
    }

    @Test
    void givesAToolItsConversation() {
        ask("c1", "where", "{}");

        assertThat(only("c1")).isEqualTo("{\"ok\":true,\"result\":\"conversation-7/c1/{customer=Asha}\"}");
        assertThat(session.outcomes).singleElement().satisfies(outcome -> {
            assertThat(outcome.ok()).isTrue();
            assertThat(outcome.errorCode()).isNull();
            assertThat(outcome.output()).isEqualTo(only("c1"));
        });
    }

    @Test
    void answersForAToolThatNobodyKnows() {
        ask("c1", "", "{}");

        assertThat(only("c1"))
                .isEqualTo("{\"ok\":false,\"error\":{\"code\":\"unknown_tool\",\"message\":\"there is no tool named"
                        + " \\\"\\\"; the tools are: act, look, pick, promise, slow, turn, when, where\"}}");
        assertThat(session.outcomes.get(0).errorCode()).isEqualTo("unknown_tool");
    }

    @Test
    void interruptsACallThatTakesTooLong() {
        ask("c1", "slow", "{}");
        await().until(() -> tools.runs.get() == 1);
        clock.advance(Duration.ofMillis(199));
        assertThat(session.answers).isEmpty();
        clock.advance(Duration.ofMillis(1));

        assertThat(only("c1"))
                .isEqualTo("{\"ok\":false,\"error\":{\"code\":\"timeout\",\"message\":\"slow did not finish within"
                        + " 200 ms; whether it took effect is unknown, so check before you repeat it\"}}");
        assertThat(session.outcomes.get(0).took()).isEqualTo(Duration.ofMillis(200));
        await().untilTrue(tools.interrupted);
    }

    @Test
    void stopsOnlyWhatMayBeStoppedWhenTheCallerInterrupts() {
        ask("c1", "look", "{}");
        ask("c2", "act", "{}");
        await().until(() -> tools.runs.get() == 2);
        session.loop()
                .execute(() -> part.onInterrupted(
                        new Interruption(Interruption.Cause.CALLER_SPOKE, null, null, Duration.ZERO)));

        assertThat(only("c1"))
                .isEqualTo("{\"ok\":false,\"error\":{\"code\":\"cancelled\",\"message\":\"look was stopped because the"
                        + " caller interrupted\"}}");
        assertThat(session.answers).hasSize(1);
        tools.release.countDown();
        assertThat(only("c2")).isEqualTo("{\"ok\":true,\"result\":\"done\"}");
    }

    @Test
    void whatOnlyReadsIsToldThatTheConversationEnded() {
        ask("c1", "look", "{}");
        await().until(() -> tools.runs.get() == 1);
        session.loop().execute(part::ending);

        assertThat(only("c1"))
                .isEqualTo("{\"ok\":false,\"error\":{\"code\":\"cancelled\",\"message\":\"look was stopped because the"
                        + " conversation ended\"}}");
    }

    @Test
    void awaitsAStageAndCancelsItAtTheTimeout() {
        ask("c1", "promise", "{}");
        ask("c2", "where", "{}");
        only("c2");
        clock.advance(Duration.ofSeconds(10));

        assertThat(only("c1")).contains("\"code\":\"timeout\"");
        await().until(tools.later::isCancelled);
    }

    @Test
    void letsSerialCallsTakeTurns() {
        ask("c1", "turn", "{}");
        ask("c2", "turn", "{}");
        await().until(() -> tools.runs.get() == 1);
        tools.release.countDown();

        assertThat(only("c1")).isEqualTo("{\"ok\":true,\"result\":\"done\"}");
        assertThat(only("c2")).isEqualTo("{\"ok\":true,\"result\":\"done\"}");
        assertThat(tools.mostAtOnce).hasValue(1);
    }

    @Test
    void saysBusyInsteadOfQueueing() {
        ask("c1", "act", "{}");
        ask("c2", "act", "{}");
        ask("c3", "act", "{}");

        assertThat(only("c3"))
                .isEqualTo("{\"ok\":false,\"error\":{\"code\":\"busy\",\"message\":\"too many calls are running; wait"
                        + " for their results, then try again\"}}");
        tools.release.countDown();
        only("c1");
        only("c2");
        ask("c4", "where", "{}");
        assertThat(only("c4")).startsWith("{\"ok\":true");
    }

    @Test
    void tellsOfLiveValuesThatCannotBeRead() {
        assertThat(part.tools().stream()
                        .filter(each -> each.name().equals("pick"))
                        .findFirst()
                        .orElseThrow()
                        .parametersJson())
                .isEqualTo("{\"type\":\"object\",\"properties\":{\"value\":{\"type\":\"string\"}},"
                        + "\"required\":[\"value\"],\"additionalProperties\":false}");
        assertThat(session.problems).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(Problem.Kind.TOOL_DEFINITION);
            assertThat(problem.message()).isEqualTo("Tools.values threw; the schema lists no values");
            assertThat(problem.error()).hasMessage("no database");
        });
        ask("c1", "pick", "{\"value\":\"x\"}");
        assertThat(only("c1")).contains("\"code\":\"failed\"").doesNotContain("database");
    }

    @Test
    void knowsTodayByTheSessionsClock() {
        ask("c1", "when", "{\"date\":\"2026-11-21\"}");
        ask("c2", "when", "{\"date\":\"2026-11-20\"}");

        assertThat(only("c1")).isEqualTo("{\"ok\":true,\"result\":\"2026-11-21\"}");
        assertThat(only("c2")).contains("date must be today or later");
    }
}
