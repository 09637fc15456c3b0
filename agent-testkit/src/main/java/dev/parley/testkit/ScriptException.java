package dev.parley.testkit;

import org.jspecify.annotations.Nullable;

/** A fault in a script. The message names the script, the turn and the mend. */
public final class ScriptException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public ScriptException(String message) {
        super(message);
    }

    public ScriptException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
