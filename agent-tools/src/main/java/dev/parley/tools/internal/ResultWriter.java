package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.parley.tools.ToolResult;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Writes what a method returned into the output, as the mapper writes it. Immutable and thread-safe. */
final class ResultWriter {
    private final ObjectWriter writer;
    private final boolean plainTexts;

    ResultWriter(ObjectMapper mapper) {
        writer = mapper.writer();
        plainTexts = writesTextsPlainly();
    }

    /** Whether the mapper writes a text as JSON's plain rules do: an application's may escape more, or change it. */
    private boolean writesTextsPlainly() {
        StringBuilder probe = new StringBuilder();
        for (char c = 0; c < 0x100; c++) {
            probe.append(c);
        }
        String text = probe.append("\u0d21\u2028\ud83d\ude00").toString();
        StringBuilder plain = new StringBuilder();
        Outputs.quote(text, plain);
        try {
            return writer.writeValueAsString(text).contentEquals(plain);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("the mapper cannot write a text", e);
        }
    }

    ToolResult result(@Nullable Object returned) throws JsonProcessingException {
        return returned instanceof String text && plainTexts
                ? Outputs.successOfText(text)
                : Outputs.success(writer.writeValueAsString(returned));
    }
}
