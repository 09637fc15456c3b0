package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.event.ServerEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When an output may reach a server that speaks at every output. */
class ContinuingServerGateTest extends ContinuingStage {
    @Test
    void neverAsksForAReplyInWhateverOrderParallelCallsFinish() {
        for (List<String> order : List.of(
                List.of("a", "b", "done"),
                List.of("b", "a", "done"),
                List.of("a", "done", "b"),
                List.of("b", "done", "a"),
                List.of("done", "a", "b"),
                List.of("done", "b", "a"))) {
            sent.clear();
            gate = swaramGate();
            created();
            gate.onCall("a", "r1");
            gate.onCall("b", "r1");
            List<String> expected = new ArrayList<>();
            for (String step : order) {
                if (step.equals("done")) {
                    done();
                } else {
                    answer(step);
                    expected.add("output " + step);
                }
                assertThat(sent).as("%s", order).isEqualTo(expected);
            }
            assertThat(created()).isTrue();
        }
    }

    @Test
    void anOutputThatIsReadyWhileTheCallerSpeaksWaitsUntilTheReplyToThemIsDone() {
        oneOpenCall();
        gate.onSpeechStarted();
        answer("a");
        gate.onSpeechStopped();
        created();
        assertThat(sent).isEmpty();
        assertThat(gate.isWaiting()).isTrue();
        done();
        assertThat(sent).containsExactly("output a");
    }

    @Test
    void theEndOfAnEarlierReplyIsNotTheReplyToTheCaller() {
        created();
        gate.onCall("a", null);
        gate.onSpeechStarted();
        answer("a");
        done();
        assertThat(sent).isEmpty();
        gate.onSpeechStopped();
        created();
        done();
        assertThat(sent).containsExactly("output a");
    }

    @Test
    void anOutputIsHeldTenSecondsAtMostAfterTheCallerWasLastHeard() {
        oneOpenCall();
        gate.onSpeechStarted();
        answer("a");
        clock.advance(Duration.ofSeconds(9));
        gate.onSpeechStopped();
        clock.advance(Duration.ofMillis(9_999));
        assertThat(sent).isEmpty();
        clock.advance(Duration.ofMillis(1));
        assertThat(sent).containsExactly("output a");
    }

    @Test
    void outputsOfTheReplyToTheCallerDoNotWaitBecauseItCannotGoOnWithoutThem() {
        gate.onSpeechStarted();
        gate.onSpeechStopped();
        created();
        gate.onCall("a", null);
        answer("a");
        assertThat(sent).containsExactly("output a");
    }

    @Test
    void outputsThatWereHeldGoOutInTheirOrder() {
        created();
        gate.onCall("a", null);
        gate.onCall("b", null);
        done();
        gate.onSpeechStarted();
        answer("b");
        answer("a");
        gate.onSpeechStopped();
        created();
        done();
        assertThat(sent).containsExactly("output b", "output a");
    }

    @Test
    void aReplyThatOnlyQuietAnswersBringAboutIsNotWanted() {
        oneOpenCall();
        gate.answer("a", "{}", false);
        assertThat(created()).isFalse();
        done();
        assertThat(created()).isTrue();
    }

    @Test
    void aQuietAnswerBesideAnOrdinaryOneLeavesTheReplyAloneInEitherOrder() {
        for (List<Boolean> wants : List.of(List.of(true, false), List.of(false, true))) {
            gate = swaramGate();
            created();
            gate.onCall("a", null);
            gate.onCall("b", null);
            done();
            gate.answer("a", "{}", wants.get(0));
            gate.answer("b", "{}", wants.get(1));
            assertThat(created()).as("%s", wants).isTrue();
        }
    }

    @Test
    void theReplyToTheCallerIsWantedThoughAQuietAnswerCameBeforeIt() {
        oneOpenCall();
        gate.answer("a", "{}", false);
        gate.onSpeechStarted();
        gate.onSpeechStopped();
        assertThat(created()).isTrue();
    }

    @Test
    void aQuietAnswerThatWasHeldIsStillQuiet() {
        oneOpenCall();
        gate.onSpeechStarted();
        gate.answer("a", "{}", false);
        gate.onSpeechStopped();
        assertThat(created()).isTrue();
        done();
        assertThat(sent).containsExactly("output a");
        assertThat(created()).isFalse();
    }

    @Test
    void aReplyThatAnOutputShouldBringAboutAndThatDoesNotBeginIsGivenUpAfterTenSeconds() {
        for (boolean wantsReply : List.of(true, false)) {
            oneOpenCall();
            gate.answer("a", "{}", wantsReply);
            clock.advance(Duration.ofMillis(9_999));
            assertThat(gate.isWaiting()).isTrue();
            clock.advance(Duration.ofMillis(1));
            assertThat(gate.isWaiting()).isFalse();
            created();
            gate.onCall("b", null);
            gate.answer("b", "{}", wantsReply);
            done();
            assertThat(gate.isWaiting()).isTrue();
            clock.advance(Duration.ofSeconds(10));
            assertThat(gate.isWaiting()).isFalse();
            assertThat(created()).isTrue();
            done();
        }
    }

    @Test
    void anErrorWithoutAnEventIdHoldsNothingUp() {
        oneOpenCall();
        assertThat(gate.onError(new ServerEvent.ErrorEvent("server_error", null, null, null)))
                .isFalse();
        answer("a");
        assertThat(sent).containsExactly("output a");
    }

    @Test
    void aCallThatIsToldTwiceIsAnsweredOnce() {
        created();
        gate.onCall("a", null);
        gate.onCall("a", null);
        done();
        answer("a");
        assertThat(sent).containsExactly("output a");
        assertThat(created()).isTrue();
    }

    @Test
    void anOutputOfACallThatNobodySawIsNotHeldBack() {
        answer("unseen");
        gate.onSpeechStarted();
        answer("unseen too");
        assertThat(sent).containsExactly("output unseen", "output unseen too");
    }

    @Test
    void aCallerWhoSpeaksForLongKeepsTheFloor() {
        oneOpenCall();
        gate.onSpeechStarted();
        answer("a");
        clock.advance(Duration.ofSeconds(59));
        assertThat(sent).isEmpty();
        gate.onSpeechStopped();
        clock.advance(Duration.ofSeconds(9));
        created();
        // A long reply to them.
        clock.advance(Duration.ofSeconds(59));
        assertThat(sent).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        assertThat(sent).containsExactly("output a");
    }

    @Test
    void closingForgetsWhateverWaits() {
        oneOpenCall();
        gate.onSpeechStarted();
        answer("a");
        gate.close();
        clock.advance(Duration.ofMinutes(1));
        assertThat(sent).isEmpty();
        assertThat(gate.isWaiting()).isFalse();
        assertThat(clock.waiting()).isZero();
    }
}
