package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Tokens as OpenAI bills them, near enough to test what counts them: one for four characters of text, for 100 ms of the
 * caller's voice and for 50 ms of the model's. What an earlier response had read is cached. Confined to the connection's
 * monitor.
 */
final class OpenAiUsage {
    private static final int CHARS_A_TOKEN = 4;
    private static final int HEARD_MS_A_TOKEN = 100;
    private static final int SPOKEN_MS_A_TOKEN = 50;

    private Tokens read = new Tokens(0, 0);

    /** Of text and of audio. */
    record Tokens(long text, long audio) {
        long total() {
            return text + audio;
        }

        private Tokens plus(Tokens more) {
            return new Tokens(text + more.text, audio + more.audio);
        }

        private Tokens atMost(Tokens most) {
            return new Tokens(Math.min(text, most.text), Math.min(audio, most.audio));
        }
    }

    static Tokens ofText(int chars) {
        return new Tokens((chars + CHARS_A_TOKEN - 1) / CHARS_A_TOKEN, 0);
    }

    static long ofHeardAudio(long millis) {
        return (millis + HEARD_MS_A_TOKEN - 1) / HEARD_MS_A_TOKEN;
    }

    static Tokens of(List<OpenAiItems.Item> items) {
        Tokens sum = new Tokens(0, 0);
        for (OpenAiItems.Item item : items) {
            long millis = item.lengthMs();
            long audio = item.spokenByAssistant()
                    ? (millis + SPOKEN_MS_A_TOKEN - 1) / SPOKEN_MS_A_TOKEN
                    : ofHeardAudio(millis);
            sum = sum.plus(ofText(chars(item.json()))).plus(new Tokens(0, audio));
        }
        return sum;
    }

    private static int chars(JsonNode item) {
        int chars = length(item.path("arguments")) + length(item.path("output"));
        for (JsonNode part : item.path("content")) {
            chars += length(part.path("text"))
                    + (part.path("type").asText("").equals("output_audio") ? length(part.path("transcript")) : 0);
        }
        return chars;
    }

    private static int length(JsonNode text) {
        return text.isTextual() ? text.textValue().length() : 0;
    }

    /** The usage of one response, which remembers that its input was read. */
    ObjectNode of(Tokens input, Tokens output) {
        Tokens cached = input.atMost(read);
        read = input;
        ObjectNode usage = Json.object()
                .put("total_tokens", input.total() + output.total())
                .put("input_tokens", input.total())
                .put("output_tokens", output.total());
        ObjectNode in = usage.putObject("input_token_details")
                .put("text_tokens", input.text())
                .put("audio_tokens", input.audio())
                .put("image_tokens", 0)
                .put("cached_tokens", cached.total());
        in.putObject("cached_tokens_details")
                .put("text_tokens", cached.text())
                .put("audio_tokens", cached.audio())
                .put("image_tokens", 0);
        usage.putObject("output_token_details")
                .put("text_tokens", output.text())
                .put("audio_tokens", output.audio());
        return usage;
    }
}
