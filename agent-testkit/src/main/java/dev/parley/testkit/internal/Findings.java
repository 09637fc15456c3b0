package dev.parley.testkit.internal;

import dev.parley.testkit.Violation;
import java.util.ArrayList;
import java.util.List;

/** What one connection noted. Bounded: a client that misbehaves for ever fills a list, not the memory. */
final class Findings {
    private static final int LIMIT = 1_000;

    private final List<Violation> violations = new ArrayList<>();
    private final List<String> mismatches = new ArrayList<>();
    private long unlisted;

    void add(Violation violation) {
        if (violations.size() < LIMIT) {
            violations.add(violation);
        } else {
            unlisted++;
        }
    }

    void mismatch(String message) {
        if (mismatches.size() < LIMIT) {
            mismatches.add(message);
        } else {
            unlisted++;
        }
    }

    List<Violation> violations() {
        return new ArrayList<>(violations);
    }

    List<String> mismatches() {
        List<String> copy = new ArrayList<>(mismatches);
        if (unlisted > 0) {
            copy.add("and " + unlisted + " more findings that are not listed");
        }
        return copy;
    }
}
