package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** Parses arguments strictly: one value, no name twice, numbers exact, at most 64 levels. Thread-safe. */
final class ArgumentsJson {
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

    JsonNode read(String text) throws IOException {
        return reader.readTree(text);
    }

    /** What to tell the model; Jackson's own words would quote the arguments. */
    static String complaint(JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        String where = at == null ? "" : " (near character " + at.getColumnNr() + " of line " + at.getLineNr() + ")";
        return "the arguments are not JSON" + where + "; send one JSON object, and each name once";
    }
}
