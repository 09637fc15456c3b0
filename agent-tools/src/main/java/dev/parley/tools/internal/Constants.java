package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An enum.
 *
 * @param byName the constants by the names that Jackson reads, in their order
 * @param description of the type; may be empty
 */
record Constants(Map<String, Object> byName, String description) implements Shape {

    @Override
    public ObjectNode tell(Teller teller) {
        ObjectNode told = teller.typed("string");
        ArrayNode choices = told.putArray("enum");
        byName.keySet().forEach(choices::add);
        if (!description.isEmpty()) {
            told.put(Teller.HINT, description);
        }
        return told;
    }

    @Override
    public @Nullable Object read(JsonParser json, Reading reading) throws IOException {
        Object constant = json.hasToken(JsonToken.VALUE_STRING) ? byName.get(json.getText()) : null;
        return constant != null
                ? constant
                : reading.refuse(json, "must be one of: " + Words.list(new ArrayList<>(byName.keySet()), 50));
    }
}
