package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.testkit.Violation.Kind;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Iterator;
import java.util.Set;

/**
 * Reads client messages as strictly as swaram's documents allow: its seven events, with the fields that those show, and
 * {@code event_id} on any of them.
 */
final class SwaramMessages {
    private SwaramMessages() {}

    static SwaramMessage read(ObjectNode message) throws Breach {
        String type = message.path("type").asText("");
        return switch (type) {
            case "session.update" -> {
                onlyFields(message, type, Set.of("session"));
                yield new SwaramMessage.Configure(SwaramSession.checked(message.path("session")));
            }
            case "input_audio_buffer.append" -> {
                onlyFields(message, type, Set.of("audio"));
                yield new SwaramMessage.Append(pcm16(message.path("audio")));
            }
            case "input_audio_buffer.commit" -> bare(message, type, new SwaramMessage.Commit());
            case "input_audio_buffer.clear" -> bare(message, type, new SwaramMessage.Clear());
            case "response.create" -> bare(message, type, new SwaramMessage.Create());
            case "response.cancel" -> bare(message, type, new SwaramMessage.Cancel());
            case "conversation.item.create" -> {
                onlyFields(message, type, Set.of("item"));
                yield output(message.path("item"));
            }
            case "" -> throw new Breach(Kind.EVENT_SHAPE, "a message has no type");
            default -> throw new Breach(Kind.UNKNOWN_EVENT, type + " is not one of swaram's seven client events");
        };
    }

    private static SwaramMessage bare(ObjectNode message, String type, SwaramMessage read) throws Breach {
        onlyFields(message, type, Set.of());
        return read;
    }

    private static void onlyFields(ObjectNode message, String type, Set<String> fields) throws Breach {
        Iterator<String> names = message.fieldNames();
        while (names.hasNext()) {
            String name = names.next();
            if (!name.equals("type") && !name.equals("event_id") && !fields.contains(name)) {
                throw new Breach(Kind.EVENT_SHAPE, type + " has no field " + name);
            }
        }
        for (String field : fields) {
            if (!message.has(field)) {
                throw new Breach(Kind.EVENT_SHAPE, type + " needs the field " + field);
            }
        }
    }

    private static ByteBuffer pcm16(JsonNode audio) throws Breach {
        if (!audio.isTextual()) {
            throw new Breach(Kind.EVENT_SHAPE, "input_audio_buffer.append needs its audio as a base64 string");
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(audio.textValue());
        } catch (IllegalArgumentException e) {
            throw new Breach(Kind.BAD_BASE64, "input_audio_buffer.append has audio that is not base64");
        }
        if (bytes.length % 2 != 0) {
            throw new Breach(
                    Kind.ODD_AUDIO_BYTES,
                    "input_audio_buffer.append has " + bytes.length + " bytes, and a sample has two");
        }
        return ByteBuffer.wrap(bytes);
    }

    private static SwaramMessage output(JsonNode item) throws Breach {
        String itemType = item.path("type").asText("");
        if (!itemType.equals("function_call_output")) {
            throw new Breach(
                    Kind.NOT_A_TOOL_OUTPUT,
                    "conversation.item.create has an item of type '" + itemType
                            + "', and swaram takes function_call_output alone");
        }
        Iterator<String> names = item.fieldNames();
        while (names.hasNext()) {
            String name = names.next();
            if (!Set.of("type", "call_id", "output").contains(name)) {
                throw new Breach(Kind.EVENT_SHAPE, "a function_call_output has no field " + name);
            }
        }
        if (!item.path("call_id").isTextual() || !item.path("output").isTextual()) {
            throw new Breach(Kind.EVENT_SHAPE, "a function_call_output needs call_id and output, both strings");
        }
        String callId = item.path("call_id").textValue();
        JsonNode output = Json.read(item.path("output").textValue());
        if (output == null) {
            throw new Breach(Kind.OUTPUT_NOT_JSON, "the output of " + callId + " is not JSON");
        }
        return new SwaramMessage.Output(callId, output);
    }
}
