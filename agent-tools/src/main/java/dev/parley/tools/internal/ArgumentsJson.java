package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** Parses arguments strictly: one value, no name twice, numbers exact, at most 64 levels. Thread-safe. */
final class ArgumentsJson {
    private static final int MOST_BYTES = 64 * 1024;

    private final ObjectReader reader;

    ArgumentsJson() {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(64)
                        .maxNumberLength(1000)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
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
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            JsonNode tree = reader.readTree(text);
            if (!tree.isObject()) {
                throw new Refusal(Outputs.error(
                        "invalid_arguments", "the arguments must be one JSON object, not " + Kinds.of(tree)));
            }
            return tree;
        } catch (StreamConstraintsException e) {
            throw new Refusal(Outputs.error("too_large", "the arguments nest too deep, or hold too long a number"));
        } catch (JsonProcessingException e) {
            throw new Refusal(Outputs.error("invalid_json", complaint(e)));
        }
    }

    private static int utf8Length(String text) {
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
