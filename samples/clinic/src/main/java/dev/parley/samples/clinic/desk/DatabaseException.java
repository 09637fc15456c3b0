package dev.parley.samples.clinic.desk;

import org.jspecify.annotations.Nullable;

/** The clinic's database could not be opened, or refused. The message says why. */
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DatabaseException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
