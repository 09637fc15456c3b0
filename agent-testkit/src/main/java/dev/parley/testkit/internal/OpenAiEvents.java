package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** OpenAI's server events as JSON text, each with an {@code event_id}; ids are counted from one in each connection. */
final class OpenAiEvents {
    private final Ids ids = new Ids();

    Ids ids() {
        return ids;
    }

    /** Where in a response something stands. */
    record Place(String responseId, String itemId, int outputIndex) {}

    ObjectNode event(String type) {
        return Json.object().put("type", type).put("event_id", ids.newEvent());
    }

    String session(String type, ObjectNode session) {
        return event(type).<ObjectNode>set("session", session).toString();
    }

    String conversationCreated(String conversationId) {
        ObjectNode event = event("conversation.created");
        event.putObject("conversation").put("id", conversationId).put("object", "realtime.conversation");
        return event.toString();
    }

    String speechStarted(String itemId, long startMs) {
        return event("input_audio_buffer.speech_started")
                .put("audio_start_ms", startMs)
                .put("item_id", itemId)
                .toString();
    }

    String speechStopped(String itemId, long endMs) {
        return event("input_audio_buffer.speech_stopped")
                .put("audio_end_ms", endMs)
                .put("item_id", itemId)
                .toString();
    }

    String committed(String itemId, @Nullable String previousItemId) {
        return event("input_audio_buffer.committed")
                .put("previous_item_id", previousItemId)
                .put("item_id", itemId)
                .toString();
    }

    String transcriptDelta(String itemId, String delta) {
        return event("conversation.item.input_audio_transcription.delta")
                .put("item_id", itemId)
                .put("content_index", 0)
                .put("delta", delta)
                .toString();
    }

    String transcriptCompleted(String itemId, String transcript, ObjectNode usage) {
        ObjectNode event = event("conversation.item.input_audio_transcription.completed")
                .put("item_id", itemId)
                .put("content_index", 0)
                .put("transcript", transcript);
        return event.<ObjectNode>set("usage", usage).toString();
    }

    /** {@code conversation.item.added} or {@code .done}. */
    String item(String type, @Nullable String previousItemId, ObjectNode item) {
        ObjectNode event = event(type).put("previous_item_id", previousItemId);
        return event.<ObjectNode>set("item", item.deepCopy()).toString();
    }

    String itemRetrieved(ObjectNode item) {
        return event("conversation.item.retrieved")
                .<ObjectNode>set("item", item)
                .toString();
    }

    /** {@code response.created} or {@code .done}. */
    String response(String type, ObjectNode response) {
        return event(type).<ObjectNode>set("response", response).toString();
    }

    /** {@code response.output_item.added} or {@code .done}. */
    String outputItem(String type, Place place, ObjectNode item) {
        ObjectNode event = event(type).put("response_id", place.responseId()).put("output_index", place.outputIndex());
        return event.<ObjectNode>set("item", item.deepCopy()).toString();
    }

    /** {@code response.content_part.added} or {@code .done}. */
    String contentPart(String type, Place place, ObjectNode part) {
        return inContent(type, place).<ObjectNode>set("part", part).toString();
    }

    String audioDelta(Place place, byte[] pcm16) {
        return inContent("response.output_audio.delta", place)
                .put("delta", Base64.getEncoder().encodeToString(pcm16))
                .toString();
    }

    String audioDone(Place place) {
        return inContent("response.output_audio.done", place).toString();
    }

    /** Words: a delta or the whole, of a transcript or of text. */
    String words(String type, Place place, String field, String words) {
        return inContent(type, place).put(field, words).toString();
    }

    String argumentsDelta(Place place, String callId, String delta) {
        return inItem("response.function_call_arguments.delta", place)
                .put("call_id", callId)
                .put("delta", delta)
                .toString();
    }

    String argumentsDone(Place place, String callId, @Nullable String name, String arguments) {
        ObjectNode event =
                inItem("response.function_call_arguments.done", place).put("call_id", callId);
        if (name != null) {
            event.put("name", name);
        }
        return event.put("arguments", arguments).toString();
    }

    String rateLimits(JsonNode limits) {
        return event("rate_limits.updated")
                .<ObjectNode>set("rate_limits", limits)
                .toString();
    }

    String error(Breach breach, @Nullable String clientEventId) {
        return error("invalid_request_error", breach.code(), breach.getMessage(), breach.param(), clientEventId);
    }

    String error(String type, String code, @Nullable String message, @Nullable String param, @Nullable String eventId) {
        ObjectNode event = event("error");
        event.putObject("error")
                .put("type", type)
                .put("code", code)
                .put("message", message)
                .put("param", param)
                .put("event_id", eventId);
        return event.toString();
    }

    private ObjectNode inItem(String type, Place place) {
        return event(type)
                .put("response_id", place.responseId())
                .put("item_id", place.itemId())
                .put("output_index", place.outputIndex());
    }

    private ObjectNode inContent(String type, Place place) {
        return inItem(type, place).put("content_index", 0);
    }
}
