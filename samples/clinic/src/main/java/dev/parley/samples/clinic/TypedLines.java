package dev.parley.samples.clinic;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;

/**
 * What the caller types.
 *
 * @param given on the command line; none if it is typed while the conversation goes on
 */
record TypedLines(List<String> given) {
    private static final String KEYBOARD = "-";
    private static final char GARBLED = '\ufffd';

    /** @throws UsageException if they cannot be typed */
    static TypedLines of(List<String> lines) {
        if (lines.equals(List.of(KEYBOARD))) {
            return new TypedLines(List.of());
        }
        if (lines.contains(KEYBOARD)) {
            throw new UsageException("--text without a line reads what you type: leave the other lines out.");
        }
        // Java reads its arguments in the locale's encoding, and the POSIX locale has no letters but English ones.
        if (lines.stream().anyMatch(line -> line.indexOf(GARBLED) >= 0)) {
            throw new UsageException("--text did not arrive as it was typed, since this locale is not UTF-8: set"
                    + " LC_ALL=C.UTF-8, or give --text alone and the lines on standard input.");
        }
        return new TypedLines(List.copyOf(lines));
    }

    /** @param keyboard UTF-8, whatever the locale says; empty lines say nothing */
    Iterator<String> from(InputStream keyboard) {
        if (!given.isEmpty()) {
            return given.iterator();
        }
        return new BufferedReader(new InputStreamReader(keyboard, StandardCharsets.UTF_8))
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .iterator();
    }
}
