package dev.parley.tools.internal;

/**
 * One thing that is wrong with a call's arguments.
 *
 * @param argument the argument by its JSON path, {@code request.guests[1].age}
 * @param problem what is the matter with it, so that it can follow the path in a sentence
 */
public record Violation(String argument, String problem) {}
