package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;

/** Parses arguments strictly: one value, no name twice, numbers exact, at most 64 levels. Thread-safe. */
final class ArgumentsJson {
    private static final int MOST_BYTES = 64 * 1024;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonFactory factory;
    private final ObjectReader reader;

    ArgumentsJson() {
        factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(64)
                        .maxNumberLength(1000)
                        .build())
                .build();
        reader = JsonMapper.builder(factory)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build()
                .readerFor(JsonNode.class);
    }

    /**
     * The arguments of a call.
     *
     * @throws Refusal if they are too large, no JSON, or no object
     */
    JsonNode object(String text) throws Refusal {
        if (text.length() > MOST_BYTES || utf8Length(text) > MOST_BYTES) {
            throw new Refusal(Outputs.error("too_large", "the arguments are larger than 64 KiB; send less"));
        }
        if (text.isBlank()) {
            return NODES.objectNode();
        }
        try {
            JsonNode tree = tree(text);
            if (!tree.isObject()) {
                throw new Refusal(Outputs.error(
                        "invalid_arguments", "the arguments must be one JSON object, not " + Kinds.of(tree)));
            }
            return tree;
        } catch (StreamConstraintsException e) {
            throw new Refusal(Outputs.error("too_large", "the arguments nest too deep, or hold too long a number"));
        } catch (JsonProcessingException e) {
            throw new Refusal(Outputs.error("invalid_json", complaint(e)));
        } catch (ArithmeticException | NumberFormatException e) {
            throw new Refusal(Outputs.error("too_large", "the arguments hold a number with too large an exponent"));
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    /** Jackson's own reading of trees costs a call more than all the rest of it; this one keeps to what arguments need. */
    private JsonNode tree(String text) throws IOException {
        try (JsonParser parser = factory.createParser(text)) {
            parser.nextToken();
            JsonNode tree = value(parser);
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "more than one value", parser.currentTokenLocation());
            }
            return tree;
        }
    }

    /** The value at the parser's token. It recurses at most as deep as the parser allows. */
    private static JsonNode value(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new JsonParseException(parser, "no value", parser.currentTokenLocation());
        }
        return switch (token) {
            case START_OBJECT -> members(parser);
            case START_ARRAY -> elements(parser);
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDecimalValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            default -> throw new JsonParseException(parser, "no value", parser.currentTokenLocation());
        };
    }

    private static JsonNode members(JsonParser parser) throws IOException {
        ObjectNode object = new ObjectNode(NODES, new LinkedHashMap<>(4));
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            if (object.replace(name, value(parser)) != null) {
                throw new JsonParseException(parser, "a name twice", parser.currentTokenLocation());
            }
        }
        return object;
    }

    private static JsonNode elements(JsonParser parser) throws IOException {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser));
        }
        return array;
    }

    private static JsonNode integer(JsonParser parser) throws IOException {
        return switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            default -> NODES.numberNode(parser.getBigIntegerValue());
        };
    }

    static int utf8Length(String text) {
        int bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                // A surrogate pair is 4 bytes of 2 chars: 2 more; any other char from U+0800 is 3 of 1.
                bytes += c >= 0x800 && !Character.isSurrogate(c) ? 2 : 1;
            }
        }
        return bytes;
    }

    /** The parameters in a tool specification's own JSON; an empty object's schema if it has none. */
    String parametersOf(String specificationJson) {
        try {
            JsonNode parameters = reader.readTree(specificationJson).path("parameters");
            return parameters.isObject() ? parameters.toString() : "{\"type\":\"object\",\"properties\":{}}";
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a tool specification that is not JSON", e);
        }
    }

    /** What to tell the model; Jackson's own words would quote the arguments. */
    private static String complaint(JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        String where = at == null ? "" : " (near character " + at.getColumnNr() + " of line " + at.getLineNr() + ")";
        return "the arguments are not JSON" + where + "; send one JSON object, and each name once";
    }
}
