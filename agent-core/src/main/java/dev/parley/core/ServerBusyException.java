package dev.parley.core;

/** The provider is busy (close code 1013, HTTP 429 or 503). A later attempt may succeed. */
public final class ServerBusyException extends SessionException {
    private static final long serialVersionUID = 1L;

    public ServerBusyException(String message, int code) {
        super(message, code, null);
    }
}
