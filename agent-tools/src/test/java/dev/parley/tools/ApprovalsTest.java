package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.Tool;
import dev.parley.core.CloseReason;
import dev.parley.core.Interruption;
import dev.parley.core.SessionPart;
import dev.parley.core.ToolRequest;
import dev.parley.testkit.FakeClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Approval fails closed, in bounded time, and what nobody waits for any more is not run when somebody says yes after all. */
@Timeout(60)
class ApprovalsTest {
    private static final String LATE =
            "{\"ok\":false,\"error\":{\"code\":\"denied\",\"message\":\"nobody approved refund in time\"}}";

    private final FakeClock clock = new FakeClock(Instant.parse("2026-11-21T10:00:00Z"));
    private final FakeHandle session = new FakeHandle(clock);
    private final Tools tools = new Tools();
    private final AtomicReference<Approver> approver = new AtomicReference<>();
    private final Toolbox toolbox = Toolbox.builder()
            .tools(tools)
            .approver((call, context) -> approver.get().ask(call, context))
            .mostCallsAtOnce(1, 1)
            .clock(clock)
            .build();

    static final class Tools {
        final AtomicInteger runs = new AtomicInteger();

        @Tool
        @ToolPolicy(approval = true)
        String refund() {
            runs.incrementAndGet();
            return "refunded";
        }

        @Tool
        @ToolPolicy(approval = true, onInterrupt = ToolPolicy.OnInterrupt.CANCEL)
        String look() {
            return refund();
        }

        @Tool
        String free() {
            return "free";
        }
    }

    @AfterEach
    void end() {
        session.close();
    }

    private CompletableFuture<ToolResult> call(String tool) {
        return toolbox.call(ToolCall.of(tool, "{}")).toCompletableFuture();
    }

    private static String output(CompletableFuture<ToolResult> call) {
        await().until(call::isDone);
        return call.join().output();
    }

    private void assertPlaceIsFree() {
        await().until(() -> output(call("free")).equals("{\"ok\":true,\"result\":\"free\"}"));
    }

    @Test
    void anApproverWhoHoldsTheThreadIsInterruptedWhenItsTimeIsOver() {
        CountDownLatch never = new CountDownLatch(1);
        AtomicBoolean asked = new AtomicBoolean();
        AtomicBoolean interrupted = new AtomicBoolean();
        approver.set((call, context) -> {
            asked.set(true);
            try {
                never.await();
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
            return CompletableFuture.completedStage(Approver.Decision.approve());
        });
        CompletableFuture<ToolResult> call = call("refund");
        await().untilTrue(asked);
        clock.advance(Duration.ofSeconds(60));

        assertThat(output(call)).isEqualTo(LATE);
        await().untilTrue(interrupted);
        assertPlaceIsFree();
        assertThat(tools.runs).hasValue(0);
    }

    @Test
    void aYesThatComesTooLateRunsNothingAndItsStageWasCancelled() {
        CompletableFuture<Approver.Decision> decision = new CompletableFuture<>();
        AtomicBoolean asked = new AtomicBoolean();
        approver.set((call, context) -> {
            asked.set(true);
            // Not cancelled with what hangs on it, so that the yes can come all the same.
            return decision.copy();
        });
        CompletableFuture<ToolResult> call = call("refund");
        await().until(() -> asked.get() && clock.pendingTimers() == 2);
        clock.advance(Duration.ofSeconds(59));
        assertThat(call).isNotDone();
        clock.advance(Duration.ofSeconds(1));
        assertThat(output(call)).isEqualTo(LATE);
        decision.complete(Approver.Decision.approve());

        assertPlaceIsFree();
        assertThat(tools.runs).hasValue(0);
    }

    @Test
    void theApproversStageIsCancelledWhenNobodyWaitsForItAnyLonger() {
        CompletableFuture<Approver.Decision> decision = new CompletableFuture<>();
        AtomicBoolean asked = new AtomicBoolean();
        approver.set((call, context) -> {
            asked.set(true);
            return decision;
        });
        CompletableFuture<ToolResult> call = call("refund");
        await().until(() -> asked.get() && clock.pendingTimers() == 2);
        clock.advance(Duration.ofSeconds(60));

        assertThat(output(call)).isEqualTo(LATE);
        await().until(decision::isCancelled);
        assertPlaceIsFree();
    }

    @Test
    void aCallThatTheCallerInterruptsIsNotAskedAboutAnyLongerAndGivesItsPlaceBack() {
        CompletableFuture<Approver.Decision> decision = new CompletableFuture<>();
        AtomicBoolean asked = new AtomicBoolean();
        approver.set((call, context) -> {
            asked.set(true);
            return decision;
        });
        SessionPart part = toolbox.open(session);
        session.loop().execute(() -> part.onToolRequest(new ToolRequest("c1", "look", "{}", null)));
        await().untilTrue(asked);
        session.loop()
                .execute(() -> part.onInterrupted(
                        new Interruption(Interruption.Cause.CALLER_SPOKE, null, null, Duration.ZERO)));

        await().until(() -> session.answers.size() == 1);
        assertThat(session.answers.get(0).output())
                .isEqualTo("{\"ok\":false,\"error\":{\"code\":\"cancelled\",\"message\":\"look was stopped because the"
                        + " caller interrupted\"}}");
        await().until(decision::isCancelled);
        assertPlaceIsFree();
        assertThat(tools.runs).hasValue(0);
    }

    @Test
    void aCallThatWaitsForItsYesIsNotRunOnceTheSessionIsOver() {
        CompletableFuture<Approver.Decision> decision = new CompletableFuture<>();
        AtomicBoolean asked = new AtomicBoolean();
        approver.set((call, context) -> {
            asked.set(true);
            return decision.copy();
        });
        SessionPart part = toolbox.open(session);
        session.loop().execute(() -> part.onToolRequest(new ToolRequest("c1", "refund", "{}", null)));
        await().untilTrue(asked);
        session.loop().execute(() -> part.onClosed(new CloseReason(CloseReason.Kind.CLOSED_BY_US, 1000, "bye", null)));

        await().until(() -> session.answers.size() == 1);
        assertThat(session.answers.get(0).output())
                .isEqualTo(
                        "{\"ok\":false,\"error\":{\"code\":\"cancelled\",\"message\":\"refund was not run, because the"
                                + " conversation was over before it began\"}}");
        decision.complete(Approver.Decision.approve());
        assertPlaceIsFree();
        assertThat(tools.runs).hasValue(0);
    }

    static Stream<Arguments> failing() {
        return Stream.of(
                Arguments.of("throws an error", (Approver) (call, context) -> {
                    throw new AssertionError("secret");
                }),
                Arguments.of("throws words for the model", (Approver) (call, context) -> {
                    throw new ToolException("Ask again.");
                }),
                Arguments.of("gives no stage", (Approver) (call, context) -> null),
                Arguments.of("gives no decision", (Approver) (call, context) -> CompletableFuture.completedStage(null)),
                Arguments.of("fails", (Approver)
                        (call, context) -> CompletableFuture.failedStage(new IllegalStateException("secret"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failing")
    void anApproverWhoFailsMeansNo(String what, Approver failing) {
        approver.set(failing);

        assertThat(output(call("refund")))
                .isEqualTo("{\"ok\":false,\"error\":{\"code\":\"denied\",\"message\":\"refund was not approved\"}}");
        assertPlaceIsFree();
        assertThat(tools.runs).hasValue(0);
    }

    @Test
    void aRuleThatThrowsMeansNo() {
        Toolbox ruled = Toolbox.builder()
                .tools(tools)
                .approver((call, context) -> CompletableFuture.completedStage(Approver.Decision.approve()))
                .approvalWhen(call -> {
                    throw new IllegalStateException("secret");
                })
                .build();

        assertThat(output(ruled.call(ToolCall.of("free", "{}")).toCompletableFuture()))
                .contains("\"code\":\"failed\"")
                .doesNotContain("secret");
    }

    @Test
    void aRuleWithoutAnApproverIsRefusedSinceItWouldApproveEverything() {
        assertThatThrownBy(() -> Toolbox.builder().approvalWhen(call -> true).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("approvalWhen: there is no approver to ask; give the builder one");
    }

    @Test
    void anApproverHasSomeTimeAndNoMoreThanADay() {
        for (Duration none : new Duration[] {Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(2)}) {
            assertThatThrownBy(() -> Toolbox.builder().approvalTimeout(none))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("an approver needs some time, and a day at most, not " + none);
        }
    }
}
