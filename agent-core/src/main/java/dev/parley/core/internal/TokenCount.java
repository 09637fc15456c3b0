package dev.parley.core.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.parley.core.event.Usage;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads what a reply cost: {@code input_tokens}, {@code output_tokens} and their details (OpenAI's published schema). */
final class TokenCount {
    private long input;
    private long output;
    private long cached;
    private long inputAudio;
    private long outputAudio;

    private TokenCount() {}

    /** Stands on the value; null if it is not an object. */
    static @Nullable Usage read(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return null;
        }
        TokenCount count = new TokenCount();
        count.readMembers(parser, "");
        if (count.input == 0 && count.output == 0) {
            return null;
        }
        return new Usage(count.input, count.output, count.cached, count.inputAudio, count.outputAudio);
    }

    private void readMembers(JsonParser parser, String path) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = path + parser.currentName();
            JsonToken value = parser.nextToken();
            boolean details = name.equals("input_token_details") || name.equals("output_token_details");
            if (value == JsonToken.START_OBJECT && details) {
                readMembers(parser, name + ".");
            } else if (value.isNumeric()) {
                // Nobody gives tokens back: a count below nothing is a server's slip.
                take(name, Math.max(0, (long) parser.getDoubleValue()));
            } else {
                parser.skipChildren();
            }
        }
    }

    private void take(String name, long tokens) {
        switch (name) {
            case "input_tokens" -> input = tokens;
            case "output_tokens" -> output = tokens;
            case "input_token_details.cached_tokens" -> cached = tokens;
            case "input_token_details.audio_tokens" -> inputAudio = tokens;
            case "output_token_details.audio_tokens" -> outputAudio = tokens;
            default -> {}
        }
    }
}
