package dev.parley.core.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
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
     * As {@link #masked(String, Set)}, and what stands under a name that is not known is masked as well, in objects inside
     * the arguments too: a misspelt name may hold the very value.
     *
     * @param known the names that the schema knows, or null if any name may be shown
     */
    static String masked(String json, Set<String> paths, @Nullable SchemaNames known) {
        if (paths.isEmpty() || json.isBlank()) {
            return json;
        }
        StringWriter text = new StringWriter();
        try (JsonParser in = JSON.createParser(json);
                JsonGenerator out = JSON.createGenerator(text)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                return '"' + MASK + '"';
            }
            new Masking(in, out, paths).copy("", known);
            if (in.nextToken() != null) {
                return '"' + MASK + '"';
            }
        } catch (IOException e) {
            return '"' + MASK + '"';
        }
        return text.toString();
    }

    /** One text that is copied. Levels are bounded by the parser's own limit, 1,000. */
    private record Masking(JsonParser in, JsonGenerator out, Set<String> paths) {

        /**
         * Copies the value that the parser stands on.
         *
         * @param path where it is, as {@code guests}; empty for the whole
         */
        void copy(String path, @Nullable SchemaNames known) throws IOException {
            out.copyCurrentEventExact(in);
            if (in.currentToken() == JsonToken.START_ARRAY) {
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    copy(path, known);
                }
                out.writeEndArray();
            } else if (in.currentToken() == JsonToken.START_OBJECT) {
                String prefix = path.isEmpty() ? "" : path + ".";
                while (in.nextToken() == JsonToken.FIELD_NAME) {
                    out.copyCurrentEventExact(in);
                    member(prefix, in.currentName(), known);
                }
                out.writeEndObject();
            }
        }

        private void member(String prefix, String name, @Nullable SchemaNames known) throws IOException {
            in.nextToken();
            String path = prefix + name;
            SchemaNames inside = known == null ? null : known.member(name, leadTo(prefix));
            if (paths.contains(path) || (known != null && inside == null && !leadTo(path + "."))) {
                in.skipChildren();
                out.writeString(MASK);
            } else {
                copy(path, inside);
            }
        }

        private boolean leadTo(String prefix) {
            return paths.stream().anyMatch(path -> path.startsWith(prefix));
        }
    }
}
