package dev.parley.audio;

/** What a failure says of itself. Stateless. */
final class Reason {
    private Reason() {}

    /** Its message, or its kind where it has none. */
    static String of(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
