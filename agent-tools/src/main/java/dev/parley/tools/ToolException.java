package dev.parley.tools;

import java.util.Objects;

/**
 * Thrown by a tool to tell the model what went wrong. Its message is the one exception text that reaches the model, so
 * write it for the model: what is the matter, and what to do or say now. The result's code is {@code failed}.
 */
public class ToolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An exception whose message the model reads. */
    public ToolException(String message) {
        super(Objects.requireNonNull(message));
    }

    /** As above; the cause goes to the log alone. */
    public ToolException(String message, Throwable cause) {
        super(Objects.requireNonNull(message), cause);
    }
}
