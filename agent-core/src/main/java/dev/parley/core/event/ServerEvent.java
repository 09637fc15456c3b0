package dev.parley.core.event;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message from the provider. Immutable. New variants come with minor versions: readers keep a {@code default}.
 *
 * <p>Fields are nullable where a server of the family may leave them out; swaram's events, for example, are documented
 * without most ids. Text fields are as the server sent them, not normalised.
 */
public sealed interface ServerEvent {

    /** The session exists ({@code session.created}); it is not yet configured. */
    record SessionCreated(@Nullable String sessionId) implements ServerEvent {}

    /** The configuration was applied ({@code session.updated}): the session is ready. */
    record SessionUpdated(@Nullable String sessionId) implements ServerEvent {}

    /**
     * The caller started to speak ({@code input_audio_buffer.speech_started}).
     *
     * @param itemId the user item that this speech will become, where the server says
     * @param audioStartMs where in the appended audio it began, in ms, where the server says
     */
    record SpeechStarted(@Nullable String itemId, @Nullable Long audioStartMs) implements ServerEvent {}

    /** The caller stopped speaking ({@code input_audio_buffer.speech_stopped}). */
    record SpeechStopped(@Nullable String itemId, @Nullable Long audioEndMs) implements ServerEvent {}

    /**
     * What the caller said ({@code conversation.item.input_audio_transcription.completed}): one event a turn, with the
     * whole text. It may come before the reply (swaram) or after it began (OpenAI), and not at all for silence.
     */
    record InputTranscript(@Nullable String itemId, String transcript) implements ServerEvent {
        /** Shows no words: a caller's speech stays out of logs. */
        @Override
        public String toString() {
            return "InputTranscript[itemId=" + itemId + ", " + transcript.length() + " chars]";
        }
    }

    /** An item joined the conversation ({@code conversation.item.created}, GA: {@code .added} and {@code .done}). */
    record ItemCreated(Item item) implements ServerEvent {}

    /**
     * A reply began ({@code response.created}).
     *
     * @param outOfBand whether it stays outside of the conversation, beside other replies
     */
    record ResponseCreated(@Nullable String responseId, boolean outOfBand) implements ServerEvent {
        /** A reply in the conversation. */
        public ResponseCreated(@Nullable String responseId) {
            this(responseId, false);
        }
    }

    /** A reply's item began or is complete ({@code response.output_item.added} and {@code .done}). */
    record OutputItem(@Nullable String responseId, Item item, boolean done) implements ServerEvent {}

    /**
     * A piece of the agent's voice ({@code response.output_audio.delta}, beta: {@code response.audio.delta}).
     *
     * @param audio PCM16 little-endian mono at the provider's rate, any number of bytes, odd ones included; each reader
     *     gets its own position
     */
    record OutputAudio(
            @Nullable String responseId, @Nullable String itemId, ByteBuffer audio) implements ServerEvent {
        public OutputAudio {
            audio = audio.asReadOnlyBuffer();
        }

        @Override
        public ByteBuffer audio() {
            return audio.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /** A piece of the text that the agent speaks ({@code response.output_audio_transcript.delta}). */
    record OutputTranscript(
            @Nullable String responseId, @Nullable String itemId, String delta) implements ServerEvent {
        /** Shows no words. */
        @Override
        public String toString() {
            return "OutputTranscript[responseId=" + responseId + ", itemId=" + itemId + ", " + delta.length()
                    + " chars]";
        }
    }

    /** A piece of a reply that is text alone ({@code response.output_text.delta}, beta: {@code response.text.delta}). */
    record OutputText(@Nullable String responseId, @Nullable String itemId, String delta) implements ServerEvent {
        /** Shows no words. */
        @Override
        public String toString() {
            return "OutputText[responseId=" + responseId + ", itemId=" + itemId + ", " + delta.length() + " chars]";
        }
    }

    /**
     * The arguments of a tool call are complete ({@code response.function_call_arguments.done}). Some servers leave the
     * name or the call id to the item's own event.
     *
     * @param arguments JSON text as the model wrote it; it may fail to parse
     */
    record FunctionCallArguments(
            @Nullable String responseId,
            @Nullable String itemId,
            @Nullable String callId,
            @Nullable String name,
            String arguments)
            implements ServerEvent {
        /** Shows no arguments: they are the caller's words. */
        @Override
        public String toString() {
            return "FunctionCallArguments[responseId=" + responseId + ", itemId=" + itemId + ", callId=" + callId
                    + ", name=" + name + "]";
        }
    }

    /**
     * A reply is over ({@code response.done}).
     *
     * @param status {@code completed}, {@code cancelled}, {@code failed} or {@code incomplete}
     * @param output the reply's items, where the server repeats them
     * @param reason why it is not completed: {@code turn_detected}, {@code client_cancelled}, {@code max_output_tokens},
     *     {@code content_filter}, or a failure's error code
     * @param usage what it cost, where the server says
     */
    record ResponseDone(
            @Nullable String responseId,
            @Nullable String status,
            List<Item> output,
            @Nullable String reason,
            @Nullable Usage usage)
            implements ServerEvent {
        public ResponseDone {
            output = List.copyOf(output);
        }

        /** Without a reason and a cost. */
        public ResponseDone(@Nullable String responseId, @Nullable String status, List<Item> output) {
            this(responseId, status, output, null, null);
        }

        /** Whether the reply was cut short by the caller or by {@code response.cancel}. */
        public boolean cancelled() {
            return "cancelled".equals(status);
        }
    }

    /**
     * Something went wrong ({@code error}); most leave the session open.
     *
     * @param eventId the client event that it answers, where the server says
     */
    record ErrorEvent(
            @Nullable String type,
            @Nullable String code,
            @Nullable String message,
            @Nullable String eventId) implements ServerEvent {}

    /**
     * An event that Parley has no record for, whole.
     *
     * @param type the message's {@code type}
     * @param json the message as it came
     */
    record Unrecognized(String type, String json) implements ServerEvent {
        /** Shows the type alone. */
        @Override
        public String toString() {
            return "Unrecognized[type=" + type + ", " + json.length() + " chars]";
        }
    }

    /**
     * An item of the conversation, as far as the server describes it.
     *
     * @param type {@code message}, {@code function_call}, {@code function_call_output} or another
     * @param text the item's text or transcript parts, joined; empty where it has none
     */
    record Item(
            @Nullable String id,
            @Nullable String type,
            @Nullable String role,
            @Nullable String status,
            String text,
            @Nullable String callId,
            @Nullable String name,
            @Nullable String arguments) {
        /** Whether this is a tool call of the model. */
        public boolean isFunctionCall() {
            return "function_call".equals(type);
        }

        /** Shows neither words nor arguments. */
        @Override
        public String toString() {
            return "Item[id=" + id + ", type=" + type + ", role=" + role + ", status=" + status + ", callId=" + callId
                    + ", name=" + name + "]";
        }
    }
}
