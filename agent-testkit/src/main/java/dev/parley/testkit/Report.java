package dev.parley.testkit;

import java.util.List;

/**
 * How a rehearsal went so far. A snapshot.
 *
 * @param violations breaches of the protocol, in order
 * @param mismatches what went otherwise than scripted: outputs, interruptions, things unasked or unfinished
 * @param turnsLeft how many of the script's turns were not reached
 */
public record Report(List<Violation> violations, List<String> mismatches, int turnsLeft) {
    public Report {
        violations = List.copyOf(violations);
        mismatches = List.copyOf(mismatches);
    }

    /** Whether the whole script was played, just so, without a breach. */
    public boolean passed() {
        return violations.isEmpty() && mismatches.isEmpty() && turnsLeft == 0;
    }

    /** One line for each finding; {@code passed} where there is none. */
    @Override
    public String toString() {
        if (passed()) {
            return "passed";
        }
        StringBuilder text = new StringBuilder();
        violations.forEach(each -> text.append("violation: ").append(each).append('\n'));
        mismatches.forEach(each -> text.append("mismatch: ").append(each).append('\n'));
        if (turnsLeft > 0) {
            text.append(turnsLeft == 1 ? "1 turn was" : turnsLeft + " turns were")
                    .append(" not reached\n");
        }
        return text.substring(0, text.length() - 1);
    }
}
