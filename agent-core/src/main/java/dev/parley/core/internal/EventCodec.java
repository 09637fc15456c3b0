package dev.parley.core.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.SessionConfig;
import dev.parley.core.event.ToolDefinition;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Between JSON text and event records. Stateless, so every session shares one.
 *
 * <p>Reading is lenient where servers differ: beta and GA names are one event, fields come in any order, what is absent is
 * null, what is unknown is passed through whole. Writing is strict: only fields that the provider documents.
 */
final class EventCodec {
    /** The largest message that is read, on the wire in bytes of UTF-8: an audio delta of four minutes at 24 kHz. */
    static final int MAX_MESSAGE_CHARS = 16 * 1024 * 1024;

    private final JsonFactory json = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(MAX_MESSAGE_CHARS)
                    .maxNestingDepth(200)
                    .build())
            .build();

    /**
     * Reads one message.
     *
     * @throws MalformedEventException if it is not a JSON object with a type, or lacks what its type needs
     */
    ServerEvent decode(String message) throws MalformedEventException {
        if (message.length() > MAX_MESSAGE_CHARS) {
            throw new MalformedEventException(
                    "a message of " + message.length() + " characters is over the limit of " + MAX_MESSAGE_CHARS);
        }
        try {
            ServerEvent audio = AudioDelta.read(message);
            if (audio != null) {
                return audio;
            }
            return EventFields.read(json, message).toEvent(message);
        } catch (JsonProcessingException e) {
            // Jackson quotes the text around the fault: its message stays here, since it may be a caller's words.
            JsonLocation where = e.getLocation();
            throw new MalformedEventException(
                    where == null
                            ? "nested too deeply, or a part of it is too long"
                            : "not valid JSON at character " + where.getCharOffset());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes one event. */
    String encode(ClientEvent event) {
        if (event instanceof ClientEvent.AppendAudio append) {
            return encodeAppend(append.audio());
        }
        if (event instanceof ClientEvent.Raw raw) {
            return raw.json();
        }
        StringWriter text = new StringWriter();
        try (JsonGenerator out = json.createGenerator(text)) {
            out.writeStartObject();
            if (event instanceof ClientEvent.SessionUpdate update) {
                out.writeStringField("type", "session.update");
                out.writeFieldName("session");
                writeConfig(out, update.config());
            } else if (event instanceof ClientEvent.ToolOutput output) {
                out.writeStringField("type", "conversation.item.create");
                out.writeObjectFieldStart("item");
                out.writeStringField("type", "function_call_output");
                out.writeStringField("call_id", output.callId());
                out.writeStringField("output", output.output());
                out.writeEndObject();
            } else if (event instanceof ClientEvent.CancelResponse cancel) {
                out.writeStringField("type", "response.cancel");
                if (cancel.responseId() != null) {
                    out.writeStringField("response_id", cancel.responseId());
                }
            } else if (event instanceof ClientEvent.CreateResponse create) {
                out.writeStringField("type", "response.create");
                if (create.options() != null) {
                    out.writeFieldName("response");
                    writeOptions(out, create.options());
                }
            } else if (event instanceof ClientEvent.CommitAudio) {
                out.writeStringField("type", "input_audio_buffer.commit");
            } else if (event instanceof ClientEvent.ClearAudio) {
                out.writeStringField("type", "input_audio_buffer.clear");
            } else {
                throw new IllegalArgumentException("no way to write " + event.getClass());
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** An append of these bytes, whose position is left alone. */
    static String encodeAppend(ByteBuffer pcm16) {
        return AudioAppend.of(pcm16);
    }

    private static void writeOptions(JsonGenerator out, ResponseOptions options) throws IOException {
        out.writeStartObject();
        if (options.outOfBand()) {
            out.writeStringField("conversation", "none");
        }
        if (options.instructions() != null) {
            out.writeStringField("instructions", options.instructions());
        }
        if (options.textOnly()) {
            out.writeArrayFieldStart("output_modalities");
            out.writeString("text");
            out.writeEndArray();
        }
        if (!options.metadata().isEmpty()) {
            out.writeObjectFieldStart("metadata");
            for (var mark : options.metadata().entrySet()) {
                out.writeStringField(mark.getKey(), mark.getValue());
            }
            out.writeEndObject();
        }
        out.writeEndObject();
    }

    /** The flat session of swaram: voice and tools at the top; a tool choice only where there are tools to choose. */
    private static void writeConfig(JsonGenerator out, SessionConfig config) throws IOException {
        out.writeStartObject();
        if (config.instructions() != null) {
            out.writeStringField("instructions", config.instructions());
        }
        if (config.voice() != null) {
            out.writeStringField("voice", config.voice());
        }
        if (!config.tools().isEmpty()) {
            out.writeArrayFieldStart("tools");
            for (ToolDefinition tool : config.tools()) {
                out.writeStartObject();
                out.writeStringField("type", "function");
                out.writeStringField("name", tool.name());
                out.writeStringField("description", tool.description());
                out.writeFieldName("parameters");
                out.writeRawValue(tool.parametersJson());
                out.writeEndObject();
            }
            out.writeEndArray();
            // "required" makes the server call tools for ever, so it is never sent.
            out.writeStringField("tool_choice", "auto");
        }
        out.writeEndObject();
    }
}
