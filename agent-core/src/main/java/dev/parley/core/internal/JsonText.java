package dev.parley.core.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
        return masked(json, paths, null);
    }

    /**
     * As {@link #masked(String, Set)}, and the members of the object itself whose names are unknown are masked as well: a
     * misspelt name may hold the very value.
     *
     * @param known the names of the object's members, or null if any name may be shown
     */
    static String masked(String json, Set<String> paths, @Nullable Set<String> known) {
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
                if (value && (paths.contains(path(in)) || isUnknown(in, known))) {
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

    /** The names that a JSON Schema has for an object's members; none if it does not say. */
    static Set<String> membersIn(String schema) {
        Set<String> names = new HashSet<>();
        try (JsonParser in = JSON.createParser(schema)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                return names;
            }
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                boolean members = in.currentName().equals("properties");
                if (in.nextToken() == JsonToken.START_OBJECT && members) {
                    while (in.nextToken() == JsonToken.FIELD_NAME) {
                        names.add(in.currentName());
                        in.nextToken();
                        in.skipChildren();
                    }
                } else {
                    in.skipChildren();
                }
            }
        } catch (IOException e) {
            // What cannot be read names nothing: the more is masked.
            return Set.of();
        }
        return names;
    }

    private static boolean isUnknown(JsonParser in, @Nullable Set<String> known) {
        JsonStreamContext context = around(in);
        return known != null
                && context.inObject()
                && context.getParent().inRoot()
                && !known.contains(context.getCurrentName());
    }

    /** What the value that the parser stands on is in. */
    private static JsonStreamContext around(JsonParser in) {
        // On the start of an object or array the context is already the inner one.
        return in.currentToken().isStructStart() ? in.getParsingContext().getParent() : in.getParsingContext();
    }

    /** Where the parser stands, as {@code guests.phone}. */
    private static String path(JsonParser in) {
        StringBuilder path = new StringBuilder();
        JsonStreamContext context = around(in);
        for (; context != null && !context.inRoot(); context = context.getParent()) {
            if (context.inObject() && context.getCurrentName() != null) {
                path.insert(0, path.length() == 0 ? context.getCurrentName() : context.getCurrentName() + ".");
            }
        }
        return path.toString();
    }
}
