package dev.parley.testkit.internal;

import dev.parley.testkit.Violation;

/** A client message that breaks a rule. It has no effect beyond the error event that answers it. */
final class Breach extends Exception {
    private static final long serialVersionUID = 1L;

    private final Violation.Kind kind;

    Breach(Violation.Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    Violation violation() {
        return new Violation(kind, String.valueOf(getMessage()));
    }
}
