package dev.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.testkit.Violation.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The caller's turns as OpenAI's server hears them: found by itself, or committed by the client. */
class OpenAiTurnsTest {
    private static final String TRANSCRIBED =
            "\"audio\":{\"input\":{\"transcription\":{\"model\":\"gpt-4o-transcribe\"}}}";
    private static final String MANUAL = "\"audio\":{\"input\":{\"turn_detection\":null}}";
    private static final Recording LINE = Recording.tone(Duration.ofMillis(600));

    private static Script oneAnswer() {
        return Script.named("one answer")
                .turn(Turn.hear("Is the doctor in?").says("She is in from ten o'clock."))
                .build();
    }

    @Test
    void theServerFindsATurnAndAnswersWithTheWholeSequenceOfEvents() {
        try (RehearsalServer server = FastServer.openAi(oneAnswer());
                BareClient client = BareClient.openAi(server)) {
            client.say();
            client.await("response.done");

            assertThat(client.typesFrom("session.created"))
                    .filteredOn(type -> !type.endsWith(".delta"))
                    .containsExactly(
                            "session.created",
                            "conversation.created",
                            "input_audio_buffer.speech_started",
                            "input_audio_buffer.speech_stopped",
                            "input_audio_buffer.committed",
                            "conversation.item.added",
                            "conversation.item.done",
                            "response.created",
                            "rate_limits.updated",
                            "response.output_item.added",
                            "conversation.item.added",
                            "response.content_part.added",
                            "response.output_audio.done",
                            "response.output_audio_transcript.done",
                            "response.content_part.done",
                            "response.output_item.done",
                            "conversation.item.done",
                            "response.done");
            assertThat(client.events())
                    .extracting(event -> event.path("event_id").asText())
                    .allMatch(id -> id.startsWith("event_"))
                    .doesNotHaveDuplicates();
            RehearsalAssertions.assertThat(server).passed();
        }
    }

    @Test
    void everyEventOfAReplySaysWhereItBelongs() {
        try (RehearsalServer server = FastServer.openAi(oneAnswer());
                BareClient client = BareClient.openAi(server)) {
            client.say();
            client.await("response.done");

            for (JsonNode event : client.events()) {
                String type = BareClient.type(event);
                if (type.startsWith("response.output_audio") || type.startsWith("response.content_part")) {
                    assertThat(event.path("response_id").asText()).as(type).isEqualTo("resp_1");
                    assertThat(event.path("item_id").asText()).as(type).isEqualTo("item_2");
                    assertThat(event.path("output_index").isInt()).as(type).isTrue();
                    assertThat(event.path("content_index").isInt()).as(type).isTrue();
                }
            }
            assertThat(client.transcript()).isEqualTo("She is in from ten o'clock.");
            assertThat(client.await("response.output_audio_transcript.done")
                            .path("transcript")
                            .asText())
                    .isEqualTo("She is in from ten o'clock.");
            assertThat(client.await("response.content_part.done").path("part").toString())
                    .isEqualTo("{\"type\":\"audio\",\"transcript\":\"She is in from ten o'clock.\"}");
            assertThat(client.await("response.output_item.done").path("item").toString())
                    .isEqualTo(
                            "{\"id\":\"item_2\",\"object\":\"realtime.item\",\"status\":\"completed\",\"type\":\"message\","
                                    + "\"role\":\"assistant\",\"content\":[{\"type\":\"output_audio\","
                                    + "\"transcript\":\"She is in from ten o'clock.\"}]}");
        }
    }

    @Test
    void speechIsToldWithItsPlaceAndTheItemThatItBecomes() {
        try (RehearsalServer server = FastServer.openAi(oneAnswer());
                BareClient client = BareClient.openAi(server)) {
            client.append(Recording.silence(Duration.ofSeconds(1)));
            client.say();
            client.await("response.done");

            JsonNode started = client.await("input_audio_buffer.speech_started");
            JsonNode stopped = client.await("input_audio_buffer.speech_stopped");
            JsonNode committed = client.await("input_audio_buffer.committed");
            assertThat(started.path("item_id").asText()).isEqualTo("item_1");
            assertThat(started.path("audio_start_ms").asLong()).isEqualTo(700);
            assertThat(stopped.path("item_id").asText()).isEqualTo("item_1");
            assertThat(stopped.path("audio_end_ms").asLong()).isBetween(2_080L, 2_110L);
            assertThat(committed.path("item_id").asText()).isEqualTo("item_1");
            assertThat(committed.path("previous_item_id").isNull()).isTrue();
            assertThat(client.await("conversation.item.added").path("item").toString())
                    .isEqualTo(
                            "{\"id\":\"item_1\",\"object\":\"realtime.item\",\"type\":\"message\",\"status\":\"completed\","
                                    + "\"role\":\"user\",\"content\":[{\"type\":\"input_audio\",\"transcript\":null}]}");
            assertThat(client.await("conversation.item.added", 2)
                            .path("previous_item_id")
                            .asText())
                    .isEqualTo("item_1");
        }
    }

    @Test
    void thereIsNoTranscriptUnlessTheSessionWantsOne() {
        try (RehearsalServer server = FastServer.openAi(oneAnswer());
                BareClient client = BareClient.openAi(server)) {
            client.say();
            client.await("response.done");

            assertThat(client.typesFrom("session.created")).noneMatch(type -> type.contains("transcription"));
        }
    }

    @Test
    void aTranscriptComesBeforeDuringOrAfterTheReply() {
        Script script = Script.named("transcripts")
                .turn(Turn.hear("One.").says("First answer."))
                .turn(Turn.hear("Two.").says("Second answer."))
                .turn(Turn.hear("Three.")
                        .transcribed(TranscriptTiming.AFTER_REPLY)
                        .says("Third answer."))
                .turn(Turn.hear("Four.")
                        .transcribed(TranscriptTiming.BEFORE_REPLY)
                        .says("Fourth answer."))
                .build();
        try (RehearsalServer server = FastServer.openAi(script);
                BareClient client = BareClient.openAi(server, TRANSCRIBED)) {
            for (int i = 1; i <= 4; i++) {
                client.say();
                client.await("response.done", i);
            }
            server.connection(0).awaitFinished(Duration.ofSeconds(10));
            client.await("conversation.item.input_audio_transcription.completed", 4);

            List<String> order = new ArrayList<>();
            for (JsonNode event : client.events()) {
                switch (BareClient.type(event)) {
                    case "conversation.item.input_audio_transcription.completed" ->
                        order.add(event.path("transcript").asText());
                    case "response.created", "response.done" -> order.add(BareClient.type(event));
                    default -> {}
                }
            }
            assertThat(order)
                    .containsExactly(
                            "One.",
                            "response.created",
                            "response.done",
                            "response.created",
                            "Two.",
                            "response.done",
                            "response.created",
                            "response.done",
                            "Three.",
                            "Four.",
                            "response.created",
                            "response.done");
            JsonNode first = client.await("conversation.item.input_audio_transcription.completed");
            assertThat(first.path("item_id").asText()).isEqualTo("item_1");
            assertThat(first.path("usage").path("type").asText()).isEqualTo("tokens");
            RehearsalAssertions.assertThat(server).passed();
        }
    }

    @Test
    void aCallerWhoSpeaksCancelsTheReplyAndEveryPartOfItIsClosed() {
        Script script = Script.named("barge-in")
                .turn(Turn.hear("Tell me all.")
                        .says(Speech.of("Let me begin at the beginning.")
                                .soundingAs(Recording.tone(Duration.ofSeconds(30)))
                                .expectInterruption()))
                .turn(Turn.hear("Enough.").says("As you wish."))
                .build();
        try (RehearsalServer server =
                        RehearsalServer.openAi().script(script).speed(1).start();
                BareClient client = BareClient.openAi(server)) {
            client.say();
            client.await("response.output_audio.delta");
            client.append(LINE);
            JsonNode done = client.await("response.done").path("response");

            assertThat(done.path("status").asText()).isEqualTo("cancelled");
            assertThat(done.path("status_details").toString())
                    .isEqualTo("{\"type\":\"cancelled\",\"reason\":\"turn_detected\"}");
            assertThat(done.at("/output/0/status").asText()).isEqualTo("incomplete");
            assertThat(client.typesFrom("response.output_audio.done"))
                    .containsExactly(
                            "response.output_audio.done",
                            "response.output_audio_transcript.done",
                            "response.content_part.done",
                            "response.output_item.done",
                            "conversation.item.done",
                            "response.done");
        }
    }

    @Test
    void aSessionMayHaveItsRepliesGoOnWhileTheCallerSpeaks() {
        Script script = Script.named("patient")
                .turn(Turn.hear("Tell me all.")
                        .says(Speech.of("Let me begin.").soundingAs(Recording.tone(Duration.ofSeconds(8)))))
                .turn(Turn.hear("Aha.").says("So it is."))
                .build();
        try (RehearsalServer server =
                        RehearsalServer.openAi().script(script).speed(4).start();
                BareClient client = BareClient.openAi(
                        server,
                        "\"audio\":{\"input\":{\"turn_detection\":{\"type\":\"server_vad\",\"interrupt_response\":false}}}")) {
            client.say();
            client.await("response.output_audio.delta");
            client.say();

            JsonNode error = client.await("error").path("error");
            assertThat(error.path("code").asText()).isEqualTo("conversation_already_has_active_response");
            assertThat(error.path("event_id").isNull()).isTrue();
            assertThat(client.await("response.done").at("/response/status").asText())
                    .isEqualTo("completed");
            client.create();
            client.await("response.done", 2);
            RehearsalAssertions.assertThat(server).passed();
        }
    }

    @Test
    void aSessionMayKeepItsRepliesForItself() {
        try (RehearsalServer server = FastServer.openAi(oneAnswer());
                BareClient client = BareClient.openAi(
                        server,
                        "\"audio\":{\"input\":{\"turn_detection\":{\"type\":\"server_vad\",\"create_response\":false}}}")) {
            client.say();
            client.await("conversation.item.done");
            client.send("{\"type\":\"conversation.item.retrieve\",\"item_id\":\"item_1\"}");
            client.await("conversation.item.retrieved");
            assertThat(client.events("response.created")).isEmpty();
            assertThat(server.report().mismatches()).containsExactly("turn 1: no response.create came for the reply");

            client.create();
            client.await("response.done");
            RehearsalAssertions.assertThat(server).passed();
        }
    }

    @Test
    void theSessionSaysHowMuchSilenceEndsATurn() {
        try (RehearsalServer server = FastServer.openAi(oneAnswer());
                BareClient client = BareClient.openAi(
                        server,
                        "\"audio\":{\"input\":{\"turn_detection\":{\"type\":\"server_vad\",\"silence_duration_ms\":1500}}}")) {
            client.append(LINE.then(Recording.silence(Duration.ofMillis(1_400))).then(LINE));
            client.append(Recording.silence(Duration.ofMillis(1_600)));
            client.await("response.done");

            assertThat(client.events("input_audio_buffer.speech_started")).hasSize(1);
            RehearsalAssertions.assertThat(server).passed();
        }
    }

    @Test
    void withoutTurnDetectionTheClientCommitsAndAsks() {
        try (RehearsalServer server = FastServer.openAi(oneAnswer());
                BareClient client = BareClient.openAi(server, MANUAL)) {
            client.say();
            client.send("{\"type\":\"input_audio_buffer.commit\"}");
            client.await("conversation.item.done");
            client.create();
            client.await("response.done");

            assertThat(client.typesFrom("input_audio_buffer.committed"))
                    .startsWith(
                            "input_audio_buffer.committed",
                            "conversation.item.added",
                            "conversation.item.done",
                            "response.created");
            assertThat(client.events("input_audio_buffer.speech_started")).isEmpty();
            RehearsalAssertions.assertThat(server).passed();
        }
    }

    @Test
    void aCommitOfLessThanATenthOfASecondIsRefused() {
        try (RehearsalServer server = FastServer.openAi(oneAnswer());
                BareClient client = BareClient.openAi(server, MANUAL)) {
            client.send("{\"type\":\"input_audio_buffer.commit\",\"event_id\":\"mine\"}");
            client.append(Recording.tone(Duration.ofMillis(99)));
            client.send("{\"type\":\"input_audio_buffer.commit\"}");
            client.append(Recording.tone(Duration.ofMillis(500)));
            client.send("{\"type\":\"input_audio_buffer.clear\"}");
            client.await("input_audio_buffer.cleared");
            client.send("{\"type\":\"input_audio_buffer.commit\"}");

            assertThat(client.await("error").path("error").toString())
                    .isEqualTo("{\"type\":\"invalid_request_error\",\"code\":\"input_audio_buffer_commit_empty\","
                            + "\"message\":\"Error committing input audio buffer: buffer too small. Expected at least 100ms of"
                            + " audio, but buffer only has 0.00ms of audio.\",\"param\":null,\"event_id\":\"mine\"}");
            assertThat(client.await("error", 2).at("/error/message").asText()).contains("only has 99.00ms");
            assertThat(client.await("error", 3).at("/error/message").asText()).contains("only has 0.00ms");
            RehearsalAssertions.assertThat(server).violated(Kind.EMPTY_COMMIT, Kind.EMPTY_COMMIT, Kind.EMPTY_COMMIT);
        }
    }

    @Test
    void whatTheServerHeardCanBeRetrieved() {
        Script script = Script.named("recordings")
                .turn(Turn.hear("a").spokenAs(LINE).says("b"))
                .build();
        try (RehearsalServer server = FastServer.openAi(script);
                BareClient client = BareClient.openAi(server, MANUAL)) {
            client.append(LINE);
            client.send("{\"type\":\"input_audio_buffer.commit\"}");
            client.create();
            client.await("response.done");
            client.send("{\"type\":\"conversation.item.retrieve\",\"item_id\":\"item_1\"}");
            client.send("{\"type\":\"conversation.item.retrieve\",\"item_id\":\"item_2\"}");

            JsonNode heard = client.await("conversation.item.retrieved").at("/item/content/0/audio");
            assertThat(Base64.getDecoder().decode(heard.asText()))
                    .isEqualTo(LINE.pcm16().array());
            JsonNode said = client.await("conversation.item.retrieved", 2).at("/item/content/0/audio");
            assertThat(Base64.getDecoder().decode(said.asText())).isEqualTo(client.audio());
            RehearsalAssertions.assertThat(server).passed();
        }
    }

    @Test
    void whatCountsAsATurnIsCutOutOfTheStream() {
        try (RehearsalServer server = FastServer.openAi(oneAnswer());
                BareClient client = BareClient.openAi(server)) {
            client.append(Recording.silence(Duration.ofSeconds(20)));
            client.say();
            client.await("response.done");
            client.send("{\"type\":\"conversation.item.retrieve\",\"item_id\":\"item_1\"}");

            byte[] heard = Base64.getDecoder()
                    .decode(client.await("conversation.item.retrieved")
                            .at("/item/content/0/audio")
                            .asText());
            int padding = 300 * 48;
            byte[] line = Recording.tone(Duration.ofMillis(600)).pcm16().array();
            assertThat(Arrays.copyOf(heard, padding)).containsOnly(0);
            assertThat(Arrays.copyOfRange(heard, padding, padding + line.length))
                    .isEqualTo(line);
        }
    }
}
