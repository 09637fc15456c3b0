package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The default of a member: the text of an annotation as JSON, or as a string where a string is due. Stateless. */
final class Fallback {
    private static final JsonFactory JSON = new JsonFactory();

    private Fallback() {}

    /**
     * Reads a default at registration, so that a wrong one fails there.
     *
     * @param text what the annotation says; null for none. Empty is the empty text, and no other value
     */
    static @Nullable JsonNode of(String where, Slot slot, @Nullable String text) {
        if (text == null) {
            return null;
        }
        JsonNode literal = slot.takesText() ? TextNode.valueOf(text) : json(where, text);
        Reading reading = Reading.ofDefault();
        try {
            slot.read(StrictJson.again(literal), reading);
        } catch (IOException e) {
            throw Fault.at(where, "the default \"" + text + "\" holds a number with too large an exponent");
        }
        if (!reading.clean()) {
            throw Fault.at(
                    where,
                    "the default \"" + text + "\" "
                            + reading.violations().get(0).problem());
        }
        return literal;
    }

    private static JsonNode json(String where, String text) {
        try (JsonParser json = JSON.createParser(text)) {
            json.nextToken();
            JsonNode literal = StrictJson.tree(json);
            if (json.nextToken() == null) {
                return literal;
            }
        } catch (StreamConstraintsException e) {
            throw Fault.at(where, "the default \"" + text + "\" holds a number with too large an exponent");
        } catch (IOException e) {
            // Told as a second value is, below.
        }
        throw Fault.at(where, "the default \"" + text + "\" is not one JSON value");
    }
}
