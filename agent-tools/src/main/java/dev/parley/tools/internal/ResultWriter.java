package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.parley.tools.ToolResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a method returned into the output, as the mapper writes it, and stops where the output would be longer than
 * its tool's limit. Immutable and thread-safe.
 */
final class ResultWriter {
    private static final String HEAD = "{\"ok\":true,\"result\":";

    /** What a result that is to be shortened may take before that, in limits: many lists and texts of a limit each. */
    private static final int LIMITS_BEFORE_SHORTENING = 16;

    private final ObjectWriter writer;
    private final boolean plainTexts;
    private final String tool;
    private final OutputLimit limit;

    ResultWriter(ObjectMapper mapper) {
        this.writer = mapper.writer();
        this.tool = "";
        this.limit = OutputLimit.USUAL;
        this.plainTexts = writesTextsPlainly();
    }

    private ResultWriter(ResultWriter other, String tool, OutputLimit limit) {
        this.writer = other.writer;
        this.plainTexts = other.plainTexts;
        this.tool = tool;
        this.limit = limit;
    }

    /** The same for one tool. */
    ResultWriter of(String toolName, OutputLimit itsLimit) {
        return new ResultWriter(this, toolName, itsLimit);
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

    ToolResult result(@Nullable Object returned) throws IOException {
        if (returned instanceof String text && plainTexts) {
            if (text.length() <= limit.bytes()) {
                return Outputs.successOfText(text);
            }
            return limit.shortens() ? Outputs.successOfText(OutputLimit.cut(text, limit.bytes())) : limit.refusal(tool);
        }
        int most = limit.bytes() * (limit.shortens() ? LIMITS_BEFORE_SHORTENING : 1);
        OutputText output = new OutputText(most);
        try (JsonGenerator plain = writer.createGenerator(output)) {
            plain.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
            plain.writeRaw(HEAD);
            writer.writeValue(
                    limit.shortens() ? new ShorteningGenerator(plain, output, limit.bytes()) : plain, returned);
            plain.writeRaw('}');
        } catch (IOException | RuntimeException e) {
            if (output.isFull()) {
                return limit.refusal(tool);
            }
            throw e;
        }
        return new ToolResult(true, null, output.toString());
    }
}
