package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import jakarta.validation.constraints.Max;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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
 * Ten thousand calls through ten sessions on real sockets, each asked for twice, under throws, timeouts, refusals and a
 * caller who interrupts at random: one output each, none lost, none doubled.
 */
class TenThousandCallsTest {
    private static final int SESSIONS = 10;
    private static final int TURNS = 20;
    private static final int CALLS = 50;
    private static final int AT_ONCE = 20;

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

        @Tool
        int quick(@Max(90) int value, ToolContext context) {
            runs(context);
            return value;
        }

        @Tool
        int slow(int value, ToolContext context) throws InterruptedException {
            runs(context);
            boolean over = never.await(ThreadLocalRandom.current().nextInt(3), TimeUnit.MILLISECONDS);
            return over ? -1 : value;
        }

        @Tool
        CompletableFuture<Integer> later(int value, ToolContext context) {
            runs(context);
            return new CompletableFuture<Integer>().completeOnTimeout(value, 2, TimeUnit.MILLISECONDS);
        }

        @Tool
        @ToolPolicy(serial = true)
        int serial(int value, ToolContext context) {
            runs(context);
            return value;
        }

        @Tool
        void fails(int value, ToolContext context) {
            runs(context);
            throw new ToolException("No. " + value);
        }

        @Tool
        @ToolPolicy(timeout = "5ms")
        void hangs(int value, ToolContext context) throws InterruptedException {
            runs(context);
            never.await();
        }

        @Tool
        @ToolPolicy(timeout = "100ms", onInterrupt = ToolPolicy.OnInterrupt.CANCEL)
        void reads(int value, ToolContext context) throws InterruptedException {
            runs(context);
            never.await();
        }
    }

    private static Script script() {
        List<String> usual = List.of("quick", "slow", "later", "serial", "fails", "hangs", "nobody");
        Random random = new Random(20261121);
        Script.Builder script = Script.named("ten thousand calls");
        for (int turn = 0; turn < TURNS; turn++) {
            List<Call> calls = new ArrayList<>();
            // In every fifth turn more of those that wait than may run at once: the last of them must be told busy.
            int reads = turn % 5 == 0 ? AT_ONCE + 2 : 1;
            while (calls.size() < reads) {
                calls.add(Call.to("reads").with("value", turn));
            }
            while (calls.size() < CALLS) {
                Call call = Call.to(usual.get(random.nextInt(usual.size())));
                calls.add(
                        random.nextInt(20) == 0
                                ? call.withRaw("{\"value\":")
                                : call.with("value", random.nextInt(100)));
            }
            script.turn(Turn.hear("Turn " + turn + ".")
                    .then(Calls.of(calls.toArray(Call[]::new)).with(Fault.REPEATED_CALLS))
                    .says("Done."));
        }
        return script.build();
    }

    @Test
    @Timeout(60)
    void eachCallHasItsOneOutput() throws Exception {
        Tools tools = new Tools();
        Map<String, Integer> outcomes = new ConcurrentHashMap<>();
        AtomicInteger told = new AtomicInteger();
        List<VoiceSession> sessions = new ArrayList<>();
        try (RehearsalServer server =
                RehearsalServer.builder().script(script()).speed(1_000).start()) {
            VoiceAgent agent = VoiceAgent.builder()
                    .provider(Swaram.simple("swaram_test").endpoint(server.url()))
                    .with(Toolbox.builder()
                            .tools(tools)
                            .mostCallsAtOnce(AT_ONCE, 256)
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
                        connection.playCaller(session, Duration.ofSeconds(20));
                        caller.complete(null);
                    } catch (RuntimeException | Error e) {
                        caller.completeExceptionally(e);
                    }
                });
                thread.setDaemon(true);
                thread.start();
            }
            for (CompletableFuture<Void> caller : callers) {
                caller.get(50, TimeUnit.SECONDS);
            }
            await().until(() -> told.get() == SESSIONS * TURNS * CALLS);

            assertThat(server.report().violations()).isEmpty();
            assertThat(server.report().turnsLeft()).isZero();
            ObjectMapper mapper = new ObjectMapper();
            for (RehearsalConnection connection : server.connections()) {
                Map<String, Integer> outputs = new HashMap<>();
                for (String message : connection.received("conversation.item.create")) {
                    JsonNode item = mapper.readTree(message).path("item");
                    if (item.path("type").asText().equals("function_call_output")) {
                        outputs.merge(item.path("call_id").asText(), 1, Integer::sum);
                    }
                }
                assertThat(outputs).hasSize(TURNS * CALLS);
                assertThat(new HashSet<>(outputs.values())).containsExactly(1);
            }
        } finally {
            sessions.forEach(VoiceSession::close);
        }
        assertThat(tools.twice).hasValue(0);
        assertThat(outcomes.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(10_000);
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
