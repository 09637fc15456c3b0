package dev.parley.testkit;

/**
 * A breach of the protocol by the client.
 *
 * @param kind which rule
 * @param message what happened, in one sentence; it holds no caller's words
 */
public record Violation(Kind kind, String message) {

    /** The rules that the server watches. New ones come with minor versions. */
    public enum Kind {
        /** A text message that is not a JSON object. */
        NOT_JSON,
        /** A binary message; all of the protocol is text. */
        BINARY_MESSAGE,
        /** An event that this provider does not have, for example {@code conversation.item.truncate}. */
        UNKNOWN_EVENT,
        /** An event without what it needs, or with what it does not have. */
        EVENT_SHAPE,
        /** Audio before {@code session.update} (swaram). */
        AUDIO_BEFORE_CONFIGURATION,
        /** Anything else before {@code session.update} (swaram). */
        EVENT_BEFORE_CONFIGURATION,
        /** A second {@code session.update} (swaram): the configuration is fixed. */
        CONFIGURED_TWICE,
        /** A session that is not of this provider's shape. */
        SESSION_SHAPE,
        /** A {@code tool_choice} other than {@code auto} (swaram); {@code required} makes the model call tools for ever. */
        TOOL_CHOICE,
        /** A tool without a name, or whose parameters are no object schema. */
        TOOL_SCHEMA,
        /** Audio that is not base64. */
        BAD_BASE64,
        /** Audio that ends in the middle of a sample. */
        ODD_AUDIO_BYTES,
        /** An item other than a tool's output, such as text (swaram). */
        NOT_A_TOOL_OUTPUT,
        /** A tool's output that is not JSON as a string (swaram). */
        OUTPUT_NOT_JSON,
        /** An output for a call that was never made. */
        UNKNOWN_CALL_ID,
        /** A second output for a call. */
        SECOND_OUTPUT,
        /** {@code response.create} after a tool's output (swaram): the server goes on by itself, and would speak twice. */
        RESPONSE_CREATE_AFTER_TOOL_OUTPUT,
        /** {@code response.create} during a response. */
        RESPONSE_CREATE_WHILE_ACTIVE,
        /** {@code response.create} before the outputs of the calls that came before it. */
        RESPONSE_CREATE_BEFORE_OUTPUTS,
        /** A change to what is fixed: the model, the voice after its first sound, the speed within a reply. */
        FIXED_SETTING,
        /** {@code input_audio_buffer.commit} with less than 100 ms in the buffer. */
        EMPTY_COMMIT,
        /** More than 15 MiB in one append. */
        AUDIO_TOO_LARGE,
        /** An item that the conversation does not have. */
        UNKNOWN_ITEM,
        /** A cut of what is no spoken message of the model's, or beyond its end. */
        TRUNCATION,
        /** The caller's audio is not the recording that the script names. */
        CALLER_AUDIO_DIFFERS
    }

    @Override
    public String toString() {
        return kind + ": " + message;
    }
}
