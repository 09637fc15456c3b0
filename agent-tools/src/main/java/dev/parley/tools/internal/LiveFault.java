package dev.parley.tools.internal;

import org.jspecify.annotations.Nullable;

/**
 * A source of live values that could not be read while a schema was told.
 *
 * @param message which source, and what it did
 * @param cause what it threw, if it threw
 */
public record LiveFault(String message, @Nullable Throwable cause) {}
