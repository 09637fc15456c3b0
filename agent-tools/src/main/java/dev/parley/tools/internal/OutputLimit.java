package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.parley.tools.ToolResult;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long a call's output may be. A model reads every byte of it, and providers refuse events over some size.
 *
 * @param bytes of UTF-8
 * @param shortens whether what is longer is cut; else it is refused
 */
public record OutputLimit(int bytes, boolean shortens) {
    private static final Logger log = LoggerFactory.getLogger(OutputLimit.class);

    /** What holds unless a tool's policy says otherwise. */
    static final OutputLimit USUAL = new OutputLimit(64 * 1024, false);

    /** More than providers take in one event, and little enough that many times it is a length. */
    static final int MOST_BYTES = 16 * 1024 * 1024;

    /** Each round cuts the longest part by what is too much, or by half so that others lose their share: few are needed. */
    private static final int MOST_ROUNDS = 200;

    /** A list that loses all but one element, or a text that loses all but this, tells nothing any more. */
    private static final int LEAST_TEXT = 16;

    private static final String END = "…";
    private static final int END_BYTES = 3;

    /** The result, or what the model gets in its place. */
    public ToolResult applied(String tool, ToolResult result) {
        if (fits(result.output())) {
            return result;
        }
        String code = result.errorCode();
        if (code != null) {
            return Outputs.error(code, "the reason is too long to tell");
        }
        String shorter = shortens ? shortened(result.output()) : null;
        return shorter == null ? refusal(tool) : new ToolResult(true, null, shorter);
    }

    /** What the model gets in place of a result that is too long. */
    ToolResult refusal(String tool) {
        return Outputs.error(
                "too_large",
                tool + " ran, but its result is longer than " + bytes / 1024 + " KiB and was left out; ask for less");
    }

    /** The text, or if it is longer so many characters of it and a mark that tells so. */
    static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int keep = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, keep) + END;
    }

    private boolean fits(String output) {
        return output.length() <= bytes / 3 || (output.length() <= bytes && ArgumentsJson.utf8Length(output) <= bytes);
    }

    private @Nullable String shortened(String output) {
        ObjectNode whole;
        try {
            whole = Outputs.told(output);
        } catch (JsonProcessingException e) {
            log.debug("an output that cannot be read back, so that it cannot be shortened", e);
            return null;
        }
        if (whole == null) {
            return null;
        }
        JsonNode result = whole.path("result");
        whole.removeAll();
        whole.put("ok", true).put("shortened", true).set("result", result);
        for (int round = 0; round < MOST_ROUNDS; round++) {
            String text = whole.toString();
            int over = ArgumentsJson.utf8Length(text) - bytes;
            if (over <= 0) {
                return text;
            }
            Longest longest = new Longest();
            longest.search(whole);
            if (!longest.cut(over)) {
                return null;
            }
        }
        return null;
    }

    /** The list of two or more elements, or the text, that takes the most room. */
    private static final class Longest {
        private @Nullable JsonNode found;
        private int size;
        private Consumer<JsonNode> replace = with -> {};

        void search(JsonNode in) {
            if (in instanceof ObjectNode object) {
                for (Map.Entry<String, JsonNode> entry : object.properties()) {
                    see(entry.getValue(), entry::setValue);
                }
            } else if (in instanceof ArrayNode array) {
                for (int i = 0; i < array.size(); i++) {
                    int index = i;
                    see(array.get(i), with -> array.set(index, with));
                }
            }
        }

        private void see(JsonNode node, Consumer<JsonNode> replaces) {
            boolean cuttable =
                    node.isTextual() ? node.textValue().length() > LEAST_TEXT : node.isArray() && node.size() > 1;
            int takes = cuttable ? ArgumentsJson.utf8Length(node.toString()) : 0;
            if (takes > size) {
                found = node;
                size = takes;
                replace = replaces;
            }
            if (takes < size || !cuttable) {
                search(node);
            }
        }

        boolean cut(int tooMuch) {
            int over = Math.min(tooMuch, size / 2);
            if (found instanceof ArrayNode array) {
                long fewer = Math.max(1, (long) over * array.size() / size);
                for (int left = (int) Math.max(1, array.size() - fewer); array.size() > left; ) {
                    array.remove(array.size() - 1);
                }
                return true;
            }
            if (found != null) {
                String text = found.textValue();
                int keep = (int) (text.length() - 1 - (long) (over + END_BYTES) * text.length() / size);
                replace.accept(TextNode.valueOf(OutputLimit.cut(text, Math.max(LEAST_TEXT - END.length(), keep))));
                return true;
            }
            return false;
        }
    }
}
