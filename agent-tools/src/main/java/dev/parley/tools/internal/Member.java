package dev.parley.tools.internal;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A named place: an argument of a tool or a member of a bean. Immutable.
 *
 * @param name in JSON
 * @param javaName what Jakarta Validation calls it
 * @param required whether it must be there
 * @param fallback what it holds when it is absent, as JSON; null for nothing
 * @param sensitive whether its value is masked for onlookers
 */
record Member(
        String name,
        String javaName,
        Slot slot,
        String description,
        boolean required,
        @Nullable JsonNode fallback,
        boolean sensitive) {

    /** The same, with its value masked for onlookers. */
    Member masked() {
        return new Member(name, javaName, slot, description, required, fallback, true);
    }
}
