package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.core.event.ServerEvent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The short cut for audio must never show: whatever it reads, somebody else's reader of JSON reads just so. */
class AudioDeltaTest {
    private static final int MESSAGES = 40_000;

    private final EventCodec codec = new EventCodec();
    private final JsonMapper tree = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Two in three messages are plain or nearly so: the rest differ from one in a place or two. */
    @Test
    void agreesWithATreeOnThousandsOfMessagesOfAnyShape() {
        Random random = new Random(20_261_121);
        int shortCut = 0;
        int longWay = 0;
        int refused = 0;
        for (int i = 0; i < MESSAGES; i++) {
            String message = anyMessage(random);
            ServerEvent expected = byTree(message);
            ServerEvent read = byCodec(message);
            assertThat(read).as(message).isEqualTo(expected);
            if (AudioDelta.read(message) != null) {
                shortCut++;
            } else if (expected != null) {
                longWay++;
            } else {
                refused++;
            }
        }
        // Each way is taken often: else this test would show nothing.
        assertThat(shortCut).isGreaterThan(MESSAGES / 5);
        assertThat(longWay).isGreaterThan(MESSAGES / 5);
        assertThat(refused).isGreaterThan(MESSAGES / 5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'response.output_audio.delta','response_id':'r','item_id':'i','delta':'%s'}",
                "{'delta':'%s','type':'response.output_audio.delta','response_id':'r','item_id':'i'}",
                "\t{ 'type' : 'response.audio.delta' ,\r\n'item_id':'i', 'response_id':'r', 'delta' : '%s' } ",
                "{'type':'response.output_audio.delta','event_id':'événement','response_id':'r',"
                        + "'item_id':'i','delta':'%s','output_index':0,'content_index':12,'a':true,'b':false,'c':null}",
                "{'type':'response.output_audio.delta','event_id':'\u0d41','response_id':'x','response_id':'r','item_id':'i','delta':'%s'}",
            })
    void takesTheShortCut(String shape) {
        byte[] pcm = audio(4_800);
        String message = shape.replace('\'', '"').formatted(Base64.getEncoder().encodeToString(pcm));
        assertThat(AudioDelta.read(message)).isEqualTo(new ServerEvent.OutputAudio("r", "i", ByteBuffer.wrap(pcm)));
        assertThat(byTree(message)).isEqualTo(new ServerEvent.OutputAudio("r", "i", ByteBuffer.wrap(pcm)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{'type':'response.output_audio.delta','delta':'%s'}]",
                "{'type':'response.output_audio_transcript.delta','delta':'%s'}",
                "{'type':null,'delta':'%s'}",
                "{'delta':'%s'}",
                "{'type':'response.output_audio.delta','x':{'delta':'%s'}}",
                "{'type':'response.output_audio.delta','x':['delta','%s']}",
                "{'type':'response.output_audio.delta','delta':'AAAA','delta':'%s'}",
                "{'type':'response.output_audio.delta','delta':'%s','\\u0064elta':'AAAA'}",
                "{'type':'response.output_audio.delta','type':'error','delta':'%s'}",
                "{'type':'response.output_audio.delta','item_id':'\\u0069','delta':'%s'}",
                "{'type':'response.output_audio.delta','item_id':'\n','delta':'%s'}",
                "{'type':'response.output_audio.delta','n':01,'delta':'%s'}",
                "{'type':'response.output_audio.delta','n':-1,'delta':'%s'}",
                "{'type':'response.output_audio.delta','n':nul,'delta':'%s'}",
                "{'type':'response.output_audio.delta','n':,'delta':'%s'}",
                "{'type':'response.output_audio.delta',,'delta':'%s'}",
                "{'type':'response.output_audio.delta','delta':'%s',}",
                "{'type':'response.output_audio.delta','delta':'%s'",
                "{'type':'response.output_audio.delta','delta':'%s'}}",
                "{'type':'response.output_audio.delta','delta':'%s'} x",
                "{'type':'response.output_audio.delta','delta':'%s\\/'}",
                "{'type':'response.output_audio.delta','delta':'%s\\'}",
                "{'type':'response.output_audio.delta','delta':'%s-_'}",
                "{'type':'response.output_audio.delta','delta':'%s=='}",
                "{'type':'response.output_audio.delta','delta':'%s\u0d41'}",
                "{'type':'response.output_audio.delta','item_id':'\ud83d\ude00','delta':'%s'}",
            })
    void leavesWhatItDoesNotKnowToTheReaderOfAllJson(String shape) {
        String base64 = Base64.getEncoder().encodeToString(audio(4_800));
        String message = shape.replace('\'', '"').formatted(base64);
        assertThat(AudioDelta.read(message)).isNull();
        assertThat(byCodec(message)).isEqualTo(byTree(message));
    }

    /** Null where the message is refused. */
    private @Nullable ServerEvent byCodec(String message) {
        try {
            return codec.decode(message);
        } catch (MalformedEventException e) {
            return null;
        }
    }

    /** What any reader of JSON makes of an audio delta or a transcript's; null where it is not well formed. */
    private @Nullable ServerEvent byTree(String message) {
        JsonNode root;
        try {
            root = tree.readTree(message);
        } catch (JsonProcessingException e) {
            return null;
        }
        String type = root.isObject() ? text(root, "type") : null;
        String delta = text(root, "delta");
        if (type == null || type.isEmpty()) {
            return null;
        }
        return switch (type) {
            case "response.output_audio.delta", "response.audio.delta" -> {
                ByteBuffer pcm = delta == null ? null : decoded(delta);
                yield pcm == null
                        ? null
                        : new ServerEvent.OutputAudio(text(root, "response_id"), text(root, "item_id"), pcm);
            }
            case "response.output_audio_transcript.delta", "response.audio_transcript.delta" ->
                delta == null
                        ? null
                        : new ServerEvent.OutputTranscript(text(root, "response_id"), text(root, "item_id"), delta);
            case "error" -> new ServerEvent.ErrorEvent(null, null, null, null);
            default -> new ServerEvent.Unrecognized(type, message);
        };
    }

    private static @Nullable ByteBuffer decoded(String base64) {
        try {
            return ByteBuffer.wrap(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable String text(JsonNode root, String field) {
        JsonNode value = root.path(field);
        return value.isTextual() ? value.textValue() : null;
    }

    private static byte[] audio(int bytes) {
        byte[] pcm = new byte[bytes];
        new Random(1).nextBytes(pcm);
        return pcm;
    }

    private static String anyMessage(Random random) {
        List<String> fields = new ArrayList<>();
        fields.add(field(
                "type",
                quoted(oneOf(
                        random,
                        "response.output_audio.delta",
                        "response.output_audio.delta",
                        "response.output_audio.delta",
                        "response.audio.delta",
                        "response.audio.delta",
                        "response.output_audio_transcript.delta",
                        "response.output_audio.delta2"))));
        fields.add(field("delta", quoted(anyBase64(random))));
        for (String name : List.of("event_id", "response_id", "item_id", "output_index", "content_index")) {
            if (random.nextInt(4) > 0) {
                fields.add(field(name, plainValue(random)));
            }
        }
        for (int oddities = random.nextInt(3); oddities > 0 && random.nextBoolean(); oddities--) {
            fields.add(odd(random));
        }
        Collections.shuffle(fields, random);
        String space = oneOf(random, "", "", " ", "\n\t", "\r\n");
        StringBuilder message = new StringBuilder(space + "{" + space);
        message.append(String.join("," + space, fields))
                .append(space)
                .append('}')
                .append(space);
        if (random.nextInt(3) == 0) {
            damage(message, random);
        }
        return message.toString();
    }

    private static String field(String name, String value) {
        return quoted(name) + ":" + value;
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }

    private static String plainValue(Random random) {
        return oneOf(random, "0", "17", "null", "true", "\"item_CbA7g8dEfGh2\"", "\"\"", "\"é?\"");
    }

    private static String odd(Random random) {
        return oneOf(
                random,
                "\"x\":{\"delta\":\"" + "QUJD".repeat(100) + "\"}",
                "\"x\":[\"delta\",\"type\"]",
                "\"x\":\"\\\"delta\\\":\\\"\"",
                "\"delta\":\"AAAA\"",
                "\"delta\":7",
                "\"type\":\"response.audio.delta\"",
                "\"type\":{}",
                "\"item_id\":\"\\u0041\\n\"",
                "\"item_id\":\"\u0d0e\u0d28\u0d4d\"",
                "\"item_id\":\"\ud83d\ude00\"",
                "\"item_id\":[1]",
                "\"\\u0069tem_id\":\"y\"",
                "\"response_id\":-0.5e3",
                "\"response_id\":00",
                "\"response_id\":123456789012345678901234567890",
                "\"" + "n".repeat(70) + "\":1");
    }

    private static String anyBase64(Random random) {
        byte[] pcm = new byte[random.nextInt(600)];
        random.nextBytes(pcm);
        String plain = Base64.getEncoder().encodeToString(pcm);
        return switch (random.nextInt(16)) {
            case 0 -> Base64.getUrlEncoder().encodeToString(pcm);
            case 1 -> Base64.getEncoder().withoutPadding().encodeToString(pcm);
            case 2 -> plain.replace("/", "\\/");
            case 3 -> plain.replace("A", "\\u0041");
            case 4 -> Base64.getMimeEncoder().encodeToString(pcm);
            case 5 -> plain + "=";
            default -> plain;
        };
    }

    /** A place or two of the message are changed, dropped or doubled, or its end is cut off. */
    private static void damage(StringBuilder message, Random random) {
        for (int times = 1 + random.nextInt(2); times > 0; times--) {
            // Most of a message is base64: half of the damage goes to where the structure is.
            int at = random.nextInt(random.nextBoolean() ? message.length() : Math.min(120, message.length()));
            switch (random.nextInt(4)) {
                case 0 -> message.deleteCharAt(at);
                case 1 -> message.insert(at, message.charAt(at));
                case 2 -> message.setLength(at + 1);
                default ->
                    message.setCharAt(
                            at,
                            oneOf(
                                            random, "\"", "\\", "{", "}", ":", ",", " ", "\u0000", "=", "0", "\u0d41",
                                            "\ud83d", "é")
                                    .charAt(0));
            }
        }
    }

    private static String oneOf(Random random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
