package dev.parley.audio.transcript;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Entries as JSON objects of one line each, and back. Fields that do not apply are absent. */
final class EntryJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private EntryJson() {}

    static String write(TranscriptEntry entry) throws IOException {
        ObjectNode node = JSON.createObjectNode();
        node.put("position", entry.position());
        if (entry instanceof Turn turn) {
            node.put("kind", "turn");
            node.put("role", turn.role().name().toLowerCase(Locale.ROOT));
            node.put("text", turn.text());
            if (turn.unheard() != null) {
                node.put("unheard", turn.unheard());
            }
            if (turn.interrupted()) {
                node.put("interrupted", true);
            }
        } else if (entry instanceof ToolEntry tool) {
            node.put("kind", "tool");
            node.put("name", tool.name());
            node.put("arguments", tool.arguments());
            node.put("output", tool.output());
            node.put("ok", tool.ok());
        }
        node.put("startedAt", entry.startedAt().toString());
        node.put("endedAt", entry.endedAt().toString());
        return JSON.writeValueAsString(node);
    }

    /** @throws IOException if the line is no entry; the message holds none of its words */
    static TranscriptEntry read(String line) throws IOException {
        JsonNode node;
        try {
            node = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            // Jackson's message quotes the line: the caller's words
            throw new IOException("it is not JSON");
        }
        long position = required(node, "position").asLong();
        Instant startedAt = instant(node, "startedAt");
        Instant endedAt = instant(node, "endedAt");
        String kind = required(node, "kind").asText();
        return switch (kind) {
            case "turn" ->
                new Turn(
                        position,
                        role(required(node, "role").asText()),
                        required(node, "text").asText(),
                        text(node, "unheard"),
                        node.path("interrupted").asBoolean(),
                        startedAt,
                        endedAt);
            case "tool" ->
                new ToolEntry(
                        position,
                        required(node, "name").asText(),
                        required(node, "arguments").asText(),
                        required(node, "output").asText(),
                        required(node, "ok").asBoolean(),
                        startedAt,
                        endedAt);
            default -> throw new IOException("its kind is neither turn nor tool");
        };
    }

    static boolean isObject(String json) {
        try {
            return JSON.readTree(json).isObject();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static Turn.Role role(String name) throws IOException {
        return switch (name) {
            case "user" -> Turn.Role.USER;
            case "assistant" -> Turn.Role.ASSISTANT;
            default -> throw new IOException("its role is neither user nor assistant");
        };
    }

    private static Instant instant(JsonNode node, String field) throws IOException {
        try {
            return Instant.parse(required(node, field).asText());
        } catch (DateTimeException e) {
            throw new IOException("its " + field + " is no time", e);
        }
    }

    private static JsonNode required(JsonNode node, String field) throws IOException {
        JsonNode value = node.get(field);
        if (value == null || value.isNull()) {
            throw new IOException("it has no " + field);
        }
        return value;
    }

    private static @Nullable String text(JsonNode node, String field) {
        JsonNode value = node.get(field);
        return value == null || value.isNull() ? null : value.asText();
    }
}
