package dev.parley.core.internal;

/** A message that cannot be read. Its text names what is wrong and quotes nothing of the message. */
final class MalformedEventException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedEventException(String message) {
        super(message);
    }
}
