package dev.parley.core;

import org.jspecify.annotations.Nullable;

/**
 * Why a session ended.
 *
 * @param kind who ended it
 * @param code the WebSocket close code; 1000 for a normal end, 1006 for a connection that broke without one
 * @param message in plain words
 * @param error what {@link VoiceAgent#connect()} would have thrown, where it was not a normal end
 */
public record CloseReason(
        Kind kind, int code, String message, @Nullable SessionException error) {

    /** Who ended the session. */
    public enum Kind {
        /** {@link VoiceSession#close()} on this side. */
        CLOSED_BY_US,
        /** The provider closed it normally. */
        CLOSED_BY_PROVIDER,
        /** It broke, or the provider ended it with an error; {@link #error()} says which. */
        FAILED
    }
}
