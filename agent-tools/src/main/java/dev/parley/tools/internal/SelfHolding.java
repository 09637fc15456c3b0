package dev.parley.tools.internal;

/** A shape whose type may hold itself. Then its schema stands once, by name, and is referred to. */
interface SelfHolding extends Shape {
    /** For {@code $defs}. */
    String name();

    /** Said by the reader of types when it meets the type inside itself. */
    void holdsItself();
}
