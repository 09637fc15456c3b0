package dev.parley.testkit.internal;

/**
 * Where a conversation is in its script.
 *
 * @param turns how many were heard
 * @param asides how many replies out of band were said
 */
record ScriptPlace(int turns, int asides) {
    static final ScriptPlace BEGINNING = new ScriptPlace(0, 0);
}
