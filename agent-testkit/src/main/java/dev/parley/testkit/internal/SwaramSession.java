package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.testkit.Violation.Kind;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.regex.Pattern;

/** swaram's session: flat, with instructions, voice, tools, tool_choice and turn_detection. */
final class SwaramSession {
    private static final Set<String> FIELDS = Set.of("instructions", "voice", "tools", "tool_choice", "turn_detection");
    private static final Set<String> TOOL_FIELDS = Set.of("type", "name", "description", "parameters");
    private static final Set<String> VOICES = Set.of("mal-female", "mal-male");
    private static final Pattern TOOL_NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private SwaramSession() {}

    static JsonNode checked(JsonNode session) throws Breach {
        if (!session.isObject()) {
            throw new Breach(Kind.SESSION_SHAPE, "session.update needs a session object");
        }
        Iterator<String> names = session.fieldNames();
        while (names.hasNext()) {
            String name = names.next();
            if (!FIELDS.contains(name)) {
                throw new Breach(
                        Kind.SESSION_SHAPE,
                        "swaram's session has no field " + name
                                + "; it has instructions, voice, tools, tool_choice and turn_detection");
            }
        }
        if (session.has("instructions") && !session.path("instructions").isTextual()) {
            throw new Breach(Kind.SESSION_SHAPE, "the session's instructions must be a string");
        }
        if (session.has("voice") && !VOICES.contains(session.path("voice").asText())) {
            throw new Breach(Kind.SESSION_SHAPE, "the session's voice must be mal-female or mal-male");
        }
        if (session.has("tool_choice") && !session.path("tool_choice").asText().equals("auto")) {
            throw new Breach(
                    Kind.TOOL_CHOICE, "tool_choice must be auto: with required the model calls tools for ever");
        }
        if (session.has("tools")) {
            checkTools(session.path("tools"));
        }
        return session;
    }

    private static void checkTools(JsonNode tools) throws Breach {
        if (!tools.isArray()) {
            throw new Breach(Kind.SESSION_SHAPE, "the session's tools must be a list");
        }
        Set<String> seen = new HashSet<>();
        for (JsonNode tool : tools) {
            String name = tool.path("name").asText("");
            if (!TOOL_NAME.matcher(name).matches()) {
                throw new Breach(
                        Kind.TOOL_SCHEMA,
                        "a tool is named '" + name + "', and names are 1 to 64 letters, digits, _ and -");
            }
            if (!seen.add(name)) {
                throw new Breach(Kind.TOOL_SCHEMA, "two tools are named " + name);
            }
            if (!tool.path("type").asText("").equals("function")) {
                throw new Breach(Kind.TOOL_SCHEMA, "tool " + name + " must be of type function");
            }
            Iterator<String> fields = tool.fieldNames();
            while (fields.hasNext()) {
                String field = fields.next();
                if (!TOOL_FIELDS.contains(field)) {
                    throw new Breach(Kind.TOOL_SCHEMA, "tool " + name + " has no field " + field);
                }
            }
            JsonNode parameters = tool.path("parameters");
            if (!parameters.path("type").asText("").equals("object")
                    || !parameters.path("properties").isObject()) {
                throw new Breach(
                        Kind.TOOL_SCHEMA,
                        "the parameters of tool " + name + " must be a JSON Schema of type object with properties");
            }
        }
    }
}
