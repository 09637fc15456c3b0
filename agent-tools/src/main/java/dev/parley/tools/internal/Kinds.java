package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonParser;

/** What a JSON value is, in words. Stateless. */
final class Kinds {
    private Kinds() {}

    /** The value at the parser's token. */
    static String of(JsonParser json) {
        return switch (json.currentToken()) {
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case START_ARRAY -> "an array";
            case START_OBJECT -> "an object";
            default -> "null";
        };
    }
}
