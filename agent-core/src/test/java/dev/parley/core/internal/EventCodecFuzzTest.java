package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.core.event.ServerEvent;
import java.nio.charset.StandardCharsets;

/**
 * Whatever a provider sends is an event or is refused in one way; the socket's reader knows no third.
 *
 * <p>In the tests this reads the messages under {@code EventCodecFuzzTestInputs}. To search for more of them:
 * {@code JAZZER_FUZZ=1 mvn test -pl agent-core -Dtest=EventCodecFuzzTest}; what it finds is written there, and belongs there.
 */
class EventCodecFuzzTest {
    private final EventCodec codec = new EventCodec();
    private final JsonFactory json = new JsonFactory();
    private final JsonMapper tree = new JsonMapper();

    @DictionaryEntries({
        "\"type\":\"response.output_audio.delta\"",
        "\"type\":\"response.function_call_arguments.done\"",
        "\"type\":\"response.output_item.done\"",
        "\"type\":\"conversation.item.created\"",
        "\"type\":\"response.done\"",
        "\"type\":\"error\"",
        "\"type\":\"input_audio_buffer.speech_started\"",
        "\"delta\":\"",
        "\"response\":{",
        "\"item\":{",
        "\"item_id\":",
        "\"content\":[{\"text\":\"",
        "\"arguments\":",
        "\"output\":[",
        "\"audio_start_ms\":1e999",
        "\\ud83d",
        "AAAA",
        "/+==",
    })
    @FuzzTest(maxDuration = "10m")
    void anyMessageIsAnEventOrIsRefused(byte[] bytes) throws Exception {
        // As OkHttp reads text: what is no UTF-8 becomes U+FFFD.
        String message = new String(bytes, StandardCharsets.UTF_8);
        ServerEvent event;
        try {
            event = codec.decode(message);
        } catch (MalformedEventException e) {
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(200);
            assertThat(AudioDelta.read(message)).isNull();
            return;
        }
        assertThat(event.toString()).isNotBlank();
        if (AudioDelta.read(message) != null) {
            assertThat(EventFields.read(json, message).toEvent(message)).isEqualTo(event);
        }
        if (event instanceof ServerEvent.Unrecognized unrecognized) {
            assertThat(unrecognized.json()).isEqualTo(message);
        }
        if (event instanceof ServerEvent.FunctionCallArguments call && message.indexOf('\\') < 0) {
            // Arguments that came as JSON themselves, and not as text, leave as JSON.
            assertThat(sentAsJson(message))
                    .satisfiesAnyOf(is -> assertThat(is).isFalse(), is -> tree.readTree(call.arguments()));
        }
    }

    private boolean sentAsJson(String message) throws JsonProcessingException {
        return tree.readTree(message).path("arguments").isContainerNode();
    }
}
