package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.tools.ToolResult;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes the error side of the output contract. Stateless. */
public final class Outputs {
    private static final JsonMapper PLAIN = new JsonMapper();

    private Outputs() {}

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
