package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.Tool;
import dev.parley.core.CloseReason;
import dev.parley.core.ReconnectPolicy;
import dev.parley.core.SessionListener;
import dev.parley.core.SessionState;
import dev.parley.core.ToolOutcome;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.core.provider.Swaram;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalConnection;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Turn;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Calls, repetitions, pauses and hang-ups in every order that a seed gives, over real sockets, with tools that throw, dawdle,
 * ignore their interrupt, answer later or never, while the caller interrupts and hangs up himself: a connection never gets
 * two outputs for a call, a call never runs twice on a connection, each is told of once, every session ends once, and every
 * place comes back.
 */
class HangUpStormTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TOOLS =
            List.of("quick", "serial", "error", "hangs", "stubborn", "never", "asked", "nobody");

    static final class Tools {
        private final CountDownLatch never = new CountDownLatch(1);
        private final CountDownLatch end = new CountDownLatch(1);
        private final Map<String, AtomicInteger> runs = new ConcurrentHashMap<>();

        private void runs(ToolContext context) {
            runs.computeIfAbsent(context.callId(), id -> new AtomicInteger()).incrementAndGet();
        }

        @Tool
        String quick(ToolContext context) {
            runs(context);
            return "done";
        }

        @Tool
        @ToolPolicy(serial = true, timeout = "300ms")
        String serial(ToolContext context) throws InterruptedException {
            runs(context);
            return never.await(5, TimeUnit.MILLISECONDS) ? "" : "done";
        }

        @Tool
        void error(ToolContext context) {
            runs(context);
            throw new ToolException("No.");
        }

        @Tool
        @ToolPolicy(timeout = "60ms", onInterrupt = ToolPolicy.OnInterrupt.CANCEL)
        void hangs(ToolContext context) throws InterruptedException {
            runs(context);
            never.await();
        }

        @Tool
        @ToolPolicy(timeout = "40ms")
        String stubborn(ToolContext context) {
            runs(context);
            while (true) {
                try {
                    end.await();
                    return "late";
                } catch (InterruptedException e) {
                    // It goes on, and comes back when nobody waits for it any more.
                }
            }
        }

        @Tool
        @ToolPolicy(timeout = "50ms")
        CompletionStage<String> never(ToolContext context) {
            runs(context);
            return new CompletableFuture<String>().minimalCompletionStage();
        }

        @Tool
        @ToolPolicy(approval = true, serial = true)
        String asked(ToolContext context) {
            runs(context);
            return "approved";
        }
    }

    /** What a server sends for one call: told twice, as swaram does. */
    private static List<String> messages(String callId, String tool, String response) {
        ObjectNode created = JSON.createObjectNode().put("type", "response.created");
        created.putObject("response").put("id", response).put("status", "in_progress");
        ObjectNode arguments = JSON.createObjectNode()
                .put("type", "response.function_call_arguments.done")
                .put("response_id", response)
                .put("item_id", "item_" + response)
                .put("call_id", callId)
                .put("name", tool)
                .put("arguments", "{}");
        ObjectNode done = JSON.createObjectNode().put("type", "response.done");
        done.putObject("response").put("id", response).put("status", "completed");
        return List.of(created.toString(), arguments.toString(), arguments.toString(), done.toString());
    }

    /** @param responses told in how many responses each call comes */
    private static Script script(Random random, Map<String, Integer> responses) {
        Script.Builder script = Script.named("storm");
        int ids = 0;
        for (int turn = 0; turn < 3; turn++) {
            Turn heard = Turn.hear("Turn " + turn);
            int steps = 3 + random.nextInt(8);
            for (int step = 0; step < steps; step++) {
                boolean again = ids > 0 && random.nextInt(4) == 0;
                String callId = "storm_" + (again ? random.nextInt(ids) : ids++);
                responses.merge(callId, 1, Integer::sum);
                String response = "response_" + turn + "_" + step;
                for (String message : messages(callId, TOOLS.get(random.nextInt(TOOLS.size())), response)) {
                    heard = heard.sends(message);
                }
                if (random.nextInt(3) == 0) {
                    heard = heard.pauses(Duration.ofMillis(1 + random.nextInt(120)));
                }
                if (random.nextInt(14) == 0) {
                    heard = heard.hangsUp(random.nextBoolean() ? 1013 : 1011);
                    break;
                }
            }
            script.turn(heard);
        }
        return script.build();
    }

    private static Map<String, Integer> outputs(RehearsalConnection connection) {
        Map<String, Integer> outputs = new HashMap<>();
        for (String message : connection.received("conversation.item.create")) {
            try {
                outputs.merge(
                        JSON.readTree(message).path("item").path("call_id").asText(), 1, Integer::sum);
            } catch (JsonProcessingException e) {
                throw new UncheckedIOException(e);
            }
        }
        return outputs;
    }

    static List<Integer> seeds() {
        List<Integer> seeds = new ArrayList<>();
        int from = Integer.getInteger("storm.seed", 1);
        for (int i = 0; i < Integer.getInteger("storm.sessions", 6); i++) {
            seeds.add(from + i);
        }
        return seeds;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @Timeout(60)
    void noCallIsAnsweredOrRunTwiceAndEveryPlaceComesBack(int seed) throws Exception {
        Random random = new Random(seed);
        Tools tools = new Tools();
        ToolLimit limit = ToolLimit.of(64);
        Map<String, AtomicInteger> told = new ConcurrentHashMap<>();
        List<CloseReason> ends = new CopyOnWriteArrayList<>();
        int approves = random.nextInt(3);
        int interruptsEvery = 2 + random.nextInt(5);
        AtomicInteger outcomes = new AtomicInteger();
        Map<String, Integer> responses = new HashMap<>();
        Script script = script(random, responses);
        int connections;
        try (RehearsalServer server =
                RehearsalServer.builder().script(script).speed(50).start()) {
            VoiceSession session = VoiceAgent.builder()
                    .provider(Swaram.simple("swaram_test").endpoint(server.url()))
                    .reconnect(ReconnectPolicy.exponential()
                            .attempts(2)
                            .delays(Duration.ofMillis(10), Duration.ofMillis(20)))
                    .with(Toolbox.builder()
                            .tools(tools)
                            .limit(limit)
                            .approvalTimeout(Duration.ofMillis(80))
                            .approver((call, context) -> approves == 0
                                    ? new CompletableFuture<>()
                                    : new CompletableFuture<Approver.Decision>()
                                            .completeOnTimeout(Approver.Decision.approve(), 5, TimeUnit.MILLISECONDS))
                            .build())
                    .listener(new SessionListener() {
                        @Override
                        public void onToolOutcome(VoiceSession who, ToolOutcome outcome) {
                            told.computeIfAbsent(
                                            outcome.request().connection() + " "
                                                    + outcome.request().callId() + " "
                                                    + outcome.request().responseId(),
                                            id -> new AtomicInteger())
                                    .incrementAndGet();
                            if (outcomes.incrementAndGet() % interruptsEvery == 0) {
                                who.interrupt();
                            }
                        }

                        @Override
                        public void onClosed(VoiceSession who, CloseReason reason) {
                            ends.add(reason);
                        }
                    })
                    .build()
                    .connect();
            int closesAfter = 1 + random.nextInt(25);
            Thread caller = new Thread(() -> {
                ByteBuffer turn = Recording.tone(Duration.ofMillis(600))
                        .then(Recording.silence(Duration.ofMillis(900)))
                        .pcm16();
                while (session.state() != SessionState.CLOSED) {
                    session.appendAudio(turn.duplicate());
                    if (outcomes.get() >= closesAfter) {
                        session.close();
                    }
                    LockSupport.parkNanos(5_000_000);
                }
            });
            caller.setDaemon(true);
            caller.start();
            if (!session.awaitClosed(Duration.ofSeconds(4))) {
                session.close();
                assertThat(session.awaitClosed(Duration.ofSeconds(10))).isTrue();
            }
            connections = server.connections().size();
            for (RehearsalConnection connection : server.connections()) {
                // The second outputs are for calls that came again: each in a response of its own.
                outputs(connection)
                        .forEach((callId, times) -> assertThat(times)
                                .as("connection %s, call %s", connection, callId)
                                .isLessThanOrEqualTo(responses.getOrDefault(callId, 0)));
            }
        } finally {
            tools.end.countDown();
        }
        await().untilAsserted(() -> assertThat(ends).hasSize(1));
        int most = connections;
        assertThat(tools.runs.values()).allMatch(times -> times.get() <= most);
        assertThat(told.values()).allMatch(times -> times.get() == 1);
        await().untilAsserted(() -> assertThat(limit.running()).isZero());
    }
}
