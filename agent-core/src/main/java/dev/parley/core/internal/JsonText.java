package dev.parley.core.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Set;

/** JSON copied as text, whole or with some values masked. Numbers keep every digit: a double would not. */
final class JsonText {
    static final String MASK = "***";

    private static final JsonFactory JSON = new JsonFactory();

    private JsonText() {}

    /** The value that the parser stands on, as compact JSON text. */
    static String copy(JsonParser parser) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.copyCurrentStructureExact(parser);
        }
        return text.toString();
    }

    /**
     * The same arguments with the values at some paths replaced by {@value #MASK}. Text that is no JSON
     * object is masked whole: it may hold the very value.
     *
     * @param paths such as {@code phone} or {@code guests.phone}; positions in arrays do not count
     */
    static String masked(String json, Set<String> paths) {
        if (paths.isEmpty() || json.isBlank()) {
            return json;
        }
        StringWriter text = new StringWriter();
        try (JsonParser in = JSON.createParser(json);
                JsonGenerator out = JSON.createGenerator(text)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                return '"' + MASK + '"';
            }
            out.copyCurrentEventExact(in);
            while (in.nextToken() != null) {
                boolean value = in.currentToken() != JsonToken.FIELD_NAME
                        && !in.currentToken().isStructEnd();
                if (value && paths.contains(path(in))) {
                    in.skipChildren();
                    out.writeString(MASK);
                } else {
                    out.copyCurrentEventExact(in);
                }
            }
        } catch (IOException e) {
            return '"' + MASK + '"';
        }
        return text.toString();
    }

    /** Where the parser stands, as {@code guests.phone}. */
    private static String path(JsonParser in) {
        StringBuilder path = new StringBuilder();
        // On the start of an object or array the context is already the inner one.
        var context = in.currentToken().isStructStart() ? in.getParsingContext().getParent() : in.getParsingContext();
        for (; context != null && !context.inRoot(); context = context.getParent()) {
            if (context.inObject() && context.getCurrentName() != null) {
                path.insert(0, path.length() == 0 ? context.getCurrentName() : context.getCurrentName() + ".");
            }
        }
        return path.toString();
    }
}
