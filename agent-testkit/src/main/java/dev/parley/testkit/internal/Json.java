package dev.parley.testkit.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.testkit.ScriptException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** The module's one JSON reader and writer. */
public final class Json {
    /** More than the largest append that OpenAI takes, 15 MiB in base64: it is refused as such, not as broken JSON. */
    private static final int LONGEST_STRING = 64 << 20;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(LONGEST_STRING)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** The text's value, or null if it is not JSON. */
    static @Nullable JsonNode read(String text) {
        try {
            JsonNode node = MAPPER.readTree(text);
            return node.isMissingNode() ? null : node;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    public static String text(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("not a value that JSON can hold", e);
        }
    }

    /** The JSON object in the text with one more member. */
    public static String withMember(String objectText, String name, @Nullable Object value) {
        if (!(read(objectText) instanceof ObjectNode object)) {
            throw new ScriptException("arguments written raw cannot get the argument " + name + ": write it there");
        }
        object.set(name, MAPPER.<JsonNode>valueToTree(value));
        return object.toString();
    }
}
