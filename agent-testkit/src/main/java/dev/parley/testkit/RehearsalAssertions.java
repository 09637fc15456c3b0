package dev.parley.testkit;

import java.util.List;
import org.assertj.core.api.AbstractAssert;

/**
 * AssertJ's style for rehearsals; needs AssertJ on the class path.
 *
 * <pre>{@code
 * RehearsalAssertions.assertThat(server).passed();
 * RehearsalAssertions.assertThat(server).violated(Violation.Kind.SECOND_OUTPUT);
 * }</pre>
 */
public final class RehearsalAssertions {
    private RehearsalAssertions() {}

    public static ReportAssert assertThat(RehearsalServer server) {
        return new ReportAssert(server.report());
    }

    public static ReportAssert assertThat(RehearsalConnection connection) {
        return new ReportAssert(connection.report());
    }

    public static ReportAssert assertThat(Report report) {
        return new ReportAssert(report);
    }

    /** Assertions on what a rehearsal found. */
    public static final class ReportAssert extends AbstractAssert<ReportAssert, Report> {
        private ReportAssert(Report report) {
            super(report, ReportAssert.class);
        }

        /** The whole script was played, just so, without a breach. */
        public ReportAssert passed() {
            if (!actual.passed()) {
                failWithMessage("Expected the rehearsal to pass, but:%n%s", actual);
            }
            return this;
        }

        /** No rule of the protocol was broken. */
        public ReportAssert hasNoViolations() {
            if (!actual.violations().isEmpty()) {
                failWithMessage("Expected no violations, but:%n%s", actual);
            }
            return this;
        }

        /** These rules were broken, in this order, and no others. */
        public ReportAssert violated(Violation.Kind... kinds) {
            if (!actual.violations().stream().map(Violation::kind).toList().equals(List.of(kinds))) {
                failWithMessage("Expected violations of %s, but:%n%s", List.of(kinds), actual);
            }
            return this;
        }

        /** Nothing went otherwise than scripted. */
        public ReportAssert hasNoMismatches() {
            if (!actual.mismatches().isEmpty()) {
                failWithMessage("Expected no mismatches, but:%n%s", actual);
            }
            return this;
        }

        /** So many turns of the script were not reached. */
        public ReportAssert hasTurnsLeft(int turns) {
            if (actual.turnsLeft() != turns) {
                failWithMessage("Expected %d turns left, but:%n%s", turns, actual);
            }
            return this;
        }
    }
}
