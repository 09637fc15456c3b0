package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.Tool;
import dev.parley.core.SessionPart;
import dev.parley.core.ToolRequest;
import dev.parley.testkit.FakeClock;
import jakarta.validation.constraints.Max;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InterceptorsTest {
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final Tools tools = new Tools();

    final class Tools {
        @Tool
        String check() {
            seen.add("check runs");
            return "free";
        }

        @Tool
        String book(@Max(5) int count) {
            seen.add("book runs with " + count);
            return "booked " + count;
        }

        @Tool
        @ToolPolicy(approval = true, timeout = "1s")
        String refund(int amount) {
            seen.add("refund runs with " + amount);
            return "refunded " + amount;
        }
    }

    static final class Harmless {
        @Tool
        String check() {
            return "free";
        }
    }

    private ToolInterceptor named(String name) {
        return chain -> {
            seen.add(name + " before");
            return chain.proceed(chain.call()).thenApply(result -> {
                seen.add(name + " after");
                return result;
            });
        };
    }

    private static String output(CompletionStage<ToolResult> result) throws Exception {
        return result.toCompletableFuture().get(10, TimeUnit.SECONDS).output();
    }

    private Toolbox toolbox(ToolInterceptor... interceptors) {
        Toolbox.Builder builder = Toolbox.builder()
                .tools(tools)
                .approver((call, context) -> CompletableFuture.completedStage(Approver.Decision.approve()));
        for (ToolInterceptor interceptor : interceptors) {
            builder.interceptor(interceptor);
        }
        return builder.build();
    }

    @Test
    void standAroundTheToolInTheirOrder() throws Exception {
        Toolbox toolbox = toolbox(named("outer"), named("inner"));

        assertThat(output(toolbox.call(ToolCall.of("check", "{}")))).isEqualTo("{\"ok\":true,\"result\":\"free\"}");
        assertThat(seen).containsExactly("outer before", "inner before", "check runs", "inner after", "outer after");
    }

    @Test
    void seeNoCallThatIsRefused() throws Exception {
        Toolbox toolbox = toolbox(named("outer"));

        assertThat(output(toolbox.call(ToolCall.of("book", "{\"count\":6}"))))
                .isEqualTo(
                        "{\"ok\":false,\"error\":{\"code\":\"invalid_arguments\",\"message\":\"count must be less than or"
                                + " equal to 5\",\"violations\":[{\"argument\":\"count\",\"problem\":\"must be less than or equal"
                                + " to 5\"}]}}");
        assertThat(seen).isEmpty();
    }

    @Test
    void mayChangeArgumentsAndTheseAreCheckedToo() throws Exception {
        ToolInterceptor one = chain ->
                chain.proceed(new ToolCall(chain.call().callId(), chain.call().name(), "{\"count\":1}"));
        ToolInterceptor nine = chain ->
                chain.proceed(new ToolCall(chain.call().callId(), chain.call().name(), "{\"count\":9}"));

        assertThat(output(toolbox(one).call(ToolCall.of("book", "{\"count\":2}"))))
                .isEqualTo("{\"ok\":true,\"result\":\"booked 1\"}");
        assertThat(output(toolbox(nine).call(ToolCall.of("book", "{\"count\":2}"))))
                .contains("\"code\":\"invalid_arguments\"");
        assertThat(seen).containsExactly("book runs with 1");
    }

    @Test
    void runACallOnce() throws Exception {
        Toolbox toolbox =
                toolbox(chain -> chain.proceed(chain.call()).thenCompose(result -> chain.proceed(chain.call())));

        assertThat(output(toolbox.call(ToolCall.of("check", "{}")))).contains("\"code\":\"failed\"");
        assertThat(seen).containsExactly("check runs");
    }

    @Test
    void failTheCallAndNothingElseWhenTheyThrow() throws Exception {
        Toolbox toolbox = toolbox(chain -> {
            throw new IllegalStateException("secret");
        });

        assertThat(output(toolbox.call(ToolCall.of("check", "{}"))))
                .contains("\"code\":\"failed\"")
                .doesNotContain("secret");
        assertThat(seen).isEmpty();
    }

    @Test
    void gateATool() {
        FakeHandle session = new FakeHandle(new FakeClock());
        Toolbox toolbox = toolbox(ToolInterceptor.gate(
                "book",
                calls -> calls.stream()
                        .anyMatch(past -> past.call().name().equals("check")
                                && past.result().ok()),
                "Check what is free first."));
        SessionPart part = toolbox.open(session);
        try (session) {
            ask(session, part, "c1", "book");
            ask(session, part, "c2", "check");
            ask(session, part, "c3", "book");
        }
        assertThat(session.answers)
                .containsExactly(
                        new FakeHandle.Answer(
                                "c1",
                                "{\"ok\":false,\"error\":{\"code\":\"not_allowed_now\",\"message\":\"Check what is free"
                                        + " first.\"}}"),
                        new FakeHandle.Answer("c2", "{\"ok\":true,\"result\":\"free\"}"),
                        new FakeHandle.Answer("c3", "{\"ok\":true,\"result\":\"booked 2\"}"));
    }

    private static void ask(FakeHandle session, SessionPart part, String id, String name) {
        int before = session.outcomes.size();
        String arguments = name.equals("check") ? "{}" : "{\"count\":2}";
        session.loop().execute(() -> part.onToolRequest(new ToolRequest(id, name, arguments, null)));
        await().until(() -> session.outcomes.size() > before);
    }

    @Test
    void letAnApproverDecideLastAndInItsOwnTime() throws Exception {
        FakeClock clock = new FakeClock();
        FakeHandle session = new FakeHandle(clock);
        CompletableFuture<Approver.Decision> decision = new CompletableFuture<>();
        Toolbox toolbox = Toolbox.builder()
                .tools(tools)
                .approver((call, context) -> {
                    seen.add("asked for " + call.argumentsJson());
                    return decision;
                })
                .interceptor(named("outer"))
                .build();
        SessionPart part = toolbox.open(session);
        try (session) {
            session.loop().execute(() -> part.onToolRequest(new ToolRequest("c1", "refund", "{\"amount\":3}", null)));
            await().until(() -> seen.contains("asked for {\"amount\":3}"));
            clock.advance(Duration.ofSeconds(30));
            assertThat(session.answers).isEmpty();
            decision.complete(Approver.Decision.approve());
            await().until(() -> session.outcomes.size() == 1);
        }
        assertThat(session.answers)
                .containsExactly(new FakeHandle.Answer("c1", "{\"ok\":true,\"result\":\"refunded 3\"}"));
        assertThat(seen)
                .containsExactly("outer before", "asked for {\"amount\":3}", "refund runs with 3", "outer after");
    }

    @Test
    void refuseWhatNobodyApproved() throws Exception {
        FakeClock clock = new FakeClock();
        FakeHandle session = new FakeHandle(clock);
        Toolbox silent = Toolbox.builder()
                .tools(tools)
                .approver((call, context) -> {
                    seen.add("asked");
                    return new CompletableFuture<>();
                })
                .build();
        SessionPart part = silent.open(session);
        try (session) {
            session.loop().execute(() -> part.onToolRequest(new ToolRequest("c1", "refund", "{\"amount\":3}", null)));
            // The approval's timer beside the one for timeouts, which stays armed though the call's stands still.
            await().until(() -> seen.contains("asked") && clock.pendingTimers() == 2);
            clock.advance(Duration.ofSeconds(60));
            await().until(() -> session.outcomes.size() == 1);
        }
        assertThat(session.answers.get(0).output())
                .isEqualTo("{\"ok\":false,\"error\":{\"code\":\"denied\",\"message\":\"nobody approved refund in"
                        + " time\"}}");
        assertThat(seen).containsExactly("asked");
    }

    @Test
    void refuseWhatAnApproverDeniesOrFailsAt() throws Exception {
        Toolbox denying = Toolbox.builder()
                .tools(tools)
                .approver((call, context) ->
                        CompletableFuture.completedStage(Approver.Decision.deny("Refunds are closed today.")))
                .build();
        Toolbox failing = Toolbox.builder()
                .tools(tools)
                .approver((call, context) -> {
                    throw new IllegalStateException("secret");
                })
                .build();
        Toolbox ruled = Toolbox.builder()
                .tools(new Harmless())
                .approver((call, context) -> CompletableFuture.completedStage(Approver.Decision.deny("No.")))
                .approvalWhen(call -> call.name().equals("check"))
                .build();

        assertThat(output(denying.call(ToolCall.of("refund", "{\"amount\":1}"))))
                .isEqualTo("{\"ok\":false,\"error\":{\"code\":\"denied\",\"message\":\"Refunds are closed today.\"}}");
        assertThat(output(failing.call(ToolCall.of("refund", "{\"amount\":1}"))))
                .isEqualTo("{\"ok\":false,\"error\":{\"code\":\"denied\",\"message\":\"refund was not approved\"}}");
        assertThat(output(ruled.call(ToolCall.of("check", ""))))
                .isEqualTo("{\"ok\":false,\"error\":{\"code\":\"denied\",\"message\":\"No.\"}}");
        assertThat(seen).isEmpty();
    }

    @Test
    void demandAnApproverWhereOneIsNeeded() {
        assertThatThrownBy(() -> Toolbox.of(tools))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Tools: the tool \"refund\" needs approval, and there is no approver; give the builder one");
    }

    @Test
    void aGateInFrontOfNoToolIsAFaultAtOnce() {
        assertThatThrownBy(() -> Toolbox.builder()
                        .tools(new Harmless())
                        .interceptor(ToolInterceptor.gate("chekc", calls -> false, "Not now."))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("gate: there is no tool named \"chekc\" to guard; the tools are: check");
    }
}
