package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.ManualClock;
import dev.parley.core.ReconnectPolicy;
import dev.parley.core.event.ServerEvent.ErrorEvent;
import dev.parley.core.internal.Endings.Ending;
import dev.parley.core.provider.CloseMeaning;
import dev.parley.core.provider.Swaram;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether a lost connection is replaced, and when. */
class RecoveryTest {
    private final ManualClock clock = new ManualClock();
    private final Endings endings = new Endings(Swaram.simple("swaram_test"));
    private final ReconnectPolicy policy = ReconnectPolicy.exponential().random(() -> 0.5);
    private int dialled;

    private Recovery recovery(ReconnectPolicy with, boolean askedAnew) {
        return new Recovery(with, askedAnew, clock, Runnable::run, () -> dialled++);
    }

    @Test
    void aLostSocketIsMetEightTimesWithGrowingDelays() {
        Recovery recovery = recovery(policy, false);
        for (long expected : new long[] {500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000, 8_000}) {
            assertThat(recovery.next(lost(), true)).isEqualTo(Duration.ofMillis(expected));
        }
        assertThat(recovery.next(lost(), true)).isNull();
        assertThat(recovery.attempt()).isEqualTo(8);
    }

    @Test
    void delaysAreAQuarterMoreOrLess() {
        assertThat(recovery(policy.random(() -> 0), false).next(lost(), true)).isEqualTo(Duration.ofMillis(375));
        assertThat(recovery(policy.random(() -> 1), false).next(lost(), true)).isEqualTo(Duration.ofMillis(625));
    }

    @Test
    void attemptsAreCountedAnewAfterThirtySecondsOfService() {
        Recovery recovery = recovery(policy.attempts(1), false);
        assertThat(recovery.next(lost(), true)).isNotNull();
        recovery.onReady();
        clock.advance(Duration.ofMillis(29_999));
        assertThat(recovery.next(lost(), true)).isNull();

        recovery = recovery(policy.attempts(1), false);
        assertThat(recovery.next(lost(), true)).isNotNull();
        recovery.onReady();
        clock.advance(Duration.ofSeconds(30));
        assertThat(recovery.next(lost(), true)).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void timeWithoutAConnectionProvesNothing() {
        Recovery recovery = recovery(policy.attempts(1), false);
        recovery.onReady();
        assertThat(recovery.next(lost(), true)).isNotNull();
        clock.advance(Duration.ofMinutes(5));
        assertThat(recovery.next(lost(), true)).isNull();
    }

    @Test
    void beforeTheFirstReadyOnlyAServerThatSaysSoItselfIsTriedAgain() {
        ErrorEvent failed = new ErrorEvent("server_error", "server_error", "m", null);
        ErrorEvent refused = new ErrorEvent("invalid_request_error", "bad_voice", "m", null);
        assertThat(recovery(policy, false).next(lost(), false)).isNull();
        assertThat(recovery(policy, false).next(endings.ofTimeout("was silent"), false))
                .isNull();
        assertThat(recovery(policy, false).next(endings.ofFailure(new IOException("refused"), 0), false))
                .isNull();
        assertThat(recovery(policy, false).next(endings.ofClose(1011, refused), false))
                .isNull();
        for (Ending ending : List.of(
                endings.ofClose(1011, failed),
                endings.ofClose(1000, failed),
                endings.ofRefusedConfiguration(failed),
                endings.ofFailure(new IOException("no upgrade"), 503))) {
            assertThat(recovery(policy, false).next(ending, false))
                    .as("%s", ending)
                    .isEqualTo(Duration.ofMillis(500));
        }
        assertThat(recovery(policy, false).next(endings.of(CloseMeaning.SERVER_BUSY, 1013), false))
                .isEqualTo(Duration.ofMillis(500));
    }

    @ParameterizedTest
    @EnumSource(names = {"OUT_OF_CREDITS", "TOO_MANY_SESSIONS", "CREDENTIAL_REJECTED"})
    void whatNoConnectionCanMendEndsAtOnce(CloseMeaning meaning) {
        assertThat(recovery(policy, false).next(endings.of(meaning, 4000), true))
                .isNull();
    }

    @Test
    void aRejectedTokenIsReplacedOnceAtOnceAndOnceMoreAfterThirtySecondsOfService() {
        Recovery recovery = recovery(policy, true);
        Ending rejected = endings.of(CloseMeaning.CREDENTIAL_REJECTED, 4001);
        assertThat(recovery.next(rejected, false)).isEqualTo(Duration.ZERO);
        assertThat(recovery.next(rejected, false)).isNull();
        recovery.onReady();
        clock.advance(Duration.ofSeconds(30));
        assertThat(recovery.next(rejected, true)).isEqualTo(Duration.ZERO);
        // A server that takes each token and then rejects it would be asked without end and without a pause.
        recovery.onReady();
        clock.advance(Duration.ofMillis(29_999));
        assertThat(recovery.next(rejected, true)).isNull();
    }

    @Test
    void neverMeansNever() {
        assertThat(recovery(ReconnectPolicy.never(), false).next(lost(), true)).isNull();
    }

    @Test
    void dialsAfterTheDelay() {
        Recovery recovery = recovery(policy, false);
        recovery.begin(Duration.ofMillis(500), false);
        clock.advance(Duration.ofMillis(499));
        assertThat(dialled).isZero();
        clock.advance(Duration.ofMillis(1));
        assertThat(dialled).isEqualTo(1);
        recovery.onCallsSettled();
        clock.advance(Duration.ofMinutes(1));
        assertThat(dialled).isEqualTo(1);
    }

    @Test
    void openCallsPutItOffForTwoSecondsAtMost() {
        Recovery recovery = recovery(policy, false);
        recovery.begin(Duration.ofMillis(500), true);
        clock.advance(Duration.ofMillis(1_999));
        assertThat(dialled).isZero();
        clock.advance(Duration.ofMillis(1));
        assertThat(dialled).isEqualTo(1);
    }

    @Test
    void callsThatSettleEarlyLeaveTheDelayAsItWas() {
        Recovery recovery = recovery(policy, false);
        recovery.begin(Duration.ofMillis(500), true);
        clock.advance(Duration.ofMillis(200));
        recovery.onCallsSettled();
        clock.advance(Duration.ofMillis(299));
        assertThat(dialled).isZero();
        clock.advance(Duration.ofMillis(1));
        assertThat(dialled).isEqualTo(1);
    }

    @Test
    void aLongDelayIsLongEnoughForOpenCalls() {
        Recovery recovery = recovery(policy, false);
        recovery.begin(Duration.ofSeconds(8), true);
        clock.advance(Duration.ofMillis(7_999));
        assertThat(dialled).isZero();
        clock.advance(Duration.ofMillis(1));
        assertThat(dialled).isEqualTo(1);
    }

    @Test
    void closingDialsNoMore() {
        Recovery recovery = recovery(policy, false);
        recovery.begin(Duration.ofMillis(500), false);
        recovery.close();
        clock.advance(Duration.ofMinutes(1));
        assertThat(dialled).isZero();
        assertThat(clock.waiting()).isZero();
    }

    private Ending lost() {
        return endings.ofClose(1006, null);
    }
}
