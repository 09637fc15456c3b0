package dev.parley.tools.internal;

/** A type that cannot be told; who knows where it stands makes a {@link Fault} of it. */
final class Untellable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param why as in "cannot be told to a model: it is abstract" */
    Untellable(String why) {
        super(why);
    }

    IllegalArgumentException at(Place place) {
        return Fault.at(
                place.where(),
                "the type " + place.type().toCanonical() + " cannot be told to a model: " + getMessage()
                        + "; use a record of simple types instead");
    }
}
