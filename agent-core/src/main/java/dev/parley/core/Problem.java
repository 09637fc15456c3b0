package dev.parley.core;

import org.jspecify.annotations.Nullable;

/**
 * Something that went wrong and that the session survived.
 *
 * @param kind what sort of thing
 * @param message in plain words, with what to do; holds no key and no caller's words
 * @param error the exception behind it, where there is one
 */
public record Problem(Kind kind, String message, @Nullable Throwable error) {

    /** The sorts of problem. New ones come with minor versions. */
    public enum Kind {
        /** A message that is not JSON, has no type, or lacks what its type needs; it was skipped and counted. */
        MALFORMED_MESSAGE,
        /** The provider sent an {@code error} event; the message holds its code. */
        PROVIDER_ERROR,
        /** An event that does not fit what came before it; it was skipped. */
        OUT_OF_ORDER,
        /** Audio was dropped because a bounded queue was full; it was counted. */
        AUDIO_DROPPED,
        /** A tool call that cannot be answered: the provider never gave its id, or no message takes its output. */
        CALL_UNANSWERABLE,
        /** A tool's definition is less than it should be, for example because its live values could not be read. */
        TOOL_DEFINITION,
        /** An extension threw. */
        EXTENSION_FAILED,
        /** A source of audio, or a sink, failed. */
        AUDIO_DEVICE,
        /** Parley itself failed at an event or a request, which was skipped; the log has more. */
        INTERNAL_FAULT
    }

    public Problem(Kind kind, String message) {
        this(kind, message, null);
    }
}
