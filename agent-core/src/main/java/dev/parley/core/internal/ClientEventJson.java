package dev.parley.core.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import dev.parley.core.provider.Dialect;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Client events as JSON text, in a dialect: only what the provider documents. Stateless, so an agent's sessions share one. */
final class ClientEventJson {
    private static final JsonFactory JSON = new JsonFactory();

    private final Dialect dialect;

    ClientEventJson(Dialect dialect) {
        this.dialect = dialect;
    }

    String of(ClientEvent event) {
        return of(event, null);
    }

    /** The configuration that a server gets first, with what is said nowhere; a later one changes what it mentions. */
    String first(ClientEvent.SessionUpdate configuration) {
        return "{\"type\":\"session.update\",\"session\":" + SessionJson.of(dialect, configuration.config(), null)
                + "}";
    }

    /** @param eventId by which an error names this event; written only where servers do that */
    String of(ClientEvent event, @Nullable String eventId) {
        if (event instanceof ClientEvent.AppendAudio append) {
            return EventCodec.encodeAppend(append.audio());
        }
        if (event instanceof ClientEvent.Raw raw) {
            return raw.json();
        }
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            out.writeStringField("type", type(event));
            if (eventId != null && dialect.namesFaultyEvents()) {
                out.writeStringField("event_id", eventId);
            }
            writeBody(out, event);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static String type(ClientEvent event) {
        if (event instanceof ClientEvent.SessionUpdate) {
            return "session.update";
        } else if (event instanceof ClientEvent.ToolOutput || event instanceof ClientEvent.Message) {
            return "conversation.item.create";
        } else if (event instanceof ClientEvent.TruncateItem) {
            return "conversation.item.truncate";
        } else if (event instanceof ClientEvent.CancelResponse) {
            return "response.cancel";
        } else if (event instanceof ClientEvent.CreateResponse) {
            return "response.create";
        } else if (event instanceof ClientEvent.CommitAudio) {
            return "input_audio_buffer.commit";
        } else if (event instanceof ClientEvent.ClearAudio) {
            return "input_audio_buffer.clear";
        }
        throw new IllegalArgumentException("no way to write " + event.getClass());
    }

    private void writeBody(JsonGenerator out, ClientEvent event) throws IOException {
        if (event instanceof ClientEvent.SessionUpdate update) {
            out.writeFieldName("session");
            out.writeRawValue(SessionJson.change(dialect, update.config()));
        } else if (event instanceof ClientEvent.ToolOutput output) {
            out.writeObjectFieldStart("item");
            out.writeStringField("type", "function_call_output");
            out.writeStringField("call_id", output.callId());
            out.writeStringField("output", output.output());
            out.writeEndObject();
        } else if (event instanceof ClientEvent.Message message) {
            writeMessage(out, message);
        } else if (event instanceof ClientEvent.TruncateItem cut) {
            out.writeStringField("item_id", cut.itemId());
            out.writeNumberField("content_index", 0);
            out.writeNumberField("audio_end_ms", cut.heard().toMillis());
        } else if (event instanceof ClientEvent.CancelResponse cancel && cancel.responseId() != null) {
            out.writeStringField("response_id", cancel.responseId());
        } else if (event instanceof ClientEvent.CreateResponse create && create.options() != null) {
            out.writeFieldName("response");
            writeOptions(out, create.options());
        }
    }

    private void writeMessage(JsonGenerator out, ClientEvent.Message message) throws IOException {
        out.writeObjectFieldStart("item");
        if (message.id() != null) {
            out.writeStringField("id", message.id());
        }
        out.writeStringField("type", "message");
        out.writeStringField("role", message.role());
        out.writeArrayFieldStart("content");
        out.writeStartObject();
        String assistantText = dialect.namesContentAsGa() ? "output_text" : "text";
        out.writeStringField("type", message.role().equals("assistant") ? assistantText : "input_text");
        out.writeStringField("text", message.text());
        out.writeEndObject();
        out.writeEndArray();
        out.writeEndObject();
    }

    private void writeOptions(JsonGenerator out, ResponseOptions options) throws IOException {
        out.writeStartObject();
        if (options.outOfBand()) {
            out.writeStringField("conversation", "none");
        }
        if (options.instructions() != null) {
            out.writeStringField("instructions", options.instructions());
        }
        if (options.textOnly()) {
            out.writeArrayFieldStart(dialect.namesContentAsGa() ? "output_modalities" : "modalities");
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
}
