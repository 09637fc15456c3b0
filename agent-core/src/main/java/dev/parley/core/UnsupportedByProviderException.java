package dev.parley.core;

/** The provider's dialect has no way to do this; the message names what it has instead. The session goes on. */
public final class UnsupportedByProviderException extends UnsupportedOperationException {
    private static final long serialVersionUID = 1L;

    public UnsupportedByProviderException(String message) {
        super(message);
    }
}
