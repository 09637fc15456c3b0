package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.testkit.Violation.Kind;
import java.time.Instant;
import java.util.Map;

/** The effective session: what the server began with, and what updates changed. Confined to the connection's monitor. */
final class OpenAiSession {
    private final ObjectNode session;
    private final int silenceMs;

    /**
     * @param silenceMs how much silence ends a turn unless the client says
     * @param fromToken what the token holds of the session
     */
    OpenAiSession(String id, String model, int silenceMs, Instant expiresAt, ObjectNode fromToken) {
        this.silenceMs = silenceMs;
        session = Json.object().put("type", "realtime").put("object", "realtime.session");
        session.put("id", id).put("model", model).put("expires_at", expiresAt.getEpochSecond());
        session.putArray("output_modalities").add("audio");
        session.put("instructions", "You are a helpful assistant.");
        session.putArray("tools");
        session.put("tool_choice", "auto").put("max_output_tokens", "inf").put("truncation", "auto");
        session.putNull("tracing").putNull("prompt").putNull("include");
        ObjectNode audio = session.putObject("audio");
        ObjectNode input = audio.putObject("input");
        input.set("format", pcm());
        input.putNull("transcription").putNull("noise_reduction");
        input.set("turn_detection", withDefaults(Json.object().put("type", "server_vad")));
        ObjectNode output = audio.putObject("output");
        output.set("format", pcm());
        output.put("voice", "alloy").put("speed", 1.0);
        set(fromToken);
    }

    private static ObjectNode pcm() {
        return Json.object().put("type", "audio/pcm").put("rate", 24_000);
    }

    private ObjectNode withDefaults(ObjectNode detection) {
        ObjectNode whole = Json.object().put("type", detection.path("type").asText());
        if (whole.path("type").asText().equals("server_vad")) {
            whole.put("threshold", 0.5).put("prefix_padding_ms", 300).put("silence_duration_ms", silenceMs);
            whole.putNull("idle_timeout_ms");
        } else {
            whole.put("eagerness", "auto");
        }
        whole.put("create_response", true).put("interrupt_response", true);
        whole.setAll(detection);
        return whole;
    }

    /**
     * Changes what is present in a well-formed update; null clears.
     *
     * @param spoken whether the model's audio was heard, after which its voice stays
     * @param responding whether a response is active, during which its speed stays
     * @throws Breach and changes nothing, for what cannot change any more
     */
    void update(JsonNode change, boolean spoken, boolean responding) throws Breach {
        JsonNode model = change.path("model");
        if (model.isTextual() && !model.equals(session.path("model"))) {
            throw new Breach(
                    Kind.FIXED_SETTING,
                    "invalid_value",
                    "session.model",
                    "The model of a session cannot be changed: connect anew with another.");
        }
        JsonNode output = change.path("audio").path("output");
        if (spoken && output.has("voice") && !output.path("voice").equals(voice())) {
            throw new Breach(
                    Kind.FIXED_SETTING,
                    "cannot_update_voice",
                    "session.audio.output.voice",
                    "Cannot update a conversation's voice if assistant audio is present.");
        }
        if (responding && output.has("speed") && !output.path("speed").equals(output().path("speed"))) {
            throw new Breach(
                    Kind.FIXED_SETTING,
                    "invalid_value",
                    "session.audio.output.speed",
                    "The speed can only change between turns.");
        }
        set(change);
    }

    private void set(JsonNode change) {
        for (Map.Entry<String, JsonNode> each : change.properties()) {
            if (each.getKey().equals("audio")) {
                merge(input(), each.getValue().path("input"));
                merge(output(), each.getValue().path("output"));
            } else {
                session.set(each.getKey(), each.getValue().deepCopy());
            }
        }
    }

    private void merge(ObjectNode into, JsonNode change) {
        for (Map.Entry<String, JsonNode> each : change.properties()) {
            into.set(
                    each.getKey(),
                    each.getKey().equals("turn_detection") && each.getValue() instanceof ObjectNode detection
                            ? withDefaults(detection)
                            : each.getValue().deepCopy());
        }
    }

    private ObjectNode input() {
        return session.withObject("/audio/input");
    }

    private ObjectNode output() {
        return session.withObject("/audio/output");
    }

    ObjectNode json() {
        return session.deepCopy();
    }

    private JsonNode detection() {
        return input().path("turn_detection");
    }

    /** Whether the server looks for the caller's turns. */
    boolean findsTurns() {
        return detection().isObject();
    }

    boolean createsResponses() {
        return detection().path("create_response").asBoolean(false);
    }

    boolean interruptsResponses() {
        return detection().path("interrupt_response").asBoolean(false);
    }

    int silence() {
        return detection().path("silence_duration_ms").asInt(silenceMs);
    }

    int prefixPaddingMs() {
        return detection().path("prefix_padding_ms").asInt(300);
    }

    boolean transcribes() {
        return input().path("transcription").isObject();
    }

    /** Whether transcription is billed by its length, as whisper's is, and not by tokens. */
    boolean transcribesByDuration() {
        return input().path("transcription").path("model").asText("").equals("whisper-1");
    }

    JsonNode voice() {
        return output().path("voice");
    }

    /** What a response goes by unless it says otherwise. */
    JsonNode setting(String name) {
        return session.path(name);
    }

    JsonNode outputFormat() {
        return output().path("format");
    }
}
