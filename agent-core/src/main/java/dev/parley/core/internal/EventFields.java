package dev.parley.core.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.ServerEvent.Item;
import dev.parley.core.event.Usage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one message, read in a single pass and in whatever order they come, and then turned into the record of
 * their type. Lives for one message.
 */
final class EventFields {
    private @Nullable String type;
    private @Nullable String eventId;
    private @Nullable String responseId;
    private @Nullable String itemId;
    private @Nullable String callId;
    private @Nullable String name;
    private @Nullable String arguments;
    private @Nullable String transcript;
    private @Nullable String delta;
    private @Nullable String status;
    private @Nullable String id;
    private @Nullable String code;
    private @Nullable String message;
    private @Nullable Long audioStartMs;
    private @Nullable Long audioEndMs;
    private @Nullable Item item;
    private @Nullable EventFields response;
    private @Nullable EventFields error;
    private @Nullable EventFields session;
    private @Nullable EventFields details;
    private @Nullable String reason;
    private @Nullable Usage usage;
    private boolean outOfConversation;
    private List<Item> output = List.of();

    private EventFields() {}

    static EventFields read(JsonFactory json, String message) throws IOException, MalformedEventException {
        try (JsonParser parser = json.createParser(message)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedEventException("a message must be a JSON object");
            }
            EventFields fields = new EventFields();
            fields.readObject(parser);
            if (parser.nextToken() != null) {
                throw new MalformedEventException("text follows the message's JSON object");
            }
            return fields;
        }
    }

    /** Stands on START_OBJECT, leaves on its END_OBJECT. */
    private void readObject(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "type" -> type = text(parser);
                case "event_id" -> eventId = text(parser);
                case "response_id" -> responseId = text(parser);
                case "item_id" -> itemId = text(parser);
                case "call_id" -> callId = text(parser);
                case "name" -> name = text(parser);
                case "arguments" -> arguments = textOrJson(parser);
                case "transcript" -> transcript = text(parser);
                case "delta" -> delta = text(parser);
                case "status" -> status = text(parser);
                case "id" -> id = text(parser);
                case "code" -> code = text(parser);
                case "message" -> message = text(parser);
                case "audio_start_ms" -> audioStartMs = number(parser);
                case "audio_end_ms" -> audioEndMs = number(parser);
                case "output" -> output = items(parser);
                case "item" -> item = item(parser);
                case "response" -> response = object(parser);
                case "error" -> error = object(parser);
                case "session" -> session = object(parser);
                case "status_details" -> details = object(parser);
                case "reason" -> reason = text(parser);
                case "usage" -> usage = TokenCount.read(parser);
                case "conversation_id" -> {
                    outOfConversation = parser.currentToken() == JsonToken.VALUE_NULL;
                    parser.skipChildren();
                }
                default -> parser.skipChildren();
            }
        }
    }

    ServerEvent toEvent(String whole) throws MalformedEventException {
        if (type == null || type.isEmpty()) {
            throw new MalformedEventException("a message must have a type");
        }
        return switch (type) {
            case "session.created" -> new ServerEvent.SessionCreated(session == null ? null : session.id);
            case "session.updated" -> new ServerEvent.SessionUpdated(session == null ? null : session.id);
            case "input_audio_buffer.speech_started" -> new ServerEvent.SpeechStarted(itemId, audioStartMs);
            case "input_audio_buffer.speech_stopped" -> new ServerEvent.SpeechStopped(itemId, audioEndMs);
            case "conversation.item.input_audio_transcription.completed" ->
                new ServerEvent.InputTranscript(itemId, required("transcript", transcript));
            case "conversation.item.created", "conversation.item.added", "conversation.item.done" ->
                new ServerEvent.ItemCreated(requiredItem());
            case "response.created" ->
                new ServerEvent.ResponseCreated(responseId(), response != null && response.outOfConversation);
            case "response.output_item.added" -> new ServerEvent.OutputItem(responseId, requiredItem(), false);
            case "response.output_item.done" -> new ServerEvent.OutputItem(responseId, requiredItem(), true);
            case "response.output_audio.delta", "response.audio.delta" ->
                new ServerEvent.OutputAudio(responseId, itemId, audio());
            case "response.output_audio_transcript.delta", "response.audio_transcript.delta" ->
                new ServerEvent.OutputTranscript(responseId, itemId, required("delta", delta));
            case "response.output_text.delta", "response.text.delta" ->
                new ServerEvent.OutputText(responseId, itemId, required("delta", delta));
            case "response.function_call_arguments.done" ->
                new ServerEvent.FunctionCallArguments(
                        responseId, itemId, callId, name, arguments == null ? "" : arguments);
            case "response.done" ->
                new ServerEvent.ResponseDone(
                        responseId(),
                        status(),
                        response == null ? output : response.output,
                        response == null ? null : response.reason(),
                        response == null ? null : response.usage);
            case "error" ->
                error == null
                        ? new ServerEvent.ErrorEvent(null, code, message, null)
                        : new ServerEvent.ErrorEvent(error.type, error.code, error.message, error.eventId);
            default -> new ServerEvent.Unrecognized(type, whole);
        };
    }

    /** A response's own id is in its object; swaram does not say where, so the event's is taken too. */
    private @Nullable String responseId() {
        return response != null && response.id != null ? response.id : responseId;
    }

    private @Nullable String status() {
        return response != null && response.status != null ? response.status : status;
    }

    /** Why a response is not completed: a failure's code says more than its kind. */
    private @Nullable String reason() {
        if (details == null) {
            return null;
        }
        if (details.error != null) {
            return details.error.code != null ? details.error.code : details.error.type;
        }
        return details.reason;
    }

    private ByteBuffer audio() throws MalformedEventException {
        try {
            return ByteBuffer.wrap(Base64.getDecoder().decode(required("delta", delta)));
        } catch (IllegalArgumentException e) {
            throw new MalformedEventException(type + ": delta is not base64");
        }
    }

    private String required(String field, @Nullable String value) throws MalformedEventException {
        if (value == null) {
            throw new MalformedEventException(type + ": " + field + " is missing or not text");
        }
        return value;
    }

    private Item requiredItem() throws MalformedEventException {
        if (item == null) {
            throw new MalformedEventException(type + ": item is missing");
        }
        return item;
    }

    private static @Nullable EventFields object(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return null;
        }
        EventFields fields = new EventFields();
        fields.readObject(parser);
        return fields;
    }

    private static List<Item> items(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return List.of();
        }
        List<Item> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Item item = item(parser);
            if (item != null) {
                items.add(item);
            }
        }
        return items;
    }

    private static @Nullable Item item(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return null;
        }
        String id = null;
        String type = null;
        String role = null;
        String status = null;
        String callId = null;
        String name = null;
        String arguments = null;
        String text = "";
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "id" -> id = text(parser);
                case "type" -> type = text(parser);
                case "role" -> role = text(parser);
                case "status" -> status = text(parser);
                case "call_id" -> callId = text(parser);
                case "name" -> name = text(parser);
                case "arguments" -> arguments = textOrJson(parser);
                case "output" -> text = Objects.requireNonNullElse(text(parser), text);
                case "content" -> text = contentText(parser);
                default -> parser.skipChildren();
            }
        }
        return new Item(id, type, role, status, text, callId, name, arguments);
    }

    /** The text of an item's parts, whether they call it text or transcript. */
    private static String contentText(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return "";
        }
        StringBuilder text = new StringBuilder();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                parser.skipChildren();
                continue;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value == JsonToken.VALUE_STRING && (field.equals("text") || field.equals("transcript"))) {
                    text.append(parser.getText());
                } else {
                    parser.skipChildren();
                }
            }
        }
        return text.toString();
    }

    /** A string; null for anything else, whose children are skipped. */
    private static @Nullable String text(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        parser.skipChildren();
        return null;
    }

    /** Arguments are JSON in a string; a server that sends the object itself is understood too. */
    private static @Nullable String textOrJson(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> parser.getText();
            case VALUE_NULL -> null;
            default -> JsonText.copy(parser);
        };
    }

    private static @Nullable Long number(JsonParser parser) throws IOException {
        if (parser.currentToken().isNumeric()) {
            double value = parser.getDoubleValue();
            return Double.isFinite(value) ? (long) value : null;
        }
        parser.skipChildren();
        return null;
    }
}
