package dev.parley.tools.internal;

import dev.parley.tools.ToolResult;

/** Ends a call with an error of the output contract. Carries no stack trace: it is an answer, not a fault. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient ToolResult result;

    Refusal(ToolResult result) {
        super(null, null, false, false);
        this.result = result;
    }

    /** What the model gets. */
    public ToolResult result() {
        return result;
    }
}
