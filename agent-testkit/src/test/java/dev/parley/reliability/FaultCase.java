package dev.parley.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.core.CloseReason;
import dev.parley.core.ConnectionLostException;
import dev.parley.core.ReconnectPolicy;
import dev.parley.core.Reconnecting;
import dev.parley.core.SessionException;
import dev.parley.core.SessionState;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.testkit.Call;
import dev.parley.testkit.FaultyLink;
import dev.parley.testkit.LinkFault;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalConnection;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Speech;
import dev.parley.testkit.Turn;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import okhttp3.OkHttpClient;
import org.awaitility.core.ConditionFactory;

/** One cell of the table: a session is brought to a stage, the network fails it, and what becomes of it is told. */
final class FaultCase {
    /** Short delays: what a policy does with its numbers is shown elsewhere. */
    static final ReconnectPolicy SOON =
            ReconnectPolicy.exponential().attempts(4).delays(Duration.ofMillis(20), Duration.ofMillis(100));

    /** A peer that does not answer a ping by the next one is gone; where it answers, a slow machine may take its time. */
    private static final Duration PING_OF_SILENT_PEER = Duration.ofMillis(500);

    private static final Duration PING = Duration.ofSeconds(2);

    private static final Duration HANDSHAKE = Duration.ofSeconds(1);

    /** Within this a session has ended or gone on: two pings, a handshake, and a slow machine. */
    private static final Duration BOUND = Duration.ofSeconds(10);

    /** As {@link VoiceSession#close()} promises, and a slow machine. */
    private static final Duration CLOSE_BOUND = Duration.ofSeconds(4);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    private static final Recording SOUND = Recording.tone(Duration.ofMillis(300));
    private static final Recording SOUND_AND_PAUSE = SOUND.then(Recording.silence(Duration.ofMillis(600)));
    private static final Recording MORE_SOUND = Recording.tone(Duration.ofMillis(20));
    private static final String UNKNOWN_EVENT = "{\"type\":\"weather.changed\",\"to\":\"rain\"}";

    private final Rehearsed rehearsed;
    private final Stage stage;
    private final Trouble trouble;
    private final ReconnectPolicy policy;
    private final Witness witness = new Witness();
    private final CountedClock clock = new CountedClock();

    private FaultCase(Rehearsed rehearsed, Stage stage, Trouble trouble, ReconnectPolicy policy) {
        this.rehearsed = rehearsed;
        this.stage = stage;
        this.trouble = trouble;
        this.policy = policy;
    }

    /** What became of the session, in the table's words; fails if anything is left behind, lost or done twice. */
    static String outcome(Rehearsed rehearsed, Stage stage, Trouble trouble, ReconnectPolicy policy) {
        Leftovers leftovers = new Leftovers();
        FaultCase theCase = new FaultCase(rehearsed, stage, trouble, policy);
        String outcome = theCase.run();
        leftovers.assertNone(theCase.clock);
        return outcome;
    }

    private String run() {
        try (RehearsalServer server =
                        rehearsed.server().script(script()).speed(speed()).start();
                FaultyLink link = FaultyLink.to(server.url())) {
            VoiceAgent agent = VoiceAgent.builder()
                    .reconnect(policy)
                    .provider(rehearsed.provider(link.endpoint()))
                    .httpClient(new OkHttpClient.Builder()
                            .pingInterval(trouble.isSilent() ? PING_OF_SILENT_PEER : PING)
                            .readTimeout(HANDSHAKE)
                            .build())
                    .clock(clock)
                    .with(witness)
                    .listener(witness)
                    .build();
            LinkFault fault = trouble.at(stage);
            if (stage == Stage.CONNECTING) {
                link.applyToNext(fault);
            } else if (stage == Stage.CONFIGURING) {
                witness.onConfiguring = () -> link.connection(0).apply(fault);
            }
            VoiceSession session;
            try {
                session = agent.connect();
            } catch (SessionException e) {
                assertThat(witness.endsToldToListener).isEmpty();
                assertThat(witness.endsToldToPart).hasSize(1);
                return "connect throws " + e.getClass().getSimpleName();
            }
            try (session) {
                String outcome =
                        stage == Stage.CLOSING ? close(session, link, fault) : strike(session, server, link, fault);
                assertThat(link.faultsApplied()).isPositive();
                assertCallsAreWhole(server);
                return outcome;
            } finally {
                session.close();
                eventually()
                        .untilAsserted(
                                () -> assertThat(witness.endsToldToListener).containsExactly(session.closeReason()));
                assertThat(witness.endsToldToPart).containsExactly(session.closeReason());
            }
        }
    }

    /** Where a reply is owed after the fault, the next connection has a greeting to say. */
    private Script script() {
        Speech reply = Speech.of("Here I am.").soundingAs(Recording.tone(Duration.ofMillis(500)));
        Script.Builder script = Script.named(stage.title());
        if (owesReply()) {
            script.greeting(reply);
        }
        script.turn(Turn.hear("Are you there?").says(reply));
        if (stage == Stage.TOOL_RUNNING) {
            script.turn(Turn.hear("Book it.").calls(Call.to("book").expectOk()).says(reply));
        }
        return script.build();
    }

    /** A reply takes its time only where the fault strikes in the middle of one. */
    private double speed() {
        return stage == Stage.AGENT_SPEAKING ? 1 : 10;
    }

    /** Whether the agent owes its caller a reply when the fault strikes. */
    private boolean owesReply() {
        return stage == Stage.AGENT_SPEAKING || stage == Stage.TOOL_RUNNING;
    }

    /** Brings the session to its stage, lets the fault strike, goes on with what the stage is about, and waits. */
    private String strike(VoiceSession session, RehearsalServer server, FaultyLink link, LinkFault fault) {
        bringToStage(session);
        if (stage == Stage.RECONNECTING) {
            link.applyToNext(fault);
            link.connection(0).apply(LinkFault.reset());
        } else if (stage != Stage.CONNECTING && stage != Stage.CONFIGURING) {
            if (stage == Stage.AGENT_SPEAKING && trouble == Trouble.HALF_OPEN_TO_SERVER) {
                // the reply must not come to its end before the pings tell
                server.connection(0).hold();
            }
            link.connection(0).apply(fault);
        }
        int before = witness.spokenReplies.get();
        if (trouble.isBearable() && stage != Stage.RECONNECTING) {
            goOn(session, server);
            awaitReplies(before + 1, session);
            if (stage == Stage.AGENT_SPEAKING) {
                session.appendAudio(SOUND_AND_PAUSE.pcm16());
                awaitReplies(before + 2, session);
            }
            assertThat(witness.losses).isEmpty();
        } else {
            beCutOff(session, server);
            awaitReplies(before + 1, session);
        }
        if (session.state() == SessionState.CLOSED) {
            assertThat(session.awaitClosed(BOUND)).isTrue();
            return ending(session);
        }
        assertThat(session.state()).isEqualTo(SessionState.READY);
        List<RehearsalConnection> connections = server.connections();
        assertThat(connections.get(connections.size() - 1).report().mismatches())
                .isEmpty();
        return witness.losses.isEmpty() ? "goes on" : recovered(session, server);
    }

    private void bringToStage(VoiceSession session) {
        switch (stage) {
            case USER_SPEAKING -> {
                session.appendAudio(SOUND.pcm16());
                eventually().until(() -> witness.speechStarts.get() == 1);
            }
            case AGENT_SPEAKING -> {
                session.requestResponse();
                eventually().until(() -> witness.audioPieces.get() > 0);
            }
            case TOOL_RUNNING -> {
                session.requestResponse();
                awaitReplies(1, session);
                session.appendAudio(SOUND_AND_PAUSE.pcm16());
                awaitReplies(2, session);
                session.appendAudio(SOUND_AND_PAUSE.pcm16());
                eventually().until(() -> witness.calls.size() == 1);
            }
            default -> {}
        }
    }

    /** The connection bears the fault, and the stage comes to its end. */
    private void goOn(VoiceSession session, RehearsalServer server) {
        switch (stage) {
            case CONNECTING, CONFIGURING, USER_SPEAKING -> session.appendAudio(SOUND_AND_PAUSE.pcm16());
            case IDLE -> {
                server.connection(0).sendRaw(UNKNOWN_EVENT);
                session.appendAudio(SOUND_AND_PAUSE.pcm16());
            }
            case TOOL_RUNNING -> witness.answerCalls();
            default -> {}
        }
    }

    /** The connection breaks. Its caller notices, and says again what the agent cannot have heard. */
    private void beCutOff(VoiceSession session, RehearsalServer server) {
        if (stage == Stage.IDLE || stage == Stage.TOOL_RUNNING) {
            server.connection(0).sendRaw(UNKNOWN_EVENT);
        } else if (stage == Stage.USER_SPEAKING) {
            session.appendAudio(MORE_SOUND.pcm16());
        }
        if (stage == Stage.TOOL_RUNNING && trouble.isSilent()) {
            // nobody knows yet that the output goes nowhere
            witness.answerCalls();
        }
        eventually().until(() -> !witness.losses.isEmpty() || session.state() == SessionState.CLOSED);
        if (stage == Stage.TOOL_RUNNING && !trouble.isSilent()) {
            witness.answerCalls();
        } else if (!owesReply()) {
            session.appendAudio(SOUND_AND_PAUSE.pcm16());
        }
    }

    private static ConditionFactory eventually() {
        return await().atMost(BOUND).pollInterval(LOOK_AGAIN);
    }

    private void awaitReplies(int count, VoiceSession session) {
        eventually().until(() -> session.state() == SessionState.CLOSED || witness.spokenReplies.get() >= count);
    }

    private String recovered(VoiceSession session, RehearsalServer server) {
        Reconnecting first = witness.losses.get(0);
        assertThat(first.attempt()).isEqualTo(1);
        assertThat(first.cause().error()).isInstanceOf(ConnectionLostException.class);
        if (trouble.isSilent()) {
            // with pings as short as that, a slow machine may lose a healthy connection too
            assertThat(session.counters().reconnects()).isPositive();
        } else {
            assertThat(session.counters().reconnects()).isEqualTo(1);
        }
        List<RehearsalConnection> connections = server.connections();
        if (stage == Stage.TOOL_RUNNING) {
            // the next server was told what the last one asked for and what came of it
            String told = ("book{} -> " + Witness.OUTPUT).replace("\"", "\\\"");
            assertThat(connections.get(connections.size() - 1).received()).anyMatch(message -> message.contains(told));
        }
        return "reconnects";
    }

    private String close(VoiceSession session, FaultyLink link, LinkFault fault) {
        boolean afterwards = trouble == Trouble.RESET;
        // a goodbye that is never answered leaves time for the reset
        link.connection(0).apply(afterwards ? LinkFault.stalled() : fault);
        long before = System.nanoTime();
        if (afterwards) {
            // the peer must be gone when the goodbye is on its way, and not before
            CompletableFuture<Thread> closer = new CompletableFuture<>();
            CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> {
                closer.complete(Thread.currentThread());
                session.close();
            });
            eventually().until(() -> closer.join().getState() == Thread.State.TIMED_WAITING || closing.isDone());
            link.connection(0).apply(fault);
            closing.join();
        } else {
            session.close();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(CLOSE_BOUND);
        assertThat(witness.losses).isEmpty();
        return ending(session);
    }

    private static String ending(VoiceSession session) {
        CloseReason reason = Objects.requireNonNull(session.closeReason());
        return switch (reason.kind()) {
            case CLOSED_BY_US -> "hung up";
            case CLOSED_BY_PROVIDER -> "ends normally";
            case FAILED ->
                "ends with " + Objects.requireNonNull(reason.error()).getClass().getSimpleName();
        };
    }

    /** A call runs once, and of all its servers one at most gets an output for it, once. */
    private void assertCallsAreWhole(RehearsalServer server) {
        assertThat(witness.calls).hasSize(stage == Stage.TOOL_RUNNING ? 1 : 0);
        assertThat(server.connections())
                .allSatisfy(each -> assertThat(each.report().violations()).isEmpty());
        assertThat(server.connections().stream()
                        .flatMap(each -> each.received("conversation.item.create").stream())
                        .filter(message -> message.contains("function_call_output")))
                .hasSizeLessThanOrEqualTo(witness.calls.size());
    }
}
