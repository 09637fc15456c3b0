package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * swaram's twelve server events as JSON text, with ids counted from one in each connection. Fields that swaram's
 * documents do not show ({@code event_id}, positions, the response object) follow the family's older form.
 */
final class SwaramEvents {
    private final Ids ids = new Ids();

    Ids ids() {
        return ids;
    }

    String sessionCreated(String model) {
        ObjectNode event = event("session.created");
        event.putObject("session").put("model", model);
        return event.toString();
    }

    String sessionUpdated(String model, JsonNode session) {
        ObjectNode event = event("session.updated");
        ObjectNode effective = event.putObject("session");
        effective.put("model", model);
        effective.put("voice", session.path("voice").asText("mal-female"));
        effective.put("tool_choice", "auto");
        effective.setAll((ObjectNode) session);
        return event.toString();
    }

    String speechStarted(String itemId, long startMs) {
        return event("input_audio_buffer.speech_started")
                .put("item_id", itemId)
                .put("audio_start_ms", startMs)
                .toString();
    }

    String speechStopped(String itemId, long endMs) {
        return event("input_audio_buffer.speech_stopped")
                .put("item_id", itemId)
                .put("audio_end_ms", endMs)
                .toString();
    }

    String inputTranscript(String itemId, String transcript) {
        return event("conversation.item.input_audio_transcription.completed")
                .put("item_id", itemId)
                .put("content_index", 0)
                .put("transcript", transcript)
                .toString();
    }

    String userItem(String itemId, String text) {
        ObjectNode event = event("conversation.item.created");
        ObjectNode item =
                event.putObject("item").put("id", itemId).put("type", "message").put("role", "user");
        item.putArray("content").addObject().put("type", "input_text").put("text", text);
        return event.toString();
    }

    String outputItem(String callId, String output) {
        ObjectNode event = event("conversation.item.created");
        ObjectNode item = event.putObject("item")
                .put("id", ids.newItem())
                .put("type", "function_call_output")
                .put("role", "tool");
        item.put("call_id", callId).put("output", output);
        item.putArray("content").addObject().put("type", "input_text").put("text", output);
        return event.toString();
    }

    String responseCreated(String responseId) {
        ObjectNode event = event("response.created");
        event.putObject("response").put("id", responseId).put("status", "in_progress");
        return event.toString();
    }

    String audioDelta(String responseId, String itemId, byte[] pcm16) {
        return event("response.output_audio.delta")
                .put("response_id", responseId)
                .put("item_id", itemId)
                .put("delta", Base64.getEncoder().encodeToString(pcm16))
                .toString();
    }

    String transcriptDelta(String responseId, String itemId, String text) {
        return event("response.output_audio_transcript.delta")
                .put("response_id", responseId)
                .put("item_id", itemId)
                .put("delta", text)
                .toString();
    }

    String functionCall(String responseId, String itemId, String callId, @Nullable String name, String arguments) {
        ObjectNode event = event("response.function_call_arguments.done")
                .put("response_id", responseId)
                .put("item_id", itemId)
                .put("call_id", callId);
        if (name != null) {
            event.put("name", name);
        }
        return event.put("arguments", arguments).toString();
    }

    /** The other place where some servers name a call: its item, before the arguments. */
    String outputItemAdded(String responseId, String itemId, String callId, String name) {
        ObjectNode event = event("response.output_item.added").put("response_id", responseId);
        event.put("output_index", 0);
        event.putObject("item")
                .put("id", itemId)
                .put("type", "function_call")
                .put("call_id", callId)
                .put("name", name);
        return event.toString();
    }

    String responseDone(String responseId, String status) {
        ObjectNode event = event("response.done");
        event.putObject("response").put("id", responseId).put("status", status);
        return event.toString();
    }

    String error(String type, String code, String message, @Nullable String clientEventId) {
        ObjectNode event = event("error");
        ObjectNode error =
                event.putObject("error").put("type", type).put("code", code).put("message", message);
        if (clientEventId != null) {
            error.put("event_id", clientEventId);
        }
        return event.toString();
    }

    private ObjectNode event(String type) {
        return Json.object().put("type", type).put("event_id", ids.newEvent());
    }
}
