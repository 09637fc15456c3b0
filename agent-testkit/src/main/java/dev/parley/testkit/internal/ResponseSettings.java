package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What one response goes by: the session's settings, with those of its {@code response.create} over them.
 *
 * @param outOfBand whether it stays out of the conversation
 * @param spoken whether it is audio, and not text
 * @param asked the {@code response} of its {@code response.create}, or a missing node
 */
record ResponseSettings(boolean outOfBand, boolean spoken, JsonNode asked, OpenAiSession session) {

    static ResponseSettings of(OpenAiSession session, JsonNode asked) {
        JsonNode modalities =
                asked.has("output_modalities") ? asked.path("output_modalities") : session.setting("output_modalities");
        return new ResponseSettings(
                asked.path("conversation").asText("").equals("none"),
                modalities.path(0).asText("").equals("audio"),
                asked,
                session);
    }

    private JsonNode setting(String name) {
        return asked.has(name) ? asked.path(name) : session.setting(name);
    }

    /** How many tokens it may have, or as many as there are. */
    long maxTokens() {
        JsonNode max = setting("max_output_tokens");
        return max.isIntegralNumber() ? max.longValue() : Long.MAX_VALUE;
    }

    int instructionChars() {
        return setting("instructions").asText("").length()
                + setting("tools").toString().length();
    }

    /** Whether it reads its own input in place of the conversation. */
    boolean hasInput() {
        return asked.has("input");
    }

    int inputChars() {
        return asked.path("input").toString().length();
    }

    /** The part of a response object that its settings tell. */
    void describe(ObjectNode response) {
        response.putArray("output_modalities").add(spoken ? "audio" : "text");
        response.set("max_output_tokens", setting("max_output_tokens").deepCopy());
        response.set(
                "metadata",
                asked.path("metadata").isObject() ? asked.path("metadata").deepCopy() : null);
        JsonNode output = asked.path("audio").path("output");
        ObjectNode audio = response.putObject("audio").putObject("output");
        audio.set("format", output.has("format") ? output.path("format") : session.outputFormat());
        audio.set("voice", output.has("voice") ? output.path("voice") : session.voice());
    }
}
