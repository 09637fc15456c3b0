package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What a client said, after it was found to be well formed. */
sealed interface SwaramMessage {

    /** Its name on the wire. */
    String type();

    record Configure(JsonNode session) implements SwaramMessage {
        @Override
        public String type() {
            return "session.update";
        }
    }

    record Append(ByteBuffer pcm16) implements SwaramMessage {
        @Override
        public String type() {
            return "input_audio_buffer.append";
        }

        short[] samples() {
            short[] samples = new short[pcm16.remaining() / 2];
            pcm16.duplicate().order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
            return samples;
        }
    }

    record Commit() implements SwaramMessage {
        @Override
        public String type() {
            return "input_audio_buffer.commit";
        }
    }

    record Clear() implements SwaramMessage {
        @Override
        public String type() {
            return "input_audio_buffer.clear";
        }
    }

    record Create() implements SwaramMessage {
        @Override
        public String type() {
            return "response.create";
        }
    }

    record Cancel() implements SwaramMessage {
        @Override
        public String type() {
            return "response.cancel";
        }
    }

    record Output(String callId, JsonNode output) implements SwaramMessage {
        @Override
        public String type() {
            return "conversation.item.create";
        }
    }
}
