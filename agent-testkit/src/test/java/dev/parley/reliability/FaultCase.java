package dev.parley.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.core.CloseReason;
import dev.parley.core.ReconnectPolicy;
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
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import okhttp3.OkHttpClient;

/** One cell of the table: a session is brought to a stage, the network fails it, and what becomes of it is told. */
final class FaultCase {
    /** A peer that does not answer a ping by the next one is gone. */
    private static final Duration PING_EVERY = Duration.ofSeconds(1);

    private static final Duration HANDSHAKE = Duration.ofMillis(1_500);

    /** Within this a session has ended or gone on: two pings, a handshake, and a slow machine. */
    private static final Duration BOUND = Duration.ofSeconds(10);

    /** As {@link VoiceSession#close()} promises, and a slow machine. */
    private static final Duration CLOSE_BOUND = Duration.ofSeconds(4);

    private static final Recording SOUND = Recording.tone(Duration.ofMillis(300));
    private static final Recording SOUND_AND_PAUSE = SOUND.then(Recording.silence(Duration.ofMillis(600)));
    private static final String UNKNOWN_EVENT = "{\"type\":\"weather.changed\",\"to\":\"rain\"}";

    private final Stage stage;
    private final Trouble trouble;
    private final Witness witness = new Witness();
    private final CountedClock clock = new CountedClock();

    private FaultCase(Stage stage, Trouble trouble) {
        this.stage = stage;
        this.trouble = trouble;
    }

    /** What became of the session, in the table's words; fails if anything is left behind, lost or done twice. */
    static String outcome(Stage stage, Trouble trouble) {
        Leftovers leftovers = new Leftovers();
        FaultCase theCase = new FaultCase(stage, trouble);
        String outcome = theCase.run();
        leftovers.assertNone(theCase.clock);
        return outcome;
    }

    private String run() {
        try (RehearsalServer server =
                        RehearsalServer.builder().script(script()).speed(1).start();
                FaultyLink link = FaultyLink.to(server.url())) {
            VoiceAgent agent = VoiceAgent.builder()
                    .reconnect(ReconnectPolicy.never())
                    .provider(server.provider().endpoint(link.endpoint()))
                    .httpClient(new OkHttpClient.Builder()
                            .pingInterval(PING_EVERY)
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
                await().untilAsserted(
                                () -> assertThat(witness.endsToldToListener).containsExactly(session.closeReason()));
                assertThat(witness.endsToldToPart).containsExactly(session.closeReason());
            }
        }
    }

    private Script script() {
        Speech reply = Speech.of("Here I am.").soundingAs(Recording.tone(Duration.ofMillis(800)));
        Turn first = stage == Stage.TOOL_RUNNING
                ? Turn.hear("Book it.").calls(Call.to("book").expectOk()).says(reply)
                : Turn.hear("Are you there?").says(reply);
        return Script.named(stage.title())
                .turn(first)
                .turn(Turn.hear("And now?").says(reply))
                .build();
    }

    /** Brings the session to its stage, lets the fault strike, goes on with what the stage is about, and waits. */
    private String strike(VoiceSession session, RehearsalServer server, FaultyLink link, LinkFault fault) {
        RehearsalConnection connection = server.connection(0);
        switch (stage) {
            case USER_SPEAKING -> {
                session.appendAudio(SOUND.pcm16());
                await().until(() -> witness.speechStarts.get() == 1);
            }
            case AGENT_SPEAKING -> {
                session.appendAudio(SOUND_AND_PAUSE.pcm16());
                await().until(() -> witness.audioPieces.get() > 0);
            }
            case TOOL_RUNNING -> {
                session.appendAudio(SOUND_AND_PAUSE.pcm16());
                await().until(() -> witness.calls.size() == 1);
            }
            default -> {}
        }
        if (stage != Stage.CONNECTING && stage != Stage.CONFIGURING) {
            link.connection(0).apply(fault);
        }
        switch (stage) {
            case CONNECTING, CONFIGURING, USER_SPEAKING -> session.appendAudio(SOUND_AND_PAUSE.pcm16());
            case IDLE -> {
                connection.sendRaw(UNKNOWN_EVENT);
                session.appendAudio(SOUND_AND_PAUSE.pcm16());
            }
            case TOOL_RUNNING -> {
                connection.sendRaw(UNKNOWN_EVENT);
                witness.answerCalls();
            }
            case AGENT_SPEAKING -> {
                awaitReplies(1, session);
                session.appendAudio(SOUND_AND_PAUSE.pcm16());
                awaitReplies(2, session);
            }
            default -> {}
        }
        awaitReplies(1, session);
        if (session.state() != SessionState.CLOSED) {
            assertThat(session.state()).isEqualTo(SessionState.READY);
            assertThat(connection.report().mismatches()).isEmpty();
            return "goes on";
        }
        assertThat(session.awaitClosed(BOUND)).isTrue();
        return ending(session);
    }

    private void awaitReplies(int count, VoiceSession session) {
        await().atMost(BOUND)
                .until(() -> session.state() == SessionState.CLOSED || witness.spokenReplies.get() >= count);
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
            await().until(() -> closer.join().getState() == Thread.State.TIMED_WAITING || closing.isDone());
            link.connection(0).apply(fault);
            closing.join();
        } else {
            session.close();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(CLOSE_BOUND);
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

    /** A call runs once, and the server gets one output for it at most. */
    private void assertCallsAreWhole(RehearsalServer server) {
        assertThat(witness.calls).hasSize(stage == Stage.TOOL_RUNNING ? 1 : 0);
        for (RehearsalConnection connection : server.connections()) {
            assertThat(connection.report().violations()).isEmpty();
            assertThat(connection.received("conversation.item.create")).hasSizeLessThanOrEqualTo(witness.calls.size());
        }
    }
}
