package dev.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.testkit.Violation.Kind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RehearsalServerTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private static Script greetingAndOneTurn() {
        return Script.named("one turn")
                .greeting("Welcome to the clinic.")
                .turn(Turn.hear("Is the doctor in?").says("Yes, from ten to one."))
                .build();
    }

    private static RehearsalServer fast(Script script) {
        return RehearsalServer.builder().script(script).speed(100).start();
    }

    @Test
    void playsAGreetingAndATurnInSwaramsOrder() {
        try (RehearsalServer server = fast(greetingAndOneTurn());
                BareClient client = BareClient.ready(server)) {
            client.send("{\"type\":\"response.create\"}");
            client.await("response.done");
            client.say();
            client.await("response.done", 2);

            assertThat(client.types())
                    .containsExactly(
                            "session.created",
                            "session.updated",
                            "response.created",
                            "deltas",
                            "response.done",
                            "input_audio_buffer.speech_started",
                            "input_audio_buffer.speech_stopped",
                            "conversation.item.input_audio_transcription.completed",
                            "conversation.item.created",
                            "response.created",
                            "deltas",
                            "response.done");
            assertThat(client.transcript()).isEqualTo("Welcome to the clinic.Yes, from ten to one.");
            assertThat(client.audio())
                    .isEqualTo(Recording.toneFor("Welcome to the clinic.")
                            .then(Recording.toneFor("Yes, from ten to one."))
                            .pcm16()
                            .array());
            assertThat(client.await("conversation.item.input_audio_transcription.completed")
                            .path("transcript")
                            .asText())
                    .isEqualTo("Is the doctor in?");
            assertThat(client.await("response.done", 2).at("/response/status").asText())
                    .isEqualTo("completed");
            server.connection(0).awaitFinished(SOON);
            server.assertPassed();
        }
    }

    @Test
    void theSessionIsEchoedWhole() {
        try (RehearsalServer server = fast(greetingAndOneTurn());
                BareClient client = BareClient.connect(server)) {
            client.send("""
                    {"type":"session.update","session":{"instructions":"Be kind.","tool_choice":"auto",
                     "tools":[{"type":"function","name":"f","description":"d","parameters":{"type":"object","properties":{}}}]}}""");

            JsonNode session = client.await("session.updated").path("session");

            assertThat(session.toString())
                    .isEqualTo("{\"model\":\"mal-realtime-simple\",\"voice\":\"mal-female\",\"tool_choice\":\"auto\","
                            + "\"instructions\":\"Be kind.\",\"tools\":[{\"type\":\"function\",\"name\":\"f\","
                            + "\"description\":\"d\",\"parameters\":{\"type\":\"object\",\"properties\":{}}}]}");
        }
    }

    @Test
    void silenceMakesNoTurn() {
        try (RehearsalServer server = fast(greetingAndOneTurn());
                BareClient client = BareClient.ready(server)) {
            client.append(Recording.silence(Duration.ofSeconds(30)));
            client.send("{\"type\":\"response.create\"}");
            client.await("response.done");

            assertThat(client.types())
                    .containsExactly(
                            "session.created", "session.updated", "response.created", "deltas", "response.done");
            assertThat(server.report().turnsLeft()).isEqualTo(1);
        }
    }

    @Test
    void twoCallsInOneResponseAreFollowedByTheReplyOnceBothOutputsAreIn() {
        Script script = Script.named("two calls")
                .turn(Turn.hear("Cancel mine, and is Dr Nair in?")
                        .calls(
                                Call.to("cancel_appointment")
                                        .with("bookingId", 7)
                                        .expectOk(),
                                Call.to("check_availability")
                                        .with("doctor", "nair")
                                        .expectError("unknown_tool"))
                        .says("Done."))
                .build();
        try (RehearsalServer server = fast(script);
                BareClient client = BareClient.ready(server)) {
            client.say();
            JsonNode first = client.await("response.function_call_arguments.done", 1);
            JsonNode second = client.await("response.function_call_arguments.done", 2);
            client.await("response.done");
            client.answer(second.path("call_id").asText(), "{\"ok\":false,\"error\":{\"code\":\"unknown_tool\"}}");
            client.await("conversation.item.created", 2);
            assertThat(client.events("response.created")).hasSize(1);
            client.answer(first.path("call_id").asText(), "{\"ok\":true,\"result\":null}");
            client.await("response.done", 2);

            assertThat(first.path("name").asText()).isEqualTo("cancel_appointment");
            assertThat(first.path("arguments").asText()).isEqualTo("{\"bookingId\":7}");
            assertThat(second.path("arguments").asText()).isEqualTo("{\"doctor\":\"nair\"}");
            assertThat(client.types().subList(6, client.types().size()))
                    .containsExactly(
                            "response.created",
                            "response.function_call_arguments.done",
                            "response.function_call_arguments.done",
                            "response.done",
                            "conversation.item.created",
                            "conversation.item.created",
                            "response.created",
                            "deltas",
                            "response.done");
            server.connection(0).awaitFinished(SOON);
            server.assertPassed();
        }
    }

    @Test
    void outputsThatAreNotAsExpectedAreMismatches() {
        Script script = Script.named("booking")
                .turn(Turn.hear("Book it.")
                        .calls(
                                Call.to("book").expectOk(),
                                Call.to("book").expectInvalid("phone"),
                                Call.to("book").expectError("denied"))
                        .says("Booked."))
                .build();
        try (RehearsalServer server = fast(script);
                BareClient client = BareClient.ready(server)) {
            client.say();
            client.await("response.function_call_arguments.done", 3);
            client.answer(
                    "call_1", "{\"ok\":false,\"error\":{\"code\":\"failed\",\"message\":\"the desk is closed\"}}");
            client.answer(
                    "call_2",
                    "{\"ok\":false,\"error\":{\"code\":\"invalid_arguments\",\"violations\":[{\"argument\":\"date\"}]}}");
            client.answer("call_3", "{\"ok\":true}");
            client.await("response.done", 2);

            assertThat(server.report().mismatches())
                    .containsExactly(
                            "turn 1: the output of book should be ok, and it is a refusal with code failed: the desk is closed",
                            "turn 1: the refusal of book should name the argument phone, and it names [date]",
                            "turn 1: the output of book should be a refusal with code denied, and it is ok");
            assertThatThrownBy(server::assertPassed)
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("""
                            the rehearsal did not pass:
                            mismatch: turn 1: the output of book should be ok, and it is a refusal with code failed: the desk is closed
                            mismatch: turn 1: the refusal of book should name the argument phone, and it names [date]
                            mismatch: turn 1: the output of book should be a refusal with code denied, and it is ok""");
        }
    }

    @Test
    void speechDuringAReplyCancelsIt() {
        Script script = Script.named("barge-in")
                .turn(Turn.hear("Tell me everything.")
                        .says(Speech.of("A long story.")
                                .soundingAs(Recording.tone(Duration.ofSeconds(60)))
                                .expectInterruption()))
                .turn(Turn.hear("Stop.").says("Fine."))
                .build();
        try (RehearsalServer server = RehearsalServer.start(script);
                BareClient client = BareClient.ready(server)) {
            client.say();
            client.await("response.output_audio.delta", 2);
            client.say();
            client.await("response.done", 2);

            List<String> types = client.types();
            assertThat(types.subList(6, types.size()))
                    .containsExactly(
                            "response.created",
                            "deltas",
                            "input_audio_buffer.speech_started",
                            "response.done",
                            "input_audio_buffer.speech_stopped",
                            "conversation.item.input_audio_transcription.completed",
                            "conversation.item.created",
                            "response.created",
                            "deltas",
                            "response.done");
            assertThat(client.await("response.done").at("/response/status").asText())
                    .isEqualTo("cancelled");
            server.connection(0).awaitFinished(SOON);
            server.assertPassed();
        }
    }

    @Test
    void aReplyCutAgainstTheScriptIsAMismatch() {
        Script script = Script.named("cut")
                .turn(Turn.hear("Tell me.").says(Speech.of("All of it.").soundingAs(Recording.tone(SOON))))
                .turn(Turn.hear("Stop.").says(Speech.of("Fine.").expectInterruption()))
                .turn(Turn.hear("And now?").says("Nothing."))
                .build();
        try (RehearsalServer server = RehearsalServer.builder().script(script).start();
                BareClient client = BareClient.ready(server)) {
            client.say();
            client.await("response.output_audio.delta");
            client.send("{\"type\":\"response.cancel\"}");
            client.await("response.done");
            client.say();
            client.await("response.done", 2);

            assertThat(server.report().mismatches())
                    .containsExactly(
                            "turn 1: a reply that should come through whole was cut short: the client cancelled it",
                            "turn 2: a reply that the caller should cut short was not interrupted");
            assertThat(server.report().turnsLeft()).isEqualTo(1);
            RehearsalAssertions.assertThat(server)
                    .hasNoViolations()
                    .hasTurnsLeft(1)
                    .violated(new Kind[0]);
        }
    }

    @Test
    void withoutAScriptItSaysWhatToDo() {
        assertThatThrownBy(() -> RehearsalServer.builder().start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the rehearsal has no script: set one with RehearsalServer.builder().script(…)");
    }
}
