package dev.parley.testkit.internal;

import dev.parley.testkit.Violation;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A client message that breaks a rule. It has no effect beyond the error event that answers it. */
final class Breach extends Exception {
    private static final long serialVersionUID = 1L;

    private final Violation.Kind kind;
    private final String code;
    private final @Nullable String param;

    Breach(Violation.Kind kind, String message) {
        this(kind, kind.name().toLowerCase(Locale.ROOT), null, message);
    }

    /**
     * As a provider words it.
     *
     * @param code what its error event says
     * @param param the field that is meant, or null
     */
    Breach(Violation.Kind kind, String code, @Nullable String param, String message) {
        super(message, null, false, false);
        this.kind = kind;
        this.code = code;
        this.param = param;
    }

    String code() {
        return code;
    }

    @Nullable
    String param() {
        return param;
    }

    Violation violation() {
        return new Violation(kind, String.valueOf(getMessage()));
    }
}
