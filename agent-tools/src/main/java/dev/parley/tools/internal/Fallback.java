package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The default of a member: the text of an annotation as JSON, or as a string where a string is due. Stateless. */
final class Fallback {
    private static final JsonMapper JSON = new JsonMapper();

    private Fallback() {}

    /**
     * Reads a default at registration, so that a wrong one fails there.
     *
     * @param text what the annotation says; null or empty for none
     */
    static @Nullable JsonNode of(String where, Slot slot, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        JsonNode literal = slot.takesText() ? TextNode.valueOf(text) : json(where, text);
        Reading reading = new Reading();
        try {
            slot.withoutLive().read(StrictJson.again(literal), reading);
        } catch (IOException e) {
            throw new Fault(where, "the default \"" + text + "\" holds a number with too large an exponent");
        }
        if (!reading.clean()) {
            throw new Fault(
                    where,
                    "the default \"" + text + "\" "
                            + reading.violations().get(0).problem());
        }
        return literal;
    }

    private static JsonNode json(String where, String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new Fault(where, "the default \"" + text + "\" is not JSON");
        }
    }
}
