package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.parley.tools.ToolResult;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the error side of the output contract. Stateless. */
public final class Outputs {
    private static final JsonMapper PLAIN = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Outputs() {}

    /** The output of a call that went well, around a value that is JSON already. */
    static ToolResult success(String json) {
        return new ToolResult(true, null, "{\"ok\":true,\"result\":" + json + "}");
    }

    /** The same, around a text. One copy of it, where a generator makes several. */
    static ToolResult successOfText(String text) {
        if (needsNoEscape(text)) {
            return new ToolResult(true, null, "{\"ok\":true,\"result\":\"" + text + "\"}");
        }
        StringBuilder output = new StringBuilder(text.length() + 32).append("{\"ok\":true,\"result\":");
        quote(text, output);
        return new ToolResult(true, null, output.append('}').toString());
    }

    private static boolean needsNoEscape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    static void quote(String text, StringBuilder to) {
        to.append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, to);
        to.append('"');
    }

    /** A text that another tool gave: objects and arrays as they are, and anything else as a string. */
    static String textOrJson(@Nullable String text) {
        if (text == null) {
            return "null";
        }
        try {
            JsonNode tree = PLAIN.readTree(text);
            if (tree != null && tree.isContainerNode()) {
                return tree.toString();
            }
        } catch (JsonProcessingException e) {
            // Plain text then, which is what most tools give.
            return TextNode.valueOf(text).toString();
        }
        return TextNode.valueOf(text).toString();
    }

    /** How long an output is, in bytes of UTF-8. */
    public static int bytes(ToolResult result) {
        return ArgumentsJson.utf8Length(result.output());
    }

    /** An output as a tree; null if it is no object, as one that an interceptor made may be. */
    static @Nullable ObjectNode told(String output) throws JsonProcessingException {
        return PLAIN.readTree(output) instanceof ObjectNode object ? object : null;
    }

    /** An error without violations. */
    public static ToolResult error(String code, String message) {
        return error(code, message, List.of());
    }

    static ToolResult invalidArguments(List<Violation> violations) {
        StringBuilder message = new StringBuilder();
        for (Violation violation : violations) {
            if (!message.isEmpty()) {
                message.append("; ");
            }
            message.append(violation.argument()).append(' ').append(violation.problem());
        }
        return error("invalid_arguments", message.toString(), violations);
    }

    private static ToolResult error(String code, String message, List<Violation> violations) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = PLAIN.createGenerator(text)) {
            json.writeStartObject();
            json.writeBooleanField("ok", false);
            json.writeObjectFieldStart("error");
            json.writeStringField("code", code);
            json.writeStringField("message", message);
            if (!violations.isEmpty()) {
                json.writeArrayFieldStart("violations");
                for (Violation violation : violations) {
                    json.writeStartObject();
                    json.writeStringField("argument", violation.argument());
                    json.writeStringField("problem", violation.problem());
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return new ToolResult(false, code, text.toString());
    }
}
