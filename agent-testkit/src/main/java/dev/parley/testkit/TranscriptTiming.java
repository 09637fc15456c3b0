package dev.parley.testkit;

/**
 * When the transcript of the caller's words comes, on servers that transcribe beside the reply. OpenAI's documents promise
 * no order between the two.
 */
public enum TranscriptTiming {
    /** Before {@code response.created}. */
    BEFORE_REPLY,
    /** After the reply's first words or calls. */
    DURING_REPLY,
    /** After {@code response.done}. */
    AFTER_REPLY
}
