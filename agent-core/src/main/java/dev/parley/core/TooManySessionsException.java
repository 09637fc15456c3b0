package dev.parley.core;

/** The plan allows no more sessions at once (swaram: close code 4008). End one, or change the plan. */
public final class TooManySessionsException extends SessionException {
    private static final long serialVersionUID = 1L;

    public TooManySessionsException(String message, int code) {
        super(message, code, null);
    }
}
