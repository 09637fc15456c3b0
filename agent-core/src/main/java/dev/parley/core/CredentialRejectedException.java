package dev.parley.core;

/** The provider refused the key or token (swaram: close code 4001; any: HTTP 401 or 403 at the handshake). The same one fails again. */
public final class CredentialRejectedException extends SessionException {
    private static final long serialVersionUID = 1L;

    public CredentialRejectedException(String message, int code) {
        super(message, code, null);
    }
}
