package dev.parley.tools.internal;

/** A tool that cannot be registered: names the method and the parameter, and says how to mend it. */
final class Fault extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    Fault(String where, String what) {
        super(where + ": " + what);
    }
}
