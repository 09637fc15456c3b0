package dev.parley.core;

/** The account has no credits left (swaram: close code 4003). Add credits; trying again does not help. */
public final class OutOfCreditsException extends SessionException {
    private static final long serialVersionUID = 1L;

    public OutOfCreditsException(String message, int code) {
        super(message, code, null);
    }
}
