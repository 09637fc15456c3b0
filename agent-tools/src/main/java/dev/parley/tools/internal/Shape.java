package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a value may be: told to the model as JSON Schema and read from JSON, both from the same facts, so that what the
 * schema permits binds. Immutable and thread-safe.
 */
interface Shape {

    /** The schema of this shape alone, without a description. A fresh node each time. */
    ObjectNode tell(Teller teller);

    /**
     * Reads a value. Tells {@link Reading#refuse} of what is wrong, and then returns null.
     *
     * @param json at the value's first token, and left at its last; at JSON's null only where {@link #takesNull}
     * @throws IOException if the text is no strict JSON
     */
    @Nullable
    Object read(JsonParser json, Reading reading) throws IOException;

    /** Whether JSON's null is one of the values. */
    default boolean takesNull() {
        return false;
    }
}
