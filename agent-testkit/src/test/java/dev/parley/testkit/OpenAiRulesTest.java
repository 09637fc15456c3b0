package dev.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.testkit.Violation.Kind;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OpenAI's rules, each broken once: the client gets an error that names its event and the field, the session lives on. */
class OpenAiRulesTest {
    private static final Script SCRIPT = Script.named("rules")
            .greeting("Hello to all of you.")
            .turn(Turn.hear("Book it.").calls(Call.to("book")).says("Booked."))
            .build();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"voice":"marin"} | missing_required_parameter | session.type | SESSION_SHAPE
                    {"type":"transcription"} | invalid_value | session.type | SESSION_SHAPE
                    {"type":"realtime","voice":"marin"} | unknown_parameter | session.voice | SESSION_SHAPE
                    {"type":"realtime","modalities":["audio"]} | unknown_parameter | session.modalities | SESSION_SHAPE
                    {"type":"realtime","turn_detection":null} | unknown_parameter | session.turn_detection | SESSION_SHAPE
                    {"type":"realtime","instructions":7} | invalid_type | session.instructions | SESSION_SHAPE
                    {"type":"realtime","instructions":null} | invalid_type | session.instructions | SESSION_SHAPE
                    {"type":"realtime","model":"gpt-9"} | invalid_value | session.model | FIXED_SETTING
                    {"type":"realtime","output_modalities":["audio","text"]} | array_above_max_length | session.output_modalities | SESSION_SHAPE
                    {"type":"realtime","output_modalities":[]} | array_below_min_length | session.output_modalities | SESSION_SHAPE
                    {"type":"realtime","audio":{"output":{"voice":"mal-female"}}} | invalid_value | session.audio.output.voice | SESSION_SHAPE
                    {"type":"realtime","audio":{"output":{"speed":3}}} | decimal_above_max_value | session.audio.output.speed | SESSION_SHAPE
                    {"type":"realtime","audio":{"input":{"format":"pcm16"}}} | invalid_type | session.audio.input.format | SESSION_SHAPE
                    {"type":"realtime","audio":{"input":{"format":{"type":"audio/pcm","rate":16000}}}} | \
                        integer_below_min_value | session.audio.input.format.rate | SESSION_SHAPE
                    {"type":"realtime","audio":{"input":{"turn_detection":{"threshold":0.5}}}} | \
                        missing_required_parameter | session.audio.input.turn_detection.type | SESSION_SHAPE
                    {"type":"realtime","audio":{"input":{"turn_detection":{"type":"server_vad","eagerness":"low"}}}} | \
                        unknown_parameter | session.audio.input.turn_detection.eagerness | SESSION_SHAPE
                    {"type":"realtime","audio":{"input":{"turn_detection":{"type":"server_vad","silence_duration_ms":500.5}}}} | \
                        invalid_type | session.audio.input.turn_detection.silence_duration_ms | SESSION_SHAPE
                    {"type":"realtime","audio":{"input":{"transcription":{"enabled":true}}}} | unknown_parameter | \
                        session.audio.input.transcription.enabled | SESSION_SHAPE
                    {"type":"realtime","max_output_tokens":5000} | integer_above_max_value | session.max_output_tokens | SESSION_SHAPE
                    {"type":"realtime","tool_choice":"any"} | invalid_value | session.tool_choice | SESSION_SHAPE
                    {"type":"realtime","tools":{}} | invalid_type | session.tools | TOOL_SCHEMA
                    {"type":"realtime","tools":[{"type":"function","name":"f","strict":true}]} | unknown_parameter | \
                        session.tools[0].strict | TOOL_SCHEMA
                    {"type":"realtime","tools":[{"type":"function","name":"a b"}]} | invalid_value | session.tools[0].name | TOOL_SCHEMA
                    {"type":"realtime","tools":[{"type":"function","name":"f"},{"type":"function","name":"f"}]} | \
                        invalid_value | session.tools[1].name | TOOL_SCHEMA
                    {"type":"realtime","tools":[{"type":"function","name":"f","parameters":{"type":"string"}}]} | \
                        invalid_function_parameters | session.tools[0].parameters | TOOL_SCHEMA
                    """)
    void aSessionOfAnotherShapeIsRefusedAsAWhole(String session, String code, String param, Kind kind) {
        try (RehearsalServer server = FastServer.openAi(SCRIPT);
                BareClient client = BareClient.openAi(server)) {
            client.send("{\"type\":\"session.update\",\"event_id\":\"mine\",\"session\":" + session + "}");

            JsonNode error = client.await("error").path("error");
            assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
            assertThat(error.path("code").asText()).isEqualTo(code);
            assertThat(error.path("param").asText()).isEqualTo(param);
            assertThat(error.path("event_id").asText()).isEqualTo("mine");
            RehearsalAssertions.assertThat(server).violated(kind);
            assertThat(client.events("session.updated")).isEmpty();
            client.update("\"instructions\":\"Be kind.\"");
            assertThat(client.await("session.updated")
                            .at("/session/instructions")
                            .asText())
                    .isEqualTo("Be kind.");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"a":1} | missing_required_parameter | type | EVENT_SHAPE
                    {"type":"input_audio_buffer.flush"} | invalid_value | type | UNKNOWN_EVENT
                    {"type":"output_audio_buffer.clear"} | invalid_value | type | UNKNOWN_EVENT
                    {"type":"session.update"} | missing_required_parameter | session | EVENT_SHAPE
                    {"type":"session.update","session":7} | invalid_type | session | SESSION_SHAPE
                    {"type":"input_audio_buffer.append"} | missing_required_parameter | audio | EVENT_SHAPE
                    {"type":"input_audio_buffer.append","audio":7} | invalid_type | audio | EVENT_SHAPE
                    {"type":"input_audio_buffer.append","audio":"!!"} | invalid_value | audio | BAD_BASE64
                    {"type":"input_audio_buffer.append","audio":"AAAA"} | invalid_value | audio | ODD_AUDIO_BYTES
                    {"type":"input_audio_buffer.append","audio":"AAA=","rate":24000} | unknown_parameter | rate | EVENT_SHAPE
                    {"type":"conversation.item.create","item":{"type":"message","role":"user"}} | \
                        missing_required_parameter | item.content | EVENT_SHAPE
                    {"type":"conversation.item.create","item":{"type":"message","role":"tool","content":[]}} | invalid_value | item.role | EVENT_SHAPE
                    {"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"text","text":"a"}]}} | \
                        invalid_value | item.content[0].type | EVENT_SHAPE
                    {"type":"conversation.item.create","item":{"type":"message","role":"assistant",\
                    "content":[{"type":"output_audio","audio":"AAA="}]}} | \
                        invalid_value | item.content[0].type | EVENT_SHAPE
                    {"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"call_1","output":{}}} | \
                        invalid_type | item.output | EVENT_SHAPE
                    {"type":"conversation.item.create","previous_item_id":"item_9","item":{"type":"message","role":"user","content":[]}} | \
                        item_create_invalid_previous_item_id | previous_item_id | UNKNOWN_ITEM
                    {"type":"conversation.item.retrieve","item_id":"item_9"} | item_retrieve_invalid_item_id | item_id | UNKNOWN_ITEM
                    {"type":"conversation.item.delete","item_id":"item_9"} | item_delete_invalid_item_id | item_id | UNKNOWN_ITEM
                    {"type":"conversation.item.truncate","item_id":"item_9","content_index":0,"audio_end_ms":1} | \
                        item_truncate_invalid_item_id | item_id | UNKNOWN_ITEM
                    {"type":"conversation.item.truncate","item_id":"item_1","content_index":0,"audio_end_ms":10.5} | \
                        invalid_type | audio_end_ms | EVENT_SHAPE
                    {"type":"conversation.item.truncate","item_id":"item_1","content_index":0,"audio_end_ms":-1} | \
                        integer_below_min_value | audio_end_ms | EVENT_SHAPE
                    {"type":"conversation.item.truncate","item_id":"item_1","audio_end_ms":1} | \
                        missing_required_parameter | content_index | EVENT_SHAPE
                    {"type":"response.create","response":{"modalities":["text"]}} | unknown_parameter | response.modalities | EVENT_SHAPE
                    {"type":"response.create","response":{"conversation":"other"}} | invalid_value | response.conversation | EVENT_SHAPE
                    {"type":"response.create","response":{"metadata":{"a":7}}} | invalid_type | response.metadata.a | EVENT_SHAPE
                    {"type":"response.create","response":{"conversation":"none","input":[{"type":"item_reference","id":"item_9"}]}} | \
                        item_retrieve_invalid_item_id | item_id | UNKNOWN_ITEM
                    {"type":"response.cancel","response_id":7} | invalid_type | response_id | EVENT_SHAPE
                    """)
    void aBadMessageIsRefused(String message, String code, String param, Kind kind) {
        try (RehearsalServer server = FastServer.openAi(SCRIPT);
                BareClient client = BareClient.openAi(server)) {
            client.send(message);

            JsonNode error = client.await("error").path("error");
            assertThat(error.path("code").asText()).isEqualTo(code);
            assertThat(error.path("param").asText()).isEqualTo(param);
            RehearsalAssertions.assertThat(server).violated(kind);
            client.update("");
            client.await("session.updated");
        }
    }

    @Test
    void aMessageThatIsNoJsonObjectIsRefused() {
        try (RehearsalServer server = FastServer.openAi(SCRIPT);
                BareClient client = BareClient.openAi(server)) {
            client.send("{oops");
            client.sendBinary(new byte[640]);

            assertThat(client.await("error").at("/error/code").asText()).isEqualTo("not_json");
            assertThat(client.await("error", 2).at("/error/code").asText()).isEqualTo("binary_message");
            RehearsalAssertions.assertThat(server).violated(Kind.NOT_JSON, Kind.BINARY_MESSAGE);
        }
    }

    @Test
    void theSessionBeginsWithAllItsSettings() {
        FakeClock clock = new FakeClock(Instant.ofEpochSecond(1_000_000));
        try (RehearsalServer server =
                        RehearsalServer.openAi().script(SCRIPT).clock(clock).start();
                BareClient client = BareClient.openAi(server)) {
            assertThat(client.events().get(0).path("type").asText()).isEqualTo("session.created");
            assertThat(client.events().get(0).path("session").toString())
                    .isEqualTo(
                            "{\"type\":\"realtime\",\"object\":\"realtime.session\",\"id\":\"sess_1\",\"model\":\"gpt-realtime\","
                                    + "\"expires_at\":1003600,\"output_modalities\":[\"audio\"],"
                                    + "\"instructions\":\"You are a helpful assistant.\",\"tools\":[],\"tool_choice\":\"auto\","
                                    + "\"max_output_tokens\":\"inf\",\"truncation\":\"auto\",\"tracing\":null,\"prompt\":null,"
                                    + "\"include\":null,\"audio\":{\"input\":{\"format\":{\"type\":\"audio/pcm\",\"rate\":24000},"
                                    + "\"transcription\":null,\"noise_reduction\":null,\"turn_detection\":{\"type\":\"server_vad\","
                                    + "\"threshold\":0.5,\"prefix_padding_ms\":300,\"silence_duration_ms\":500,"
                                    + "\"idle_timeout_ms\":null,\"create_response\":true,\"interrupt_response\":true}},"
                                    + "\"output\":{\"format\":{\"type\":\"audio/pcm\",\"rate\":24000},\"voice\":\"alloy\","
                                    + "\"speed\":1.0}}}");
        }
    }

    @Test
    void whatIsAbsentStaysAndNullClears() {
        try (RehearsalServer server = FastServer.openAi(SCRIPT);
                BareClient client = BareClient.openAi(server, """
                        "instructions":"Be kind.","tools":[{"type":"function","name":"f"}],
                        "audio":{"input":{"transcription":{"model":"whisper-1"},"noise_reduction":{"type":"near_field"}},
                        "output":{"voice":"marin"}}""")) {
            client.update(
                    "\"audio\":{\"input\":{\"transcription\":null,\"turn_detection\":{\"type\":\"semantic_vad\"}}}");
            JsonNode session = client.await("session.updated", 2).path("session");
            client.update("\"tools\":[],\"instructions\":\"\",\"audio\":{\"input\":{\"turn_detection\":null}}");
            JsonNode cleared = client.await("session.updated", 3).path("session");

            assertThat(session.path("instructions").asText()).isEqualTo("Be kind.");
            assertThat(session.path("tools").toString()).isEqualTo("[{\"type\":\"function\",\"name\":\"f\"}]");
            assertThat(session.at("/audio/output/voice").asText()).isEqualTo("marin");
            assertThat(session.at("/audio/input/noise_reduction/type").asText()).isEqualTo("near_field");
            assertThat(session.at("/audio/input/transcription").isNull()).isTrue();
            assertThat(session.at("/audio/input/turn_detection").toString())
                    .isEqualTo("{\"type\":\"semantic_vad\",\"eagerness\":\"auto\",\"create_response\":true,"
                            + "\"interrupt_response\":true}");
            assertThat(cleared.path("instructions").asText()).isEmpty();
            assertThat(cleared.path("tools").toString()).isEqualTo("[]");
            assertThat(cleared.at("/audio/input/turn_detection").isNull()).isTrue();
            RehearsalAssertions.assertThat(server).hasNoViolations();
        }
    }

    @Test
    void theVoiceStaysOnceItWasHeard() {
        try (RehearsalServer server = FastServer.openAi(SCRIPT);
                BareClient client = BareClient.openAi(server, "\"audio\":{\"output\":{\"voice\":\"marin\"}}")) {
            client.create();
            client.await("response.done");
            client.update("\"audio\":{\"output\":{\"voice\":\"cedar\"}}");
            client.update("\"audio\":{\"output\":{\"voice\":\"marin\"}},\"model\":\"gpt-realtime\"");

            assertThat(client.await("error").at("/error/code").asText()).isEqualTo("cannot_update_voice");
            assertThat(client.await("session.updated", 2)
                            .at("/session/audio/output/voice")
                            .asText())
                    .isEqualTo("marin");
            RehearsalAssertions.assertThat(server).violated(Kind.FIXED_SETTING);
        }
    }

    @Test
    void aReplyIsCutToWhatWasHeard() {
        try (RehearsalServer server = FastServer.openAi(SCRIPT);
                BareClient client = BareClient.openAi(server)) {
            client.create();
            client.await("response.done");
            long length = client.audio().length / 48;
            client.send(truncate("item_1", 0, length + 1));
            client.send(truncate("item_1", 1, 10));
            client.send(truncate("item_1", 0, 400));
            client.send("{\"type\":\"conversation.item.retrieve\",\"item_id\":\"item_1\"}");
            client.send(truncate("item_1", 0, 401));

            assertThat(client.await("error").path("error").toString())
                    .isEqualTo(
                            "{\"type\":\"invalid_request_error\",\"code\":\"invalid_value\",\"message\":\"Audio content of "
                                    + length + "ms is already shorter than " + (length + 1)
                                    + "ms\",\"param\":\"audio_end_ms\",\"event_id\":null}");
            assertThat(client.await("error", 2).at("/error/param").asText()).isEqualTo("content_index");
            JsonNode truncated = client.await("conversation.item.truncated");
            assertThat(truncated.path("item_id").asText()).isEqualTo("item_1");
            assertThat(truncated.path("content_index").asInt()).isZero();
            assertThat(truncated.path("audio_end_ms").asInt()).isEqualTo(400);
            JsonNode content = client.await("conversation.item.retrieved").at("/item/content/0");
            assertThat(content.has("transcript")).isFalse();
            assertThat(content.path("audio").asText()).hasSize(400 * 48 / 3 * 4);
            assertThat(client.await("error", 3).at("/error/message").asText())
                    .isEqualTo("Audio content of 400ms is already shorter than 401ms");
            RehearsalAssertions.assertThat(server).violated(Kind.TRUNCATION, Kind.TRUNCATION, Kind.TRUNCATION);
        }
    }

    @Test
    void onlyWhatTheModelSpokeCanBeCut() {
        try (RehearsalServer server = FastServer.openAi(SCRIPT);
                BareClient client = BareClient.openAi(server)) {
            client.write("Hello.");
            client.await("conversation.item.done");
            client.send(truncate("item_1", 0, 0));

            assertThat(client.await("error").at("/error/code").asText()).isEqualTo("unsupported_content_type");
            RehearsalAssertions.assertThat(server).violated(Kind.TRUNCATION);
        }
    }

    private static String truncate(String itemId, int contentIndex, long endMs) {
        return "{\"type\":\"conversation.item.truncate\",\"item_id\":\"" + itemId + "\",\"content_index\":"
                + contentIndex + ",\"audio_end_ms\":" + endMs + "}";
    }

    @Test
    void itemsStandWhereTheClientWantsThemAndCanBeDeleted() {
        try (RehearsalServer server = FastServer.openAi(SCRIPT);
                BareClient client = BareClient.openAi(server)) {
            for (String[] item :
                    new String[][] {{"b", "null"}, {"a", "\"root\""}, {"c", "\"b\""}, {"between", "\"a\""}}) {
                client.send("{\"type\":\"conversation.item.create\",\"previous_item_id\":" + item[1]
                        + ",\"item\":{\"id\":\"" + item[0]
                        + "\",\"type\":\"message\",\"role\":\"system\",\"content\":[]}}");
            }
            client.send(
                    "{\"type\":\"conversation.item.create\",\"item\":{\"id\":\"b\",\"type\":\"message\",\"role\":\"system\","
                            + "\"content\":[]}}");
            client.send("{\"type\":\"conversation.item.delete\",\"item_id\":\"b\"}");
            client.send("{\"type\":\"conversation.item.delete\",\"item_id\":\"b\"}");

            client.await("conversation.item.done", 4);
            assertThat(client.events("conversation.item.added"))
                    .extracting(event -> event.at("/item/id").asText() + " after "
                            + event.path("previous_item_id").asText())
                    .containsExactly("b after null", "a after null", "c after b", "between after a");
            assertThat(client.await("conversation.item.deleted").path("item_id").asText())
                    .isEqualTo("b");
            assertThat(client.await("error").at("/error/code").asText()).isEqualTo("item_create_duplicate_item_id");
            assertThat(client.await("error", 2).at("/error/code").asText()).isEqualTo("item_delete_invalid_item_id");
        }
    }

    @Test
    void anAppendHoldsFifteenMebibytesAtMost() throws Exception {
        try (RehearsalServer server = FastServer.openAi(SCRIPT)) {
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .header("Authorization", "Bearer key")
                    .buildAsync(URI.create(server.url() + "?model=gpt-realtime"), new WebSocket.Listener() {})
                    .get();
            int largest = 15 << 20;
            socket.sendText(BareClient.append(new byte[largest]), true).get();
            socket.sendText(BareClient.append(new byte[largest + 2]), true).get();
            RehearsalConnection connection = server.awaitConnection(0);
            Awaitility.await()
                    .until(() ->
                            connection.received("input_audio_buffer.append").size() == 2
                                    && !connection.report().violations().isEmpty());

            assertThat(connection.samplesReceived()).isEqualTo(largest / 2);
            RehearsalAssertions.assertThat(connection).violated(Kind.AUDIO_TOO_LARGE);
            socket.abort();
        }
    }

    @Test
    void aSessionExpiresByTheServersClockAndTheScriptGoesOnWithTheNextOne() {
        Script script = Script.named("long")
                .turn(Turn.hear("One.").says("First."))
                .turn(Turn.hear("Two.").says("Second."))
                .build();
        FakeClock clock = new FakeClock(Instant.parse("2026-11-21T04:30:00Z"));
        try (RehearsalServer server = RehearsalServer.openAi()
                        .script(script)
                        .clock(clock)
                        .sessionLimit(Duration.ofMinutes(30))
                        .start();
                BareClient client = BareClient.openAi(server)) {
            client.say();
            Awaitility.await("the reply").until(() -> clock.pendingTimers() == 2);
            clock.advance(Duration.ofMinutes(29));
            client.await("response.done");
            assertThat(client.closeCode()).isZero();
            clock.advance(Duration.ofMinutes(1));

            assertThat(client.await("error").path("error").toString())
                    .isEqualTo(
                            "{\"type\":\"invalid_request_error\",\"code\":\"session_expired\",\"message\":"
                                    + "\"Your session hit the maximum duration of 30 minutes.\",\"param\":null,\"event_id\":null}");
            assertThat(client.awaitClose()).isEqualTo(1001);
            try (BareClient next = BareClient.openAi(server)) {
                next.say();
                Awaitility.await("the reply").until(() -> clock.pendingTimers() == 2);
                clock.advance(Duration.ofMinutes(1));
                next.await("response.done");
                assertThat(next.transcript()).isEqualTo("Second.");
            }
            RehearsalAssertions.assertThat(server).passed();
        }
    }
}
