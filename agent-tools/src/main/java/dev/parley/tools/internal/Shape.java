package dev.parley.tools.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * What a value may be: told to the model as JSON Schema and read from JSON, both from the same facts, so that what the
 * schema permits binds. Immutable and thread-safe.
 */
interface Shape {

    /** The schema of this shape alone, without a description. A fresh node each time. */
    ObjectNode tell(Teller teller);

    /**
     * Reads a value. Tells {@link Reading#problem} of what is wrong, and then returns null.
     *
     * @param json never null; a JSON null only where {@link #takesNull}
     */
    @Nullable
    Object read(JsonNode json, Reading reading);

    /** Whether JSON's null is one of the values. */
    default boolean takesNull() {
        return false;
    }

    /** What a member of this shape is when it is absent, if it may be absent. */
    default @Nullable Object absent() {
        return null;
    }
}
