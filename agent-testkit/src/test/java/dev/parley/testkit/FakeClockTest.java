package dev.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.core.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FakeClockTest {
    private final FakeClock clock = new FakeClock(Instant.parse("2026-11-21T10:00:00Z"));
    private final List<String> ran = new ArrayList<>();

    private void at(String name, int millis) {
        clock.schedule(Duration.ofMillis(millis), () -> ran.add(name + " at " + clock.nanoTime() / 1_000_000));
    }

    @Test
    void timeStandsStillUntilItIsMoved() {
        at("a", 1);

        assertThat(clock.nanoTime()).isZero();
        assertThat(clock.instant()).isEqualTo("2026-11-21T10:00:00Z");
        assertThat(ran).isEmpty();
        assertThat(clock.pendingTimers()).isEqualTo(1);
    }

    @Test
    void timersRunInTheOrderOfTheirDeadlinesEachAtItsOwnTime() {
        at("late", 30);
        at("early", 10);
        at("also early", 10);
        at("not yet", 51);

        clock.advance(Duration.ofMillis(50));

        assertThat(ran).containsExactly("early at 10", "also early at 10", "late at 30");
        assertThat(clock.instant()).isEqualTo("2026-11-21T10:00:00.050Z");
        assertThat(clock.pendingTimers()).isEqualTo(1);
    }

    @Test
    void aTimerThatATimerSetsRunsWithinTheSameSpan() {
        clock.schedule(Duration.ofMillis(10), () -> at("second", 10));

        clock.advance(Duration.ofMillis(20));

        assertThat(ran).containsExactly("second at 20");
    }

    @Test
    void aTimerDueNowRunsAtAnAdvanceOfZero() {
        at("now", 0);
        at("before now", -5);

        clock.advance(Duration.ZERO);

        assertThat(ran).containsExactly("now at 0", "before now at 0");
    }

    @Test
    void aCancelledTimerNeverRuns() {
        Clock.Timer timer = clock.schedule(Duration.ofMillis(1), () -> ran.add("cancelled"));
        at("kept", 1);

        timer.cancel();
        timer.cancel();
        clock.advance(Duration.ofSeconds(1));

        assertThat(ran).containsExactly("kept at 1");
    }

    @Test
    void aTimerThatFailsKeepsNoOtherFromRunning() {
        clock.schedule(Duration.ofMillis(1), () -> {
            throw new IllegalStateException("the first");
        });
        clock.schedule(Duration.ofMillis(2), () -> {
            throw new IllegalStateException("the second");
        });
        at("kept", 3);

        assertThatThrownBy(() -> clock.advance(Duration.ofSeconds(1))).hasMessage("the first");
        assertThat(ran).containsExactly("kept at 3");
        assertThat(clock.nanoTime()).isEqualTo(Duration.ofSeconds(1).toNanos());
    }

    @Test
    void timeDoesNotGoBack() {
        assertThatThrownBy(() -> clock.advance(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("time does not go back: PT-1S");
    }

    @Test
    void itSaysWhatTimeItIsAndWhoWaits() {
        assertThat(clock).hasToString("FakeClock[2026-11-21T10:00:00Z, 0 timers wait]");
        at("a", 1);
        clock.advance(Duration.ZERO);
        assertThat(clock).hasToString("FakeClock[2026-11-21T10:00:00Z, 1 timer waits]");
    }
}
