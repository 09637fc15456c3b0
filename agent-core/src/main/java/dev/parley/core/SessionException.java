package dev.parley.core;

import org.jspecify.annotations.Nullable;

/**
 * Why a session could not start, or why it ended other than by a hang-up. Subtypes name the cases that callers treat
 * differently. Messages say what to do and never hold a key.
 */
public class SessionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;

    public SessionException(String message) {
        this(message, 0, null);
    }

    /**
     * @param code the WebSocket close code or the HTTP status of the refused handshake; 0 where there is none
     */
    public SessionException(String message, int code, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** The WebSocket close code, or the HTTP status of a refused handshake; 0 where there is neither. */
    public int code() {
        return code;
    }
}
