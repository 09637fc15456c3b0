package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens a call's arguments: one strict JSON object, no name twice, at most 64 KiB and 64 levels. They are bound while they
 * are parsed, in one pass. Thread-safe.
 */
final class ArgumentsJson {
    private static final int MOST_BYTES = 64 * 1024;
    private static final int MOST_BUFFERS = 64;
    private static final Members ANY = new Members(List.of(), OtherNames.Untaken.PASSED_OVER, null);

    private final JsonFactory factory;
    private final JsonMapper mapper;

    ArgumentsJson() {
        factory = JsonFactory.builder()
                // Buffers that belong to threads would be made anew on each of the virtual threads that calls run on.
                .recyclerPool(JsonRecyclerPools.newBoundedPool(MOST_BUFFERS))
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(64)
                        .maxNumberLength(1000)
                        .build())
                .build();
        mapper = new JsonMapper(factory);
    }

    /**
     * Reads the members of a call's arguments. What is wrong with their values is told to {@code reading}.
     *
     * @return as {@link Members#read}
     * @throws Refusal if the arguments are too large, no JSON, or no object
     */
    @Nullable
    Object[] read(String text, Members members, Reading reading) throws Refusal {
        if (text.length() > MOST_BYTES || (text.length() > MOST_BYTES / 3 && utf8Length(text) > MOST_BYTES)) {
            throw new Refusal(Outputs.error("too_large", "the arguments are larger than 64 KiB; send less"));
        }
        try (JsonParser json = factory.createParser(text.isBlank() ? "{}" : text)) {
            json.nextToken();
            boolean object = StrictJson.value(json) == JsonToken.START_OBJECT;
            String kind = Kinds.of(json);
            if (!object) {
                StrictJson.skip(json);
            }
            @Nullable Object[] values = object ? members.read(json, reading) : new Object[0];
            if (json.nextToken() != null) {
                throw new JsonParseException(json, "more than one value", json.currentTokenLocation());
            }
            if (!object) {
                throw new Refusal(
                        Outputs.error("invalid_arguments", "the arguments must be one JSON object, not " + kind));
            }
            return values;
        } catch (StreamConstraintsException e) {
            throw new Refusal(Outputs.error("too_large", tooLarge(e)));
        } catch (JsonProcessingException e) {
            throw new Refusal(Outputs.error("invalid_json", complaint(e)));
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    /** As {@link #read}, where somebody else binds them. */
    void check(String text) throws Refusal {
        read(text, ANY, new Reading());
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
            JsonNode parameters = mapper.readTree(specificationJson).path("parameters");
            return parameters.isObject() ? parameters.toString() : "{\"type\":\"object\",\"properties\":{}}";
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a tool specification that is not JSON", e);
        }
    }

    private static String tooLarge(StreamConstraintsException e) {
        return e.getOriginalMessage().startsWith(StrictJson.EXPONENT)
                ? "the arguments hold a number with too large an exponent"
                : "the arguments nest too deep, or hold too long a number";
    }

    /** What to tell the model; Jackson's own words would quote the arguments. */
    private static String complaint(JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        String where = at == null ? "" : " (near character " + at.getColumnNr() + " of line " + at.getLineNr() + ")";
        return "the arguments are not JSON" + where + "; send one JSON object, and each name once";
    }
}
