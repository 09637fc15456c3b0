package dev.parley.tools.internal;

/** A tool that cannot be registered. */
final class Fault {
    private Fault() {}

    /**
     * @param where names the method and the parameter
     * @param what says what is wrong and how to mend it
     */
    static IllegalArgumentException at(String where, String what) {
        return new IllegalArgumentException(where + ": " + what);
    }
}
