package dev.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.testkit.Violation.Kind;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule is broken once: the client gets an error event, the message has no effect, the connection lives on. */
class ProtocolViolationsTest {
    private static final Script SCRIPT = Script.named("rules")
            .greeting(Speech.of("Hello.").soundingAs(Recording.tone(Duration.ofSeconds(30))))
            .turn(Turn.hear("Book it.").calls(Call.to("book")).says("Booked."))
            .build();

    private static RehearsalServer start() {
        return RehearsalServer.builder().script(SCRIPT).start();
    }

    private static void assertRefused(RehearsalServer server, BareClient client, Kind kind, String message) {
        JsonNode error = client.await("error").path("error");
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error.path("code").asText()).isEqualTo(kind.name().toLowerCase(Locale.ROOT));
        assertThat(error.path("message").asText()).isEqualTo(message);
        assertThat(server.report().violations()).containsExactly(new Violation(kind, message));
        assertThat(server.connection(0).closed()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {oops | NOT_JSON | a message of 5 characters is not a JSON object
                    [1] | NOT_JSON | a message of 3 characters is not a JSON object
                    {"a":1} | EVENT_SHAPE | a message has no type
                    {"type":"conversation.item.truncate"} | UNKNOWN_EVENT | conversation.item.truncate is not one of swaram's seven client events
                    {"type":"response.create","response":{}} | EVENT_SHAPE | response.create has no field response
                    {"type":"response.cancel","response_id":"resp_1"} | EVENT_SHAPE | response.cancel has no field response_id
                    {"type":"input_audio_buffer.append"} | EVENT_SHAPE | input_audio_buffer.append needs the field audio
                    {"type":"input_audio_buffer.append","audio":7} | EVENT_SHAPE | input_audio_buffer.append needs its audio as a base64 string
                    {"type":"input_audio_buffer.append","audio":"!!"} | BAD_BASE64 | input_audio_buffer.append has audio that is not base64
                    {"type":"input_audio_buffer.append","audio":"AAAA"} | ODD_AUDIO_BYTES | \
                        input_audio_buffer.append has 3 bytes, and a sample has two
                    {"type":"session.update","session":{}} | CONFIGURED_TWICE | a second session.update came; the configuration is fixed
                    {"type":"conversation.item.create","item":{"type":"message","role":"user","content":[]}} | \
                        NOT_A_TOOL_OUTPUT | \
                        conversation.item.create has an item of type 'message', and swaram takes function_call_output alone
                    {"type":"conversation.item.create","item":{"type":"function_call_output","output":"{}"}} | \
                        EVENT_SHAPE | a function_call_output needs call_id and output, both strings
                    {"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"call_1","output":{}}} | \
                        EVENT_SHAPE | a function_call_output needs call_id and output, both strings
                    {"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"call_1",\
                    "output":"{}","ok":true}} | \
                        EVENT_SHAPE | a function_call_output has no field ok
                    {"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"call_1","output":"done"}} | \
                        OUTPUT_NOT_JSON | the output of call_1 is not JSON
                    {"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"call_9","output":"{}"}} | \
                        UNKNOWN_CALL_ID | an output for call_9 came, and no such call was made
                    """)
    void aBadMessageIsRefused(String message, Kind kind, String sentence) {
        try (RehearsalServer server = start();
                BareClient client = BareClient.ready(server)) {
            client.send(message);

            assertRefused(server, client, kind, sentence);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"type":"session.update"} | EVENT_SHAPE | session.update needs the field session
                    {"type":"session.update","session":7} | SESSION_SHAPE | session.update needs a session object
                    {"type":"session.update","session":{"type":"realtime"}} | SESSION_SHAPE | \
                        swaram's session has no field type; it has instructions, voice, tools, tool_choice and turn_detection
                    {"type":"session.update","session":{"voice":"marin"}} | SESSION_SHAPE | the session's voice must be mal-female or mal-male
                    {"type":"session.update","session":{"instructions":7}} | SESSION_SHAPE | the session's instructions must be a string
                    {"type":"session.update","session":{"tools":{}}} | SESSION_SHAPE | the session's tools must be a list
                    {"type":"session.update","session":{"tool_choice":"required"}} | TOOL_CHOICE | \
                        tool_choice must be auto: with required the model calls tools for ever
                    {"type":"session.update","session":{"tools":[{"type":"function","name":"a b"}]}} | TOOL_SCHEMA | \
                        a tool is named 'a b', and names are 1 to 64 letters, digits, _ and -
                    {"type":"session.update","session":{"tools":[{"type":"mcp","name":"f"}]}} | TOOL_SCHEMA | tool f must be of type function
                    {"type":"session.update","session":{"tools":[{"type":"function","name":"f","strict":true}]}} | \
                        TOOL_SCHEMA | tool f has no field strict
                    {"type":"session.update","session":{"tools":[{"type":"function","name":"f","parameters":{"type":"string"}}]}} | \
                        TOOL_SCHEMA | the parameters of tool f must be a JSON Schema of type object with properties
                    {"type":"input_audio_buffer.append","audio":"AAAA"} | ODD_AUDIO_BYTES | \
                        input_audio_buffer.append has 3 bytes, and a sample has two
                    {"type":"input_audio_buffer.append","audio":"AAA="} | AUDIO_BEFORE_CONFIGURATION | audio came before session.update
                    {"type":"response.create"} | EVENT_BEFORE_CONFIGURATION | response.create came before session.update
                    """)
    void aBadConfigurationIsRefusedAndAGoodOneStillTaken(String message, Kind kind, String sentence) {
        try (RehearsalServer server = start();
                BareClient client = BareClient.connect(server)) {
            client.send(message);

            assertRefused(server, client, kind, sentence);
            assertThat(client.events("session.updated")).isEmpty();
            client.send(BareClient.CONFIGURE);
            client.await("session.updated");
        }
    }

    @Test
    void twoToolsOfOneNameAreRefused() {
        try (RehearsalServer server = start();
                BareClient client = BareClient.connect(server)) {
            String tool =
                    "{\"type\":\"function\",\"name\":\"f\",\"parameters\":{\"type\":\"object\",\"properties\":{}}}";
            client.send("{\"type\":\"session.update\",\"session\":{\"tools\":[" + tool + "," + tool + "]}}");

            assertRefused(server, client, Kind.TOOL_SCHEMA, "two tools are named f");
        }
    }

    @Test
    void aBinaryMessageIsRefused() {
        try (RehearsalServer server = start();
                BareClient client = BareClient.ready(server)) {
            client.sendBinary(new byte[640]);

            assertRefused(
                    server, client, Kind.BINARY_MESSAGE, "a binary message of 640 bytes came; all messages are text");
        }
    }

    @Test
    void theErrorNamesTheClientsEvent() {
        try (RehearsalServer server = start();
                BareClient client = BareClient.ready(server)) {
            client.send("{\"type\":\"conversation.item.delete\",\"event_id\":\"mine_1\"}");

            assertThat(client.await("error").at("/error/event_id").asText()).isEqualTo("mine_1");
        }
    }

    @Test
    void aSecondOutputForACallIsRefused() {
        try (RehearsalServer server = start();
                BareClient client = BareClient.ready(server)) {
            client.say();
            client.await("response.function_call_arguments.done");
            client.answer("call_1", "{\"ok\":true}");
            client.answer("call_1", "{\"ok\":true}");

            assertRefused(server, client, Kind.SECOND_OUTPUT, "a second output for call_1 came");
        }
    }

    @Test
    void responseCreateAfterAToolsOutputIsRefused() {
        try (RehearsalServer server = start();
                BareClient client = BareClient.ready(server)) {
            client.say();
            client.await("response.function_call_arguments.done");
            client.answer("call_1", "{\"ok\":true}");
            client.await("response.done", 2);
            client.send("{\"type\":\"response.create\"}");

            assertRefused(
                    server,
                    client,
                    Kind.RESPONSE_CREATE_AFTER_TOOL_OUTPUT,
                    "response.create came after tool calls; the server goes on by itself once it has the outputs");
        }
    }

    @Test
    void responseCreateDuringAResponseIsRefused() {
        try (RehearsalServer server = start();
                BareClient client = BareClient.ready(server)) {
            client.send("{\"type\":\"response.create\"}");
            client.send("{\"type\":\"response.create\"}");

            assertRefused(server, client, Kind.RESPONSE_CREATE_WHILE_ACTIVE, "response.create came during a response");
            assertThat(client.events("response.created")).hasSize(1);
        }
    }

    @Test
    void whatSwaramDocumentsIsTakenWithoutAWord() {
        try (RehearsalServer server = start();
                BareClient client = BareClient.connect(server)) {
            client.send("""
                    {"type":"session.update","event_id":"e1","session":{"instructions":"x","voice":"mal-male",
                     "turn_detection":"default","tool_choice":"auto","tools":[]}}""");
            client.send("{\"type\":\"input_audio_buffer.append\",\"audio\":\"\"}");
            client.send("{\"type\":\"input_audio_buffer.commit\"}");
            client.send("{\"type\":\"input_audio_buffer.clear\"}");
            client.send("{\"type\":\"response.create\"}");
            client.await("response.created");

            assertThat(server.report().violations()).isEmpty();
            assertThat(client.events("error")).isEmpty();
        }
    }

    @Test
    void cancellingNothingIsHarmless() {
        try (RehearsalServer server = start();
                BareClient client = BareClient.ready(server)) {
            client.send("{\"type\":\"response.cancel\"}");

            assertThat(client.await("error").at("/error/code").asText()).isEqualTo("response_cancel_not_active");
            assertThat(server.report().violations()).isEmpty();
        }
    }

    @Test
    void findingsAreBounded() {
        try (RehearsalServer server = start();
                BareClient client = BareClient.ready(server)) {
            for (int i = 0; i < 1_005; i++) {
                client.send("{oops");
            }
            client.await("error", 1_005);

            assertThat(server.report().violations()).hasSize(1_000);
            assertThat(server.report().mismatches())
                    .containsExactly(
                            "and 5 more findings that are not listed",
                            "the script has a greeting, and nobody asked for it with response.create");
        }
    }
}
