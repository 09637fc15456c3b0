package dev.parley.tools.internal;

import org.jspecify.annotations.Nullable;

/** A shape whose Java object the validator looks into. */
interface Validated extends Shape {
    /** What JSON calls a property of the object; null if JSON has no name for it, so that it is told at the object. */
    @Nullable
    String jsonNameOf(String javaName);
}
