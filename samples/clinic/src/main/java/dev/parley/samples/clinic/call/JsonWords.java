package dev.parley.samples.clinic.call;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Tells JSON as short words for a console: {@code doctor: …, date: 2026-11-22}. */
final class JsonWords {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonWords() {}

    /** A tool's arguments; text that is not JSON as it is. */
    static String of(String json) {
        try {
            return inner(JSON.readTree(json));
        } catch (JsonProcessingException e) {
            return json;
        }
    }

    /** A tool's output: its result, or what was wrong. */
    static String ofOutput(String json) {
        try {
            JsonNode output = JSON.readTree(json);
            if (output.path("ok").asBoolean()) {
                return inner(output.path("result"));
            }
            JsonNode error = output.path("error");
            String violations = StreamSupport.stream(error.path("violations").spliterator(), false)
                    .map(each -> each.path("argument").asText() + " "
                            + each.path("problem").asText())
                    .collect(Collectors.joining("; "));
            return error.path("code").asText() + ": "
                    + (violations.isEmpty() ? error.path("message").asText() : violations);
        } catch (JsonProcessingException e) {
            return json;
        }
    }

    private static String inner(JsonNode node) {
        if (node.isObject()) {
            return node.properties().stream()
                    .map(member -> member.getKey() + ": " + nested(member.getValue()))
                    .collect(Collectors.joining(", "));
        }
        if (node.isArray()) {
            return StreamSupport.stream(node.spliterator(), false)
                    .map(JsonWords::nested)
                    .collect(Collectors.joining(", "));
        }
        return node.asText();
    }

    private static String nested(JsonNode node) {
        return node.isArray() ? "[" + inner(node) + "]" : node.isObject() ? "{" + inner(node) + "}" : node.asText();
    }
}
