package dev.parley.tools.internal;

import com.fasterxml.jackson.databind.JsonNode;

/** What a JSON value is, in words. Stateless. */
final class Kinds {
    private Kinds() {}

    static String of(JsonNode json) {
        return switch (json.getNodeType()) {
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            default -> "null";
        };
    }
}
