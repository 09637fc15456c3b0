package dev.parley.core.provider;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LongestSessionTest {

    /** Nothing at all renewed for ever; a length beyond what a clock counts left connect() waiting for ever. */
    @Test
    void aSessionLastsSomeTimeAndNoMoreThanThirtyDays() {
        for (Duration none : new Duration[] {
            Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(31), Duration.ofSeconds(Long.MAX_VALUE)
        }) {
            assertThatThrownBy(() -> Dialect.builder("x").longestSession(none))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a session lasts some time, and 30 days at most, not " + none);
        }
    }
}
