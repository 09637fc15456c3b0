package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.Tool;
import dev.parley.core.SessionListener;
import dev.parley.core.ToolOutcome;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.core.provider.Swaram;
import dev.parley.testkit.Call;
import dev.parley.testkit.Calls;
import dev.parley.testkit.Fault;
import dev.parley.testkit.RehearsalConnection;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Turn;
import dev.parley.testkit.Violation;
import jakarta.validation.constraints.Max;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Ten thousand calls through ten sessions on real sockets, each told twice, under throws, timeouts, refusals and a caller
 * who interrupts at random: one output each, its own, none lost, none doubled. Some come again in later responses, under the same
 * ids: they are answered from the ledger, or refused if they are other calls, and nothing runs twice.
 */
class TenThousandCallsTest {
    private static final int SESSIONS = 10;
    private static final int TURNS = 20;
    private static final int CALLS = 50;
    private static final int AT_ONCE = 20;

    /** Of each turn: how many calls come again as they were, and how many ids for another call. */
    private static final int REPEATS = 5;

    private static final int CONFLICTS = 2;

    @SuppressWarnings("DoNotCallSuggester") // tools that throw are the point
    static final class Tools {
        private final CountDownLatch never = new CountDownLatch(1);
        private final Set<String> ran = ConcurrentHashMap.newKeySet();
        private final AtomicInteger twice = new AtomicInteger();

        private void runs(ToolContext context) {
            if (!ran.add(context.conversationId() + " " + context.callId())) {
                twice.incrementAndGet();
            }
        }

        /** No other call in the whole test returns this. */
        private static String result(int number, ToolContext context) {
            return number + " of " + context.conversationId();
        }

        @Tool
        String quick(@Max(900) int number, ToolContext context) {
            runs(context);
            return result(number, context);
        }

        @Tool
        String slow(int number, ToolContext context) throws InterruptedException {
            runs(context);
            boolean over = never.await(ThreadLocalRandom.current().nextInt(3), TimeUnit.MILLISECONDS);
            return over ? "" : result(number, context);
        }

        @Tool
        CompletableFuture<String> later(int number, ToolContext context) {
            runs(context);
            return new CompletableFuture<String>().completeOnTimeout(result(number, context), 2, TimeUnit.MILLISECONDS);
        }

        @Tool
        @ToolPolicy(serial = true)
        String serial(int number, ToolContext context) {
            runs(context);
            return result(number, context);
        }

        @Tool
        void fails(int number, ToolContext context) {
            runs(context);
            throw new ToolException("No. " + result(number, context));
        }

        @Tool
        void breaks(int number, ToolContext context) {
            runs(context);
            throw new IllegalStateException("secret " + number);
        }

        @Tool
        void collapses(int number, ToolContext context) {
            runs(context);
            throw new StackOverflowError("secret " + number);
        }

        @Tool
        @ToolPolicy(timeout = "5ms")
        void hangs(int number, ToolContext context) throws InterruptedException {
            runs(context);
            never.await();
        }

        @Tool
        @ToolPolicy(timeout = "100ms", onInterrupt = ToolPolicy.OnInterrupt.CANCEL)
        void reads(int number, ToolContext context) throws InterruptedException {
            runs(context);
            never.await();
        }
    }

    /** Of each turn the same in every session; the number of a call, from one, is in its arguments. */
    private static List<List<Call>> turns() {
        List<String> usual = List.of(
                "quick",
                "slow",
                "later",
                "serial",
                "fails",
                "hangs",
                "nobody",
                "quick",
                "breaks",
                "later",
                "collapses");
        Random random = new Random(20261121);
        List<List<Call>> turns = new ArrayList<>();
        for (int turn = 0; turn < TURNS; turn++) {
            List<Call> calls = new ArrayList<>();
            // In every fifth turn more of those that wait than may run at once: the last of them must be told busy.
            int reads = turn % 5 == 0 ? AT_ONCE + 2 : 1;
            while (calls.size() < CALLS) {
                int number = turn * CALLS + calls.size() + 1;
                if (calls.size() < reads) {
                    calls.add(Call.to("reads").with("number", number));
                } else {
                    Call call = Call.to(usual.get(random.nextInt(usual.size())));
                    calls.add(random.nextInt(20) == 0 ? call.withRaw("{\"number\":") : call.with("number", number));
                }
            }
            turns.add(calls);
        }
        return turns;
    }

    private static Script script(List<List<Call>> turns) {
        Random random = new Random(20261121);
        Script.Builder script = Script.named("ten thousand calls");
        for (int turn = 0; turn < TURNS; turn++) {
            List<Call> calls = turns.get(turn);
            Turn heard = Turn.hear("Turn " + turn + ".")
                    .then(Calls.of(calls.toArray(Call[]::new)).with(Fault.REPEATED_CALLS));
            List<Integer> again = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                again.add(i);
            }
            Collections.shuffle(again, random);
            for (int i = 0; i < REPEATS + CONFLICTS; i++) {
                Call call = calls.get(again.get(i));
                // The server counts the calls of a connection.
                String callId = "call_" + (turn * CALLS + again.get(i) + 1);
                for (String message : inALaterResponse(
                        callId, i < REPEATS ? call : call.withRaw("{\"other\":" + turn + "}"), callId + "_" + i)) {
                    heard = heard.sends(message);
                }
            }
            script.turn(heard.says("Done."));
        }
        return script.build();
    }

    private static List<String> inALaterResponse(String callId, Call call, String id) {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode created = mapper.createObjectNode().put("type", "response.created");
        created.putObject("response").put("id", "again_" + id).put("status", "in_progress");
        ObjectNode arguments = mapper.createObjectNode()
                .put("type", "response.function_call_arguments.done")
                .put("response_id", "again_" + id)
                .put("item_id", "again_item_" + id)
                .put("call_id", callId)
                .put("name", call.name())
                .put("arguments", call.argumentsJson());
        ObjectNode done = mapper.createObjectNode().put("type", "response.done");
        done.putObject("response").put("id", "again_" + id).put("status", "completed");
        return List.of(created.toString(), arguments.toString(), done.toString());
    }

    /** The outputs of a connection's calls, in the order in which the server got them. */
    private static Map<String, List<String>> outputs(RehearsalConnection connection) {
        Map<String, List<String>> outputs = new HashMap<>();
        for (String message : connection.received("conversation.item.create")) {
            JsonNode item;
            try {
                item = new ObjectMapper().readTree(message).path("item");
            } catch (JsonProcessingException e) {
                throw new UncheckedIOException(e);
            }
            outputs.computeIfAbsent(item.path("call_id").asText(), id -> new ArrayList<>())
                    .add(item.path("output").asText());
        }
        return outputs;
    }

    /** What a call's output must be if it is ok, and what may be in it if it is not. */
    private static void assertIsOf(Call call, int number, VoiceSession session, String output) {
        String result = number + " of " + session.conversationId();
        switch (call.name()) {
            case "quick", "slow", "later", "serial" -> {
                if (output.startsWith("{\"ok\":true")) {
                    assertThat(output).isEqualTo("{\"ok\":true,\"result\":\"" + result + "\"}");
                    assertThat(call.argumentsJson()).isEqualTo("{\"number\":" + number + "}");
                }
            }
            default -> assertThat(output).startsWith("{\"ok\":false,");
        }
        if (output.contains("\"No. ")) {
            assertThat(output)
                    .isEqualTo("{\"ok\":false,\"error\":{\"code\":\"failed\",\"message\":\"No. " + result + "\"}}");
            assertThat(call.name()).isEqualTo("fails");
        }
        if (output.contains("technical reason")) {
            assertThat(call.name()).isIn("breaks", "collapses");
            assertThat(output).contains("\"message\":\"" + call.name() + " failed for a technical reason (incident ");
        }
        assertThat(output).doesNotContain("secret");
    }

    private static boolean isConflict(String output) {
        return output.startsWith(
                "{\"ok\":false,\"error\":{\"code\":\"invalid_arguments\",\"message\":\"the call id call_");
    }

    @Test
    @Timeout(120)
    void eachCallHasItsOneOutput() throws Exception {
        Tools tools = new Tools();
        List<List<Call>> turns = turns();
        Map<String, Integer> outcomes = new ConcurrentHashMap<>();
        AtomicInteger told = new AtomicInteger();
        AtomicInteger measured = new AtomicInteger();
        List<VoiceSession> sessions = new ArrayList<>();
        try (RehearsalServer server =
                RehearsalServer.builder().script(script(turns)).speed(1_000).start()) {
            VoiceAgent agent = VoiceAgent.builder()
                    .provider(Swaram.simple("swaram_test").endpoint(server.url()))
                    .with(Toolbox.builder()
                            .tools(tools)
                            .mostCallsAtOnce(AT_ONCE, 256)
                            .meter(call -> measured.incrementAndGet())
                            .build())
                    .listener(new SessionListener() {
                        @Override
                        public void onToolOutcome(VoiceSession session, ToolOutcome outcome) {
                            outcomes.merge(String.valueOf(outcome.errorCode()), 1, Integer::sum);
                            if (told.incrementAndGet() % 40 == 0) {
                                session.interrupt();
                            }
                        }
                    })
                    .build();
            List<CompletableFuture<Void>> callers = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                VoiceSession session = agent.connect();
                sessions.add(session);
                RehearsalConnection connection = server.awaitConnection(i);
                CompletableFuture<Void> caller = new CompletableFuture<>();
                callers.add(caller);
                Thread thread = new Thread(() -> {
                    try {
                        connection.playCaller(session, Duration.ofSeconds(60));
                        caller.complete(null);
                    } catch (RuntimeException | Error e) {
                        caller.completeExceptionally(e);
                    }
                });
                thread.setDaemon(true);
                thread.start();
            }
            for (CompletableFuture<Void> caller : callers) {
                caller.get(100, TimeUnit.SECONDS);
            }
            int all = TURNS * (CALLS + REPEATS + CONFLICTS);
            await().until(() -> told.get() == SESSIONS * TURNS * (CALLS + CONFLICTS)
                    && server.connections().stream()
                            .allMatch(each ->
                                    each.received("conversation.item.create").size() >= all));

            // The server knows its own repeats by nothing but the second outputs that it gets for them.
            assertThat(server.report().violations())
                    .hasSize(SESSIONS * TURNS * (REPEATS + CONFLICTS))
                    .allMatch(each -> each.kind() == Violation.Kind.SECOND_OUTPUT);
            assertThat(server.report().turnsLeft()).isZero();
            for (int i = 0; i < SESSIONS; i++) {
                RehearsalConnection connection = server.connections().get(i);
                Map<String, List<String>> outputs = outputs(connection);
                assertThat(outputs).hasSize(TURNS * CALLS);
                int again = 0;
                int conflicts = 0;
                for (List<String> each : outputs.values()) {
                    if (each.size() == 2 && isConflict(each.get(1))) {
                        conflicts++;
                    } else if (each.size() == 2) {
                        assertThat(each.get(1)).isEqualTo(each.get(0));
                        again++;
                    } else {
                        assertThat(each).hasSize(1);
                    }
                    assertThat(isConflict(each.get(0))).isFalse();
                }
                for (int number = 1; number <= TURNS * CALLS; number++) {
                    Call call = turns.get((number - 1) / CALLS).get((number - 1) % CALLS);
                    assertIsOf(
                            call,
                            number,
                            sessions.get(i),
                            outputs.get("call_" + number).get(0));
                }
                assertThat(again).isEqualTo(TURNS * REPEATS);
                assertThat(conflicts).isEqualTo(TURNS * CONFLICTS);
            }
        } finally {
            sessions.forEach(VoiceSession::close);
        }
        assertThat(tools.twice).hasValue(0);
        assertThat(measured).hasValue(SESSIONS * TURNS * (CALLS + CONFLICTS));
        assertThat(outcomes)
                .containsKeys(
                        "null",
                        "failed",
                        "timeout",
                        "cancelled",
                        "busy",
                        "invalid_json",
                        "invalid_arguments",
                        "unknown_tool");
    }
}
