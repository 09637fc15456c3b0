package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** What a clock of one's own has of an alarm: the same as the machine's, whose alarm refuses to be set twice. */
class ScheduledAlarmTest {
    private final ManualClock clock = new ManualClock();
    private Clock.Alarm alarm;
    private int rang;

    @Test
    void anAlarmThatWaitsIsNotSetAgainAndRingsOnce() {
        alarm = clock.alarm(() -> rang++);
        alarm.set(1_000);
        assertThatThrownBy(() -> alarm.set(1_000))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("this alarm waits already: set it again once its task has begun");
        clock.advance(Duration.ofNanos(1_000));
        assertThat(rang).isEqualTo(1);
        assertThat(clock.waiting()).isZero();
    }

    @Test
    void itsTaskSetsItAgainAndSoDoesOthersAfterATaskThatFailed() {
        alarm = clock.alarm(() -> {
            rang++;
            if (rang == 1) {
                alarm.set(1_000);
            } else {
                throw new IllegalArgumentException("thrown by a test");
            }
        });
        alarm.set(0);
        clock.advance(Duration.ZERO);
        assertThatThrownBy(() -> clock.advance(Duration.ofNanos(1_000))).isInstanceOf(IllegalArgumentException.class);
        alarm.set(1_000);
        assertThat(rang).isEqualTo(2);
        assertThat(clock.waiting()).isEqualTo(1);
    }

    @Test
    void anAlarmThatItsClockRefusedDoesNotWait() {
        alarm = new RefusingClock().alarm(() -> rang++);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> alarm.set(0)).isInstanceOf(RejectedExecutionException.class);
        }
    }

    private static final class RefusingClock implements Clock {
        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH;
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            throw new RejectedExecutionException("thrown by a test");
        }
    }
}
