package dev.parley.samples.clinic;

/** The person at the keyboard asked for something that cannot be. The message is one sentence that says what to do. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String sentence) {
        super(sentence);
    }

    /** A sentence that says what cannot be done, and ends with why. */
    static UsageException because(String what, Exception why) {
        String reason = String.valueOf(why.getMessage()).lines().findFirst().orElse("for no reason that is known");
        return new UsageException(what + ": " + reason.replaceFirst("[.\\s]+$", "") + ".");
    }
}
