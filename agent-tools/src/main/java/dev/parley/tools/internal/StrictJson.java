package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON values whose shape says nothing of their inside: any value, one that is not wanted, one that must be looked
 * through before it can be bound. No name twice, numbers exact. Stateless.
 */
final class StrictJson {
    /** What a {@link StreamConstraintsException} of ours says. */
    static final String EXPONENT = "an exponent too large";

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private StrictJson() {}

    /** The value at the parser's token, which is left at its end. It recurses at most as deep as the parser allows. */
    static JsonNode tree(JsonParser json) throws IOException {
        return switch (value(json)) {
            case START_OBJECT -> members(json);
            case START_ARRAY -> elements(json);
            case VALUE_STRING -> NODES.textNode(json.getText());
            case VALUE_NUMBER_INT -> integer(json);
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(decimal(json));
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            default -> NODES.nullNode();
        };
    }

    /** Passes over the value at the parser's token, which must be strict JSON all the same. */
    static void skip(JsonParser json) throws IOException {
        tree(json);
    }

    /** A parser of a value that was read before, at its first token. */
    static JsonParser again(JsonNode tree) throws IOException {
        JsonParser json = tree.traverse();
        json.nextToken();
        return json;
    }

    /** Equal if the values are, as JSON Schema has it: numbers by their value, objects without the order of their names. */
    static Object comparable(JsonNode value) {
        if (value.isNumber()) {
            return value.decimalValue().stripTrailingZeros();
        }
        if (value.isArray()) {
            List<Object> elements = new ArrayList<>();
            value.forEach(each -> elements.add(comparable(each)));
            return elements;
        }
        if (value.isObject()) {
            Map<String, Object> members = new HashMap<>();
            value.properties().forEach(each -> members.put(each.getKey(), comparable(each.getValue())));
            return members;
        }
        return value;
    }

    /** The parser's token, which must begin a value. */
    static JsonToken value(JsonParser json) throws IOException {
        JsonToken token = json.currentToken();
        if (token == null || !(token.isStructStart() || token.isScalarValue())) {
            throw new JsonParseException(json, "no value", json.currentTokenLocation());
        }
        return token;
    }

    static JsonParseException nameTwice(JsonParser json) {
        return new JsonParseException(json, "a name twice", json.currentTokenLocation());
    }

    /** The number at the parser's token. */
    static BigDecimal decimal(JsonParser json) throws IOException {
        try {
            return json.getDecimalValue();
        } catch (ArithmeticException | NumberFormatException e) {
            throw new StreamConstraintsException(EXPONENT, json.currentTokenLocation());
        }
    }

    private static JsonNode members(JsonParser json) throws IOException {
        ObjectNode object = NODES.objectNode();
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            json.nextToken();
            if (object.replace(name, tree(json)) != null) {
                throw nameTwice(json);
            }
        }
        return object;
    }

    private static JsonNode elements(JsonParser json) throws IOException {
        ArrayNode array = NODES.arrayNode();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            array.add(tree(json));
        }
        return array;
    }

    private static JsonNode integer(JsonParser json) throws IOException {
        return switch (json.getNumberType()) {
            case INT -> NODES.numberNode(json.getIntValue());
            case LONG -> NODES.numberNode(json.getLongValue());
            default -> NODES.numberNode(json.getBigIntegerValue());
        };
    }
}
