package dev.parley.tools.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An enum.
 *
 * @param byName the constants by the names that Jackson reads, in their order
 */
record Constants(Map<String, Object> byName) implements Shape {

    @Override
    public ObjectNode tell(Teller teller) {
        ObjectNode told = teller.typed("string");
        ArrayNode choices = told.putArray("enum");
        byName.keySet().forEach(choices::add);
        return told;
    }

    @Override
    public @Nullable Object read(JsonNode json, Reading reading) {
        Object constant = json.isTextual() ? byName.get(json.textValue()) : null;
        if (constant == null) {
            reading.problem("must be one of: " + Words.list(new ArrayList<>(byName.keySet()), 50));
        }
        return constant;
    }
}
