package dev.parley.core;

import static dev.parley.core.OpenAiCall.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.SessionSettings;
import dev.parley.core.event.TurnDetection;
import dev.parley.testkit.Recording;
import dev.parley.testkit.Script;
import dev.parley.testkit.Speech;
import dev.parley.testkit.Turn;
import dev.parley.testkit.Violation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client asks for: typed turns, turns that a button ends, replies with options, and requests that are refused. */
@Timeout(60)
class OpenAiRequestsTest {
    private static final SessionSettings BY_HAND =
            SessionSettings.builder().manualTurns().build();

    private static Script twoAnswers() {
        return Script.named("two answers")
                .turn(Turn.hear("One?").says("First."))
                .turn(Turn.hear("Two?").says("Second."))
                .build();
    }

    private static Speech lengthy(String words) {
        return Speech.of(words).soundingAs(Recording.tone(Duration.ofSeconds(20)));
    }

    @Test
    void typedTurnsAreAnsweredInVoice() {
        try (OpenAiCall call = OpenAiCall.of(twoAnswers())) {
            call.session.sendText("One?");
            call.awaitSaid("First.");
            call.awaitReplies(1);
            call.session.sendText("Two?");
            call.awaitSaid("First.Second.");
            call.awaitFinished();

            assertThat(call.desk.heard()).isNotEmpty();
            assertThat(call.received("response.create")).hasSize(2);
            call.server.assertPassed();
        }
    }

    @Test
    void whatIsTypedDuringAReplyIsAnsweredAfterIt() {
        Script script = Script.named("impatient")
                .turn(Turn.hear("One?").says(lengthy("First.")))
                .turn(Turn.hear("Two?").says("Second."))
                .build();
        try (OpenAiCall call = OpenAiCall.of(script)) {
            call.session.sendText("One?");
            await().until(() -> call.desk.heard().length > 0);
            call.session.sendText("Two?");
            call.awaitSaid("First.Second.");
            call.awaitFinished();

            assertThat(call.desk.interruptions).isEmpty();
            call.server.assertPassed();
        }
    }

    @Test
    void aButtonEndsTheCallersTurn() {
        try (OpenAiCall call = OpenAiCall.of(twoAnswers(), new Desk(), BY_HAND)) {
            call.session.appendAudio(OpenAiCall.line().pcm16());
            call.session.commitAudio();
            call.awaitSaid("First.");
            call.awaitReplies(1);
            call.session.appendAudio(OpenAiCall.line().pcm16());
            call.session.commitAudio();
            call.awaitSaid("First.Second.");
            call.awaitFinished();

            assertThat(call.events(ServerEvent.InputTranscript.class))
                    .extracting(ServerEvent.InputTranscript::transcript)
                    .containsExactly("One?", "Two?");
            assertThat(call.events(ServerEvent.SpeechStarted.class)).isEmpty();
            call.server.assertPassed();
        }
    }

    @Test
    void theApplicationDecidesWhenTheServerOnlyFindsTheTurns() {
        SessionSettings listening = SessionSettings.builder()
                .turnDetection(TurnDetection.serverVad().createsResponse(false))
                .build();
        try (OpenAiCall call = OpenAiCall.of(twoAnswers(), new Desk(), listening)) {
            for (String said : List.of("First.", "First.Second.")) {
                int turns = call.events(ServerEvent.InputTranscript.class).size();
                call.say();
                await().until(() -> call.events(ServerEvent.SpeechStopped.class).size() == turns + 1);
                call.session.requestResponse();
                call.awaitSaid(said);
                call.awaitReplies(turns + 1);
            }
            call.awaitFinished();

            assertThat(call.received("response.create")).hasSize(2);
            call.server.assertPassed();
        }
    }

    @Test
    void aReplyOutOfBandIsWrittenBesideAnotherAndLeavesItAlone() {
        Script script = Script.named("aside")
                .greeting(lengthy("Welcome."))
                .aside("The caller is content.")
                .build();
        try (OpenAiCall call = OpenAiCall.of(script)) {
            call.session.requestResponse();
            await().until(() -> call.desk.heard().length > 0);
            call.session.requestResponse(ResponseOptions.builder()
                    .outOfBand()
                    .textOnly()
                    .instructions("Is the caller content?")
                    .metadata("topic", "mood")
                    .build());
            call.awaitReplies(2);
            call.awaitFinished();

            assertThat(call.events(ServerEvent.OutputText.class))
                    .extracting(ServerEvent.OutputText::delta)
                    .satisfies(words -> assertThat(String.join("", words)).isEqualTo("The caller is content."));
            assertThat(call.received("response.create").get(1))
                    .contains("\"conversation\":\"none\"", "\"topic\":\"mood\"", "\"Is the caller content?\"");
            assertThat(call.desk.said()).isEqualTo("Welcome.");
            assertThat(call.desk.heard()).hasSize(20 * 48_000);
            assertThat(call.session.counters().lateAudioDropped()).isZero();
            assertThat(call.desk.problems).isEmpty();
            call.server.assertPassed();
        }
    }

    @Test
    void requestsWithOptionsOfTheirOwnAreNeverMerged() {
        Script script = Script.named("options")
                .greeting("Welcome.")
                .turn(Turn.hear("One?").says("First."))
                .build();
        try (OpenAiCall call = OpenAiCall.of(script)) {
            call.session.requestResponse(
                    ResponseOptions.builder().instructions("Greet.").build());
            call.awaitReplies(1);
            call.session.send(new ClientEvent.Message("user", "One?", null));
            call.session.requestResponse(
                    ResponseOptions.builder().instructions("Be short.").build());
            call.awaitSaid("Welcome.First.");
            call.awaitFinished();

            assertThat(call.received("response.create"))
                    .satisfiesExactly(
                            first -> assertThat(first).contains("\"instructions\":\"Greet.\""),
                            second -> assertThat(second).contains("\"instructions\":\"Be short.\""));
            call.server.assertPassed();
        }
    }

    @Test
    void aRequestThatTheServerRefusesIsMadeAgainWhenTheReplyIsDone() {
        try (OpenAiCall call = OpenAiCall.of(Script.named("crossing")
                .turn(Turn.hear("One?").says(lengthy("First.")))
                .turn(Turn.hear("Two?").says("Second."))
                .build())) {
            // the server replies, and the client does not know of it yet
            call.connection().hold();
            call.say();
            await().until(() -> call.connection().samplesReceived() >= 24 * 1_200);
            call.session.sendText("Two?");
            call.connection().awaitReceived("response.create", SOON);
            call.connection().release();
            call.awaitSaid("First.Second.");
            call.awaitFinished();

            assertThat(call.received("response.create")).hasSize(2);
            assertThat(call.events(ServerEvent.ErrorEvent.class))
                    .extracting(ServerEvent.ErrorEvent::code)
                    .containsExactly("conversation_already_has_active_response");
            assertThat(call.desk.problems).isEmpty();
            assertThat(call.server.report().violations())
                    .extracting(Violation::kind)
                    .containsExactly(Violation.Kind.RESPONSE_CREATE_WHILE_ACTIVE);
            assertThat(call.server.report().mismatches()).isEmpty();
        }
    }
}
