package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.Clock;
import dev.parley.testkit.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One timer serves all timeouts, and each still fires at its own time. */
class DeadlinesTest {
    private final FakeClock clock = new FakeClock();
    private final Deadlines deadlines = new Deadlines(clock);
    private final List<String> fired = new ArrayList<>();

    private Clock.Timer at(int millis, String name) {
        return deadlines.schedule(Duration.ofMillis(millis).toNanos(), () -> fired.add(name));
    }

    private void advance(int millis) {
        clock.advance(Duration.ofMillis(millis));
    }

    @Test
    void aShorterOneThatComesLaterFiresFirst() {
        at(100, "long");
        at(10, "short");

        advance(9);
        assertThat(fired).isEmpty();
        advance(1);
        assertThat(fired).containsExactly("short");
        advance(89);
        assertThat(fired).containsExactly("short");
        advance(1);
        assertThat(fired).containsExactly("short", "long");
    }

    @Test
    void oneThatWasTakenBackNeverFiresAndTheNextFiresInTime() {
        Clock.Timer first = at(10, "first");
        at(20, "second");
        first.cancel();
        first.cancel();

        advance(19);
        assertThat(fired).isEmpty();
        advance(1);
        assertThat(fired).containsExactly("second");
    }

    @Test
    void afterAllWereTakenBackANewOneFiresInTime() {
        at(10, "gone").cancel();
        advance(5);
        at(10, "kept");

        advance(9);
        assertThat(fired).isEmpty();
        advance(1);
        assertThat(fired).containsExactly("kept");
    }

    @Test
    void oneWhoseTaskThrowsDoesNotKeepTheOthersFromFiring() {
        for (int i = 0; i < 3; i++) {
            deadlines.schedule(Duration.ofMillis(10).toNanos(), () -> {
                fired.add("thrown");
                throw new IllegalStateException("on purpose");
            });
        }
        advance(10);

        assertThat(fired).hasSize(3);
    }

    @Test
    void manyAreKeptApart() {
        List<Clock.Timer> timers =
                IntStream.rangeClosed(1, 50).mapToObj(i -> at(i, "" + i)).toList();
        IntStream.range(0, 50)
                .filter(i -> i % 2 == 0)
                .forEach(i -> timers.get(i).cancel());
        for (int i = 0; i < 50; i++) {
            advance(1);
        }

        assertThat(fired)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 50)
                        .filter(i -> i % 2 == 0)
                        .mapToObj(i -> "" + i)
                        .toList());
    }

    @Test
    void thoseThatWereTakenBackLeaveTheirPlacesToOthers() {
        Clock.Timer kept = at(10, "kept");
        for (int i = 0; i < 1_000; i++) {
            Clock.Timer[] atOnce = {at(10, "gone"), at(10, "gone"), at(10, "gone"), at(10, "gone"), at(10, "gone")};
            for (Clock.Timer each : atOnce) {
                each.cancel();
            }
        }

        assertThat(deadlines.places()).as("for the six that were there at once").isLessThanOrEqualTo(16);
        advance(10);
        assertThat(fired).containsExactly("kept");
        kept.cancel();
    }
}
