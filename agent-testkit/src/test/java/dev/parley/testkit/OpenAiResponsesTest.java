package dev.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.testkit.Violation.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Responses as OpenAI's server gives them: calls, settings of their own, out of band, cancelled, and what they cost. */
class OpenAiResponsesTest {
    private static final String OK = "{\"ok\":true}";
    private static final Duration SOON = Duration.ofSeconds(10);

    /** The session's end and a reply's next piece are what waits. */
    private static void awaitSpeaking(FakeClock clock) {
        Awaitility.await("a reply").until(() -> clock.pendingTimers() == 2);
    }

    @Test
    void callsComeWithTheirItemsAndPiecesInOneResponseWithTheWordsBeforeThem() {
        try (RehearsalServer server = FastServer.booking();
                BareClient client = BareClient.openAi(server)) {
            client.say();
            JsonNode done = client.await("response.done").path("response");

            assertThat(client.typesFrom("response.output_item.done"))
                    .containsExactly(
                            "response.output_item.done",
                            "conversation.item.done",
                            "response.output_item.added",
                            "conversation.item.added",
                            "response.function_call_arguments.delta",
                            "response.function_call_arguments.done",
                            "response.output_item.done",
                            "conversation.item.done",
                            "response.output_item.added",
                            "conversation.item.added",
                            "response.function_call_arguments.delta",
                            "response.function_call_arguments.done",
                            "response.output_item.done",
                            "conversation.item.done",
                            "response.done");
            JsonNode second = client.await("response.function_call_arguments.done", 2);
            assertThat(second.path("name").asText()).isEqualTo("book");
            assertThat(second.path("call_id").asText()).isEqualTo("call_2");
            assertThat(second.path("output_index").asInt()).isEqualTo(2);
            StringBuilder pieces = new StringBuilder();
            client.events("response.function_call_arguments.delta").stream()
                    .filter(event -> event.path("call_id").asText().equals("call_2"))
                    .forEach(event -> pieces.append(event.path("delta").asText()));
            assertThat(pieces.toString()).isEqualTo(second.path("arguments").asText());
            JsonNode begun = client.await("response.output_item.added", 2).path("item");
            assertThat(begun.path("name").asText()).isEqualTo("check");
            assertThat(begun.path("arguments").asText()).isEmpty();
            assertThat(begun.path("status").asText()).isEqualTo("in_progress");
            assertThat(done.path("output")).hasSize(3);
            assertThat(done.at("/output/1/arguments").asText()).isEqualTo("{\"doctor\":\"Nair\"}");
            assertThat(done.path("status").asText()).isEqualTo("completed");
            assertThat(done.path("status_details").isNull()).isTrue();
        }
    }

    @Test
    void afterTheOutputsTheServerWaitsForResponseCreate() {
        try (RehearsalServer server = FastServer.booking();
                BareClient client = BareClient.openAi(server)) {
            client.say();
            client.await("response.done");
            client.answer("call_2", OK);
            client.answer("call_1", OK);
            JsonNode added = client.await("conversation.item.added", 6);
            assertThat(added.path("item").toString())
                    .isEqualTo("{\"id\":\"" + added.at("/item/id").asText()
                            + "\",\"object\":\"realtime.item\",\"status\":\"completed\",\"type\":\"function_call_output\","
                            + "\"call_id\":\"call_1\",\"output\":\"{\\\"ok\\\":true}\"}");
            assertThat(client.events("response.created")).hasSize(1);
            assertThat(server.report().mismatches()).containsExactly("turn 1: no response.create came for the reply");

            client.create();
            client.await("response.done", 2);
            RehearsalAssertions.assertThat(server).passed();
        }
    }

    @Test
    void responseCreateBeforeTheOutputsIsRefused() {
        try (RehearsalServer server = FastServer.booking();
                BareClient client = BareClient.openAi(server)) {
            client.say();
            client.await("response.done");
            client.answer("call_1", OK);
            client.create();

            assertThat(client.await("error").at("/error/message").asText())
                    .isEqualTo("response.create came before the output of book");
            RehearsalAssertions.assertThat(server).violated(Kind.RESPONSE_CREATE_BEFORE_OUTPUTS);
        }
    }

    @Test
    void anOutputForACallThatWasNeverMadeIsRefusedAndSoIsASecondOne() {
        try (RehearsalServer server = FastServer.booking();
                BareClient client = BareClient.openAi(server)) {
            client.say();
            client.await("response.done");
            client.answer("call_9", OK);
            client.answer("call_1", OK);
            client.answer("call_1", OK);

            assertThat(client.await("error").path("error").toString())
                    .isEqualTo(
                            "{\"type\":\"invalid_request_error\",\"code\":\"invalid_tool_call_id\",\"message\":"
                                    + "\"Tool call ID 'call_9' not found in conversation.\",\"param\":\"item.call_id\",\"event_id\":null}");
            assertThat(client.await("error", 2).at("/error/message").asText())
                    .isEqualTo("a second output for call_1 came");
            RehearsalAssertions.assertThat(server).violated(Kind.UNKNOWN_CALL_ID, Kind.SECOND_OUTPUT);
        }
    }

    @Test
    void aSecondResponseInTheConversationIsRefusedWhileOneIsActive() {
        Script script = Script.named("greeting")
                .greeting(Speech.of("Hello.").soundingAs(Recording.tone(Duration.ofSeconds(5))))
                .build();
        try (RehearsalServer server =
                        RehearsalServer.openAi().script(script).speed(10).start();
                BareClient client = BareClient.openAi(server)) {
            client.create();
            client.send("{\"type\":\"response.create\",\"event_id\":\"second\"}");

            assertThat(client.await("error").path("error").toString())
                    .isEqualTo(
                            "{\"type\":\"invalid_request_error\",\"code\":\"conversation_already_has_active_response\","
                                    + "\"message\":\"Conversation already has an active response in progress: resp_1. Wait until the"
                                    + " response is finished before creating a new one.\",\"param\":null,\"event_id\":\"second\"}");
            client.await("response.done");
            RehearsalAssertions.assertThat(server).violated(Kind.RESPONSE_CREATE_WHILE_ACTIVE);
        }
    }

    @Test
    void aResponseTakesItsOwnSettingsAndTheSessionKeepsIts() {
        Script script = Script.named("settings")
                .greeting("Hello.")
                .turn(Turn.hear("Hi.").says("Hi there."))
                .build();
        try (RehearsalServer server = FastServer.openAi(script);
                BareClient client = BareClient.openAi(server)) {
            client.send("""
                    {"type":"response.create","response":{"instructions":"Greet.","output_modalities":["text"],
                     "max_output_tokens":100,"metadata":{"kind":"greeting"},"tools":[],"tool_choice":"none"}}""");
            JsonNode first = client.await("response.done").path("response");
            client.say();
            JsonNode second = client.await("response.done", 2).path("response");

            assertThat(first.path("output_modalities").toString()).isEqualTo("[\"text\"]");
            assertThat(first.path("max_output_tokens").asInt()).isEqualTo(100);
            assertThat(first.at("/metadata/kind").asText()).isEqualTo("greeting");
            assertThat(second.path("output_modalities").toString()).isEqualTo("[\"audio\"]");
            assertThat(second.path("max_output_tokens").asText()).isEqualTo("inf");
            assertThat(second.path("metadata").isNull()).isTrue();
            assertThat(second.at("/audio/output").toString())
                    .isEqualTo("{\"format\":{\"type\":\"audio/pcm\",\"rate\":24000},\"voice\":\"alloy\"}");
            RehearsalAssertions.assertThat(server).passed();
        }
    }

    @Test
    void aResponseEndsWhereItsTokensEnd() {
        Script script = Script.named("short")
                .greeting("Hello and welcome to the clinic.")
                .build();
        try (RehearsalServer server = FastServer.openAi(script);
                BareClient client = BareClient.openAi(server)) {
            client.send("{\"type\":\"response.create\",\"response\":{\"max_output_tokens\":10}}");
            JsonNode done = client.await("response.done").path("response");

            assertThat(done.path("status").asText()).isEqualTo("incomplete");
            assertThat(done.path("status_details").toString())
                    .isEqualTo("{\"type\":\"incomplete\",\"reason\":\"max_output_tokens\"}");
            assertThat(client.transcript()).isNotEmpty().isNotEqualTo("Hello and welcome to the clinic.");
        }
    }

    @Test
    void theClientCancelsAReply() {
        Script script = Script.named("cancel")
                .greeting(Speech.of("Hello.")
                        .soundingAs(Recording.tone(Duration.ofSeconds(30)))
                        .expectInterruption())
                .build();
        try (RehearsalServer server = RehearsalServer.openAi().script(script).start();
                BareClient client = BareClient.openAi(server)) {
            client.create();
            client.await("response.output_audio.delta");
            client.send("{\"type\":\"response.cancel\"}");

            assertThat(client.await("response.done")
                            .at("/response/status_details")
                            .toString())
                    .isEqualTo("{\"type\":\"cancelled\",\"reason\":\"client_cancelled\"}");
            server.connection(0).awaitFinished(SOON);
            RehearsalAssertions.assertThat(server).passed();
        }
    }

    @Test
    void cancellingNothingIsHarmless() {
        try (RehearsalServer server = FastServer.booking();
                BareClient client = BareClient.openAi(server)) {
            client.send("{\"type\":\"response.cancel\",\"event_id\":\"stop\"}");
            client.send("{\"type\":\"response.cancel\",\"response_id\":\"resp_7\"}");

            assertThat(client.await("error").path("error").toString())
                    .isEqualTo(
                            "{\"type\":\"invalid_request_error\",\"code\":\"response_cancel_not_active\",\"message\":"
                                    + "\"Cancellation failed: no active response found\",\"param\":null,\"event_id\":\"stop\"}");
            client.await("error", 2);
            assertThat(server.report().violations()).isEmpty();
        }
    }

    @Test
    void whatNobodyScriptedIsAnsweredWithAnError() {
        try (RehearsalServer server = FastServer.booking();
                BareClient client = BareClient.openAi(server)) {
            client.create();
            client.send("{\"type\":\"response.create\",\"response\":{\"conversation\":\"none\"}}");

            assertThat(client.await("error").at("/error/code").asText()).isEqualTo("nothing_scripted");
            client.await("error", 2);
            assertThat(server.report().mismatches())
                    .containsExactly(
                            "response.create came, and the script has nothing to say to it",
                            "an out-of-band response.create came, and the script has nothing to say to it");
        }
    }

    @Test
    void usageAndRateLimitsAreTold() {
        Script script = Script.named("usage")
                .turn(Turn.hear("One.").says("First."))
                .turn(Turn.hear("Two.").says("Second."))
                .build();
        FakeClock clock = new FakeClock(Instant.parse("2026-11-21T04:30:00Z"));
        try (RehearsalServer server =
                        RehearsalServer.openAi().script(script).clock(clock).start();
                BareClient client = BareClient.openAi(server, "\"instructions\":\"Be kind.\"")) {
            client.say();
            awaitSpeaking(clock);
            clock.advance(Duration.ofSeconds(5));
            JsonNode first = client.await("response.done").at("/response/usage");
            client.say();
            awaitSpeaking(clock);
            clock.advance(Duration.ofSeconds(5));
            JsonNode second = client.await("response.done", 2).at("/response/usage");

            // six characters are 2 tokens, and the 400 ms that they take to say are 8
            assertThat(first.path("output_tokens").asInt())
                    .isEqualTo(first.at("/output_token_details/text_tokens").asInt()
                            + first.at("/output_token_details/audio_tokens").asInt());
            assertThat(first.at("/output_token_details").toString())
                    .isEqualTo("{\"text_tokens\":2,\"audio_tokens\":8}");
            assertThat(first.at("/input_token_details/audio_tokens").asInt()).isBetween(11, 15);
            assertThat(first.at("/input_token_details/cached_tokens").asInt()).isZero();
            assertThat(first.path("total_tokens").asInt())
                    .isEqualTo(first.path("input_tokens").asInt()
                            + first.path("output_tokens").asInt());
            assertThat(second.at("/input_token_details/cached_tokens")).isEqualTo(first.path("input_tokens"));
            List<JsonNode> limits = client.events("rate_limits.updated");
            assertThat(limits.get(0).path("rate_limits").toString())
                    .isEqualTo("[{\"name\":\"requests\",\"limit\":1000,\"remaining\":999,\"reset_seconds\":60.0},"
                            + "{\"name\":\"tokens\",\"limit\":40000,\"remaining\":40000,\"reset_seconds\":60.0}]");
            assertThat(limits.get(1).at("/rate_limits/1/remaining").asInt())
                    .isEqualTo(40_000 - first.path("total_tokens").asInt());
            assertThat(limits.get(1).at("/rate_limits/1/reset_seconds").asDouble())
                    .isEqualTo(55.0);
        }
    }

    @Test
    void callsThatTheCallerSpokeOverAreSettledLaterAndAskedForByTheClient() {
        Script script = Script.named("over a call")
                .turn(Turn.hear("Book it.")
                        .then(Calls.of(Call.to("book")).expectInterruption())
                        .says("Booked."))
                .turn(Turn.hear("And tell me the time.").says("It is ten."))
                .build();
        try (RehearsalServer server = FastServer.openAi(script);
                BareClient client = BareClient.openAi(server)) {
            client.say();
            client.await("response.done");
            client.say();
            client.await("response.done", 2);
            client.answer("call_1", OK);
            client.await("conversation.item.done", 4);
            server.connection(0).awaitFinished(SOON);
            RehearsalAssertions.assertThat(server).passed();

            client.create();
            client.await("response.done", 3);
            assertThat(client.transcript()).isEqualTo("It is ten.Booked.");
            RehearsalAssertions.assertThat(server).passed();
        }
    }

    @Test
    void theFaultsOfAScriptArePlayedHereToo() {
        Script script = Script.named("a bad day")
                .turn(Turn.hear("Well?")
                        .sends("{\"type\":\"weather.changed\"}")
                        .then(Calls.of(Call.to("book"))
                                .with(Fault.NAME_ELSEWHERE, Fault.REPEATED_CALLS, Fault.DONE_EARLY))
                        .pauses(Duration.ofMillis(5))
                        .says(Speech.of("Well.").with(Fault.LATE_AUDIO, Fault.CREATED_LATE, Fault.ODD_PIECES)))
                .build();
        try (RehearsalServer server = FastServer.openAi(script);
                BareClient client = BareClient.openAi(server)) {
            client.say();
            client.await("response.function_call_arguments.done", 2);
            client.answer("call_1", OK);
            client.create();
            client.await("response.done", 2);
            client.awaitEvent(event -> client.typesFrom("response.done").size() > 1);

            List<String> types = client.typesFrom("response.created");
            assertThat(types.indexOf("response.done"))
                    .isLessThan(types.indexOf("response.function_call_arguments.done"));
            assertThat(client.events("response.function_call_arguments.done")).allMatch(event -> !event.has("name"));
            assertThat(types.get(types.size() - 1)).isEqualTo("response.output_audio.delta");
            assertThat(client.events("weather.changed")).hasSize(1);
            assertThat(types.lastIndexOf("response.created"))
                    .isGreaterThan(types.indexOf("response.output_audio.delta"));
            RehearsalAssertions.assertThat(server).passed();
        }
    }
}
