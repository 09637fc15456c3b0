package dev.parley.core;

/** The session lasted as long as the provider lets one last, and no fresh one could take its place. */
public final class SessionExpiredException extends SessionException {
    private static final long serialVersionUID = 1L;

    public SessionExpiredException(String message, int code) {
        super(message, code, null);
    }
}
