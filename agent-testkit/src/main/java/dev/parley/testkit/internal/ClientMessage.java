package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What a client said, after it was found to be well formed. */
sealed interface ClientMessage {

    record Configure(JsonNode session) implements ClientMessage {}

    record Append(ByteBuffer pcm16) implements ClientMessage {
        short[] samples() {
            short[] samples = new short[pcm16.remaining() / 2];
            pcm16.duplicate().order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
            return samples;
        }
    }

    record Commit() implements ClientMessage {}

    record Clear() implements ClientMessage {}

    record Create() implements ClientMessage {}

    record Cancel() implements ClientMessage {}

    record Output(String callId, JsonNode output) implements ClientMessage {}
}
