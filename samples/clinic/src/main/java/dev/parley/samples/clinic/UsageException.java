package dev.parley.samples.clinic;

/** The person at the keyboard asked for something that cannot be. The message is one sentence that says what to do. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String sentence) {
        super(sentence);
    }
}
