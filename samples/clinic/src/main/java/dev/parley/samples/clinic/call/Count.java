package dev.parley.samples.clinic.call;

/** Numbers with their words. */
final class Count {
    private Count() {}

    /** For example {@code 1 line}, {@code 2 lines}. */
    static String of(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
