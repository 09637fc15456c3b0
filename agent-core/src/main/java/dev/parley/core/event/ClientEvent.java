package dev.parley.core.event;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One message to the provider. Immutable. New variants come with minor versions: readers keep a {@code default}. */
public sealed interface ClientEvent {

    /** Sets instructions, voice and tools ({@code session.update}); Parley sends it first, by itself. */
    record SessionUpdate(SessionConfig config) implements ClientEvent {
        public SessionUpdate {
            Objects.requireNonNull(config, "an update needs a configuration");
        }
    }

    /**
     * A piece of the caller's voice ({@code input_audio_buffer.append}).
     *
     * @param audio PCM16 little-endian mono at the provider's rate; the bytes are copied
     */
    record AppendAudio(ByteBuffer audio) implements ClientEvent {
        public AppendAudio {
            ByteBuffer copy = ByteBuffer.allocate(audio.remaining());
            copy.put(audio.duplicate()).flip();
            audio = copy.asReadOnlyBuffer();
        }

        @Override
        public ByteBuffer audio() {
            return audio.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /** Marks the end of the caller's turn ({@code input_audio_buffer.commit}). swaram: Simple only, a nudge. */
    record CommitAudio() implements ClientEvent {}

    /** Discards what was appended and not yet heard ({@code input_audio_buffer.clear}). swaram: Simple only. */
    record ClearAudio() implements ClientEvent {}

    /**
     * Asks for a reply now ({@code response.create}). swaram: Simple only, and without options.
     *
     * @param options what this reply should be like, or null for the session's own settings
     */
    record CreateResponse(@Nullable ResponseOptions options) implements ClientEvent {
        /** A reply by the session's own settings. */
        public CreateResponse() {
            this(null);
        }
    }

    /**
     * Adds something that was said, as text ({@code conversation.item.create} with a message). It asks for no reply.
     *
     * @param role {@code user}, {@code assistant} or {@code system}
     * @param id the item's id, by which the server acknowledges it; null lets the server choose one
     */
    record Message(String role, String text, @Nullable String id) implements ClientEvent {
        private static final Set<String> ROLES = Set.of("user", "assistant", "system");

        public Message {
            Objects.requireNonNull(role, "a message needs a role: user, assistant or system");
            Objects.requireNonNull(text, "a message needs a text");
            if (!ROLES.contains(role)) {
                throw new IllegalArgumentException(
                        "a message's role is user, assistant or system, not \"" + role + "\"");
            }
        }

        /** Shows no words. */
        @Override
        public String toString() {
            return "Message[role=" + role + ", " + text.length() + " chars]";
        }
    }

    /**
     * Cuts an item of the agent's voice to what was heard ({@code conversation.item.truncate}).
     *
     * @param heard from the item's first sample; sent in whole ms, rounded down
     */
    record TruncateItem(String itemId, Duration heard) implements ClientEvent {
        public TruncateItem {
            Objects.requireNonNull(itemId, "a truncation needs the id of the item to cut");
            Objects.requireNonNull(heard, "a truncation needs how much was heard");
            if (heard.isNegative()) {
                throw new IllegalArgumentException("nobody has heard less than nothing: " + heard);
            }
        }
    }

    /** Stops the current reply ({@code response.cancel}). */
    record CancelResponse(@Nullable String responseId) implements ClientEvent {}

    /**
     * The answer to a tool call ({@code conversation.item.create} with a {@code function_call_output}).
     *
     * @param output JSON text
     */
    record ToolOutput(String callId, String output) implements ClientEvent {
        public ToolOutput {
            Objects.requireNonNull(callId, "a tool's output needs the id of the call that it answers");
            Objects.requireNonNull(output, "a tool's output needs a text: for a tool that returns nothing, \"null\"");
        }

        /** Shows no output: it may hold a caller's data. */
        @Override
        public String toString() {
            return "ToolOutput[callId=" + callId + ", " + output.length() + " chars]";
        }
    }

    /**
     * Any other message, as JSON text with a {@code type}: the escape hatch for what only one provider has.
     *
     * @param json one JSON object; other text is refused
     */
    record Raw(String json) implements ClientEvent {
        public Raw {
            Objects.requireNonNull(json, "a raw message needs a text");
            if (!WholeObject.is(json)) {
                throw new IllegalArgumentException("a raw message is one JSON object such as {\"type\":\"…\"}; these "
                        + json.length() + " chars are not");
            }
        }

        /** Shows the size alone. */
        @Override
        public String toString() {
            return "Raw[" + json.length() + " chars]";
        }
    }
}
