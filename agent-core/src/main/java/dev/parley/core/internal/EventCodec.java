package dev.parley.core.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.parley.core.event.ServerEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * From JSON text to event records. Stateless, so every session shares one.
 *
 * <p>Reading is lenient where servers differ: beta and GA names are one event, fields come in any order, what is absent is
 * null, what is unknown is passed through whole. Writing ({@link ClientEventJson}) is strict.
 */
final class EventCodec {
    /**
     * The longest message that is read: in bytes of UTF-8 on the wire, and so in characters at most. An audio delta of four
     * minutes at 24 kHz.
     */
    static final int LONGEST_MESSAGE = 16 * 1024 * 1024;

    private final JsonFactory json = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(LONGEST_MESSAGE)
                    .maxNestingDepth(200)
                    .build())
            .build();

    /**
     * Reads one message.
     *
     * @throws MalformedEventException if it is not a JSON object with a type, or lacks what its type needs
     */
    ServerEvent decode(String message) throws MalformedEventException {
        if (message.length() > LONGEST_MESSAGE) {
            throw new MalformedEventException(
                    "a message of " + message.length() + " characters is over the limit of " + LONGEST_MESSAGE);
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

    /** The hot path of a call: no JSON machinery, since base64 needs no escaping. */
    static String encodeAppend(ByteBuffer pcm16) {
        return AudioAppend.of(pcm16);
    }
}
