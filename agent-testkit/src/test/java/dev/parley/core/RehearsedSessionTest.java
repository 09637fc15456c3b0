package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.parley.core.event.ServerEvent;
import dev.parley.core.provider.Credential;
import dev.parley.testkit.Call;
import dev.parley.testkit.Calls;
import dev.parley.testkit.FakeClock;
import dev.parley.testkit.Fault;
import dev.parley.testkit.HangUp;
import dev.parley.testkit.Recording;
import dev.parley.testkit.Refusal;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Speech;
import dev.parley.testkit.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sessions against the rehearsal server: what one side says strictly, the other side must understand. */
@Timeout(60)
class RehearsedSessionTest extends RehearsedStage {
    private void awaitSaidEnds(String text) {
        await().atMost(SOON).until(() -> desk.said().endsWith(text));
    }

    @Test
    void aWholeConversationPassesWithoutAViolation() {
        Recording question = Recording.tone(Duration.ofMillis(900));
        Script script = Script.named("whole")
                .greeting("Welcome.")
                .turn(Turn.hear("Is the doctor in, and book me.")
                        .spokenAs(question)
                        .calls(
                                Call.to("check").with("doctor", "nair").expectOk(),
                                Call.to("book").expectInvalid("phone"))
                        .says("Your number?"))
                .turn(Turn.hear("98470.").says("Booked."))
                .build();
        desk.answers("check", OK)
                .answers(
                        "book",
                        "{\"ok\":false,\"error\":{\"code\":\"invalid_arguments\",\"message\":\"no\","
                                + "\"violations\":[{\"argument\":\"phone\",\"problem\":\"is missing\"}]}}");
        try (RehearsalServer server = fast(script);
                VoiceSession session = agent(server).connect()) {
            session.requestResponse();
            awaitSaid("Welcome.");
            say(session, question);
            awaitSaid("Welcome.Your number?");
            say(session);
            awaitSaid("Welcome.Your number?Booked.");
            server.connection(0).awaitFinished(SOON);

            server.assertPassed();
            assertThat(desk.problems).isEmpty();
            assertThat(desk.requests)
                    .extracting(ToolRequest::callId, ToolRequest::name, ToolRequest::argumentsJson)
                    .containsExactly(tuple("call_1", "check", "{\"doctor\":\"nair\"}"), tuple("call_2", "book", "{}"));
            assertThat(server.connection(0).received("response.create")).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "4001, CredentialRejectedException",
        "4003, OutOfCreditsException",
        "4008, TooManySessionsException",
        "1013, ServerBusyException"
    })
    void aRefusalIsAnExceptionOfItsOwn(int code, String type) {
        try (RehearsalServer server =
                fast(Script.named("refused").turn(Turn.hear("a").says("b")).build())) {
            server.refuseNext(Refusal.closeCode(code));

            assertThatThrownBy(() -> agent(server).connect())
                    .isInstanceOf(SessionException.class)
                    .satisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo(type));
            assertThat(desk.ends).isEmpty();
        }
    }

    @Test
    void theKeyArrivesInEachCarrier() {
        try (RehearsalServer server = RehearsalServer.builder()
                .script(Script.named("keys").turn(Turn.hear("a").says("b")).build())
                .apiKey("secret")
                .start()) {
            for (Credential credential : List.of(
                    Credential.bearer("secret"),
                    Credential.query("api_key", "secret"),
                    Credential.subprotocol("secret"))) {
                VoiceAgent.builder()
                        .provider(server.provider().credential(credential))
                        .build()
                        .connect()
                        .close();
            }
            assertThat(server.connections())
                    .extracting(each -> each.credentialCarrier())
                    .containsExactly("header", "query", "subprotocol");
            assertThatThrownBy(() -> VoiceAgent.builder()
                            .provider(server.provider().credential(Credential.bearer("wrong")))
                            .build()
                            .connect())
                    .isInstanceOf(CredentialRejectedException.class);
        }
    }

    @Test
    void theCallersSpeechCutsTheReply() {
        Script script = Script.named("barge-in")
                .turn(Turn.hear("Tell me.")
                        .says(Speech.of("A long story.")
                                .soundingAs(Recording.tone(Duration.ofSeconds(60)))
                                .expectInterruption()))
                .turn(Turn.hear("Enough.").says("Fine."))
                .build();
        try (RehearsalServer server = RehearsalServer.start(script);
                VoiceSession session = agent(server).connect()) {
            say(session);
            await().until(() -> desk.heard().length > 0);
            say(session);
            await().atMost(SOON).until(() -> desk.said().endsWith("Fine."));
            server.connection(0).awaitFinished(SOON);

            assertThat(desk.interruptions).hasSize(1);
            assertThat(desk.interruptions.get(0).cause()).isEqualTo(Interruption.Cause.CALLER_SPOKE);
            assertThat(server.connection(0).received("response.cancel")).isEmpty();
            server.assertPassed();
        }
    }

    @Test
    void audioThatComesAfterTheReplyWasCutIsNeverHeard() {
        Script script = Script.named("late audio")
                .turn(Turn.hear("Tell me.")
                        .says(Speech.of("A long story.")
                                .soundingAs(Recording.tone(Duration.ofSeconds(60)))
                                .with(Fault.LATE_AUDIO)
                                .expectInterruption()))
                .turn(Turn.hear("Enough.").says("Fine."))
                .build();
        FakeClock clock = new FakeClock();
        try (RehearsalServer server =
                        RehearsalServer.builder().script(script).clock(clock).start();
                VoiceSession session = agent(server).connect()) {
            say(session);
            await().until(() -> desk.heard().length == 9_600);
            say(session);
            await().until(() -> session.counters().lateAudioDropped() == 9_600);
            // the first piece of each reply, and not the late one
            await().until(() -> desk.heard().length == 19_200);
        }
    }

    @Test
    void moreSessionsAtOnceThanAnHttpClientUsuallyAllows() {
        Script script = Script.named("crowd").turn(Turn.hear("a").says("b")).build();
        try (RehearsalServer server = fast(script)) {
            VoiceAgent agent = VoiceAgent.builder().provider(server.provider()).build();
            List<VoiceSession> sessions = new ArrayList<>();
            for (int i = 0; i < 70; i++) {
                sessions.add(agent.connect());
            }
            sessions.forEach(RehearsedStage::say);
            server.connections().forEach(each -> each.awaitFinished(SOON));
            sessions.forEach(VoiceSession::close);

            assertThat(server.connections()).hasSize(70);
            server.assertPassed();
        }
    }

    @Test
    void interruptCancelsAtTheServer() {
        Script script = Script.named("stop")
                .greeting(Speech.of("On and on.")
                        .soundingAs(Recording.tone(Duration.ofSeconds(60)))
                        .expectInterruption())
                .build();
        try (RehearsalServer server = RehearsalServer.start(script);
                VoiceSession session = agent(server).connect()) {
            session.requestResponse();
            await().until(() -> desk.heard().length > 0);
            session.interrupt();
            server.connection(0).awaitFinished(SOON);

            assertThat(server.connection(0).received("response.cancel"))
                    .containsExactly("{\"type\":\"response.cancel\"}");
            server.assertPassed();
        }
    }

    @Test
    void anOutputThatComesAfterTheCallerSpokeIsDeliveredAndSpokenOfLater() {
        Script script = Script.named("slow tool")
                .turn(Turn.hear("Book it.")
                        .then(Calls.of(Call.to("book").expectOk()).expectInterruption())
                        .says("Booked by the way."))
                .turn(Turn.hear("And hurry.").says("I am at it. "))
                .build();
        try (RehearsalServer server = fast(script);
                VoiceSession session = agent(server).connect()) {
            say(session);
            await().until(() -> desk.requests.size() == 1);
            session.appendAudio(Recording.tone(Duration.ofMillis(600)).pcm16());
            await().until(() -> desk.events.stream()
                            .filter(ServerEvent.SpeechStarted.class::isInstance)
                            .count()
                    == 2);
            desk.answer("call_1", OK);
            session.appendAudio(Recording.silence(Duration.ofMillis(600)).pcm16());
            awaitSaid("I am at it. Booked by the way.");
            server.connection(0).awaitFinished(SOON);

            server.assertPassed();
        }
    }

    @Test
    void audioOfferedBeforeTheSessionIsReadyArrivesWhole() {
        Recording early = Recording.tone(Duration.ofMillis(1_500));
        Script script = Script.named("early")
                .turn(Turn.hear("I spoke at once.").spokenAs(early).says("I heard."))
                .build();
        SessionListener speaksAtOnce = new SessionListener() {
            @Override
            public void onState(VoiceSession session, SessionState state) {
                if (state == SessionState.CONFIGURING) {
                    say(session, early);
                }
            }
        };
        try (RehearsalServer server = fast(script);
                VoiceSession session =
                        agent(server).session().listener(speaksAtOnce).connect()) {
            awaitSaid("I heard.");
            server.connection(0).awaitFinished(SOON);

            server.assertPassed();
            assertThat(session.counters().audioDroppedBeforeReady()).isZero();
        }
    }

    @Test
    void theServerPlaysTheCallerToo() {
        desk.answers("check", OK);
        Script script = Script.named("both sides")
                .greeting("Welcome.")
                .turn(Turn.hear("Is she in?")
                        .spokenAs(Recording.tone(Duration.ofSeconds(30)))
                        .calls(Call.to("check").expectOk())
                        .says(Speech.of(" She is, and let me tell you more.")
                                .soundingAs(Recording.tone(Duration.ofMinutes(5)))
                                .expectInterruption()))
                .turn(Turn.hear("Enough.")
                        .then(Calls.of(Call.to("book").expectOk()).expectInterruption())
                        .says(" Booked."))
                .turn(Turn.hear("Wait.").says(" Yes?"))
                .build();
        try (RehearsalServer server = fast(script);
                VoiceSession session = agent(server).connect()) {
            server.connection(0).playCaller(session, SOON);
            desk.answer("call_2", OK);
            server.connection(0).awaitFinished(SOON);

            server.assertPassed();
            awaitSaidEnds(" Yes? Booked.");
        }
    }

    @Test
    void playingTheCallerStopsWhenTheConnectionIsOver() {
        Script script = Script.named("hang up")
                .turn(Turn.hear("a").says("b").hangsUp(1000))
                .turn(Turn.hear("c").says("d"))
                .build();
        try (RehearsalServer server = fast(script)) {
            for (int i = 0; i < 2; i++) {
                try (VoiceSession session = agent(server).connect()) {
                    server.connection(i).playCaller(session, SOON);
                }
            }
            server.assertPassed();
        }
    }

    @Test
    void aConnectionThatBreaksIsToldOnce() {
        Script script = Script.named("broken")
                .turn(Turn.hear("a").then(HangUp.dropped()))
                .build();
        try (RehearsalServer server = fast(script);
                VoiceSession session = agent(server).connect()) {
            say(session);

            assertThat(session.awaitClosed(SOON)).isTrue();
            await().until(() -> !desk.ends.isEmpty());
            assertThat(desk.ends).hasSize(1);
            assertThat(desk.ends.get(0).code()).isEqualTo(1006);
            assertThat(desk.ends.get(0).error())
                    .isInstanceOf(ConnectionLostException.class)
                    .hasMessageStartingWith("lost the connection to swaram at " + server.url() + ": ")
                    .hasMessageEndingWith(". Check the network");
        }
    }

    @Test
    void aServerOnAClockOfItsOwnPacesItsReplyByIt() {
        FakeClock clock = new FakeClock();
        Recording story = Recording.tone(Duration.ofSeconds(2));
        Script script = Script.named("paced")
                .greeting(Speech.of("A story.").soundingAs(story))
                .build();
        try (RehearsalServer server =
                        RehearsalServer.builder().script(script).clock(clock).start();
                VoiceSession session = agent(server).connect()) {
            session.requestResponse();
            await().until(() -> desk.heard().length == 9_600);
            clock.advance(Duration.ofMillis(50));
            await().until(() -> desk.heard().length == 19_200);
            clock.advance(Duration.ofMillis(399));
            await().until(() -> desk.heard().length == 86_400);
            clock.advance(Duration.ofMillis(1));
            server.connection(0).awaitFinished(SOON);
            await().until(() -> desk.heard().length == 96_000);

            assertThat(desk.heard()).isEqualTo(story.pcm16().array());
        }
    }
}
