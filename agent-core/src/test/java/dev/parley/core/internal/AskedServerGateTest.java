package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.event.ResponseOptions;
import dev.parley.core.event.ServerEvent;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a server that must be asked is asked to speak. */
class AskedServerGateTest extends GateStage {
    @Test
    void asksOnceAfterParallelCallsInWhateverOrderTheyFinish() {
        for (List<String> order : List.of(
                List.of("a", "b", "done"),
                List.of("b", "a", "done"),
                List.of("a", "done", "b"),
                List.of("b", "done", "a"),
                List.of("done", "a", "b"),
                List.of("done", "b", "a"))) {
            sent.clear();
            gate = gate(OPENAI, true);
            created("r1");
            gate.onCall("a", "r1");
            gate.onCall("b", "r1");
            for (String step : order) {
                assertThat(sent).doesNotContain("create");
                if (step.equals("done")) {
                    done("r1", "completed");
                } else {
                    answer(step);
                    acknowledge(step);
                }
            }
            assertThat(sent).as("%s", order).hasSize(3).endsWith("create");
            assertThat(gate.isWaiting()).isTrue();
        }
    }

    @Test
    void aReplyThatTheServerBeganAfterTheOutputWasAcknowledgedIsEnough() {
        oneOpenCall();
        gate.onSpeechStarted();
        answer("a");
        acknowledge("a");
        gate.onSpeechStopped();
        created("r2");
        done("r2", "completed");
        assertThat(sent).containsExactly("output a");
        assertThat(gate.isWaiting()).isFalse();
    }

    @Test
    void aReplyThatBeganBeforeTheAcknowledgementIsNot() {
        oneOpenCall();
        gate.onSpeechStarted();
        gate.onSpeechStopped();
        answer("a");
        created("r2");
        acknowledge("a");
        assertThat(sent).containsExactly("output a");
        done("r2", "completed");
        assertThat(sent).containsExactly("output a", "create");
    }

    @Test
    void whereNothingIsAcknowledgedAnyReplyAfterTheOutputIsEnough() {
        gate = gate(OPENAI.toBuilder().acknowledgesItems(false).build(), true);
        oneOpenCall();
        gate.onSpeechStarted();
        answer("a");
        created("r2");
        done("r2", "completed");
        assertThat(sent).containsExactly("output a");
    }

    @Test
    void waitsWhileTheCallerHasTheFloorAndAsksAfterACough() {
        oneOpenCall();
        gate.onSpeechStarted();
        answer("a");
        acknowledge("a");
        gate.onSpeechStopped();
        clock.advance(Duration.ofMillis(9_999));
        assertThat(sent).containsExactly("output a");
        clock.advance(Duration.ofMillis(1));
        assertThat(sent).containsExactly("output a", "create");
    }

    @Test
    void doesNotWaitForAReplyThatTheServerNeverMakesByItself() {
        gate = gate(OPENAI, false);
        oneOpenCall();
        gate.onSpeechStarted();
        answer("a");
        acknowledge("a");
        gate.onSpeechStopped();
        assertThat(sent).containsExactly("output a", "create");
    }

    @Test
    void anOutputThatTheServerRefusesIsNotWaitedFor() {
        oneOpenCall();
        gate.onSpeechStarted();
        answer("a");
        assertThat(gate.onError(
                        new ServerEvent.ErrorEvent("invalid_request_error", "too_long", null, outputIds.get(0))))
                .isFalse();
        gate.onSpeechStopped();
        created("r2");
        done("r2", "completed");
        assertThat(sent).containsExactly("output a");
    }

    @Test
    void outputsThatAreNeverAcknowledgedAreForgottenInTheEnd() {
        created("r1");
        for (int i = 0; i <= 64; i++) {
            gate.onCall("c" + i, "r1");
            answer("c" + i);
        }
        for (int i = 1; i <= 64; i++) {
            acknowledge("c" + i);
        }
        gate.requestResponse(null);
        created("r2");
        assertThat(gate.isWaiting()).isFalse();
    }

    @Test
    void callsThatComeOneByOneAfterTheEndOfTheirReplyAskOnce() {
        created("r1");
        done("r1", "completed");
        gate.onCall("a", "r1");
        answer("a");
        acknowledge("a");
        clock.advance(Duration.ofMillis(99));
        gate.onCall("b", "r1");
        clock.advance(Duration.ofSeconds(1));
        assertThat(sent).containsExactly("output a");
        answer("b");
        acknowledge("b");
        assertThat(sent).containsExactly("output a", "output b", "create");
    }

    @Test
    void aReplyWhoseEndIsNeverToldHoldsNothingBackForMoreThanAMinute() {
        created("r1");
        gate.onCall("a", "r1");
        answer("a");
        acknowledge("a");
        gate.requestResponse(ResponseOptions.builder().instructions("Greet.").build());
        clock.advance(Duration.ofMillis(59_999));
        assertThat(sent).containsExactly("output a");
        clock.advance(Duration.ofMillis(1));
        assertThat(sent).containsExactly("output a", "create");
        // Told after all: that is not the end of the reply that was asked for.
        done("r1", "completed");
        assertThat(sent).containsExactly("output a", "create");
        created("r2");
        done("r2", "completed");
        assertThat(sent).containsExactly("output a", "create", "create Greet.");
    }

    @Test
    void anInterruptedRepliesOutputsAskForNothing() {
        created("r1");
        gate.onCall("a", "r1");
        gate.onReplyCut();
        done("r1", "cancelled");
        answer("a");
        acknowledge("a");
        assertThat(sent).containsExactly("output a");
    }

    @Test
    void aQuietAnswerAsksForNothingUnlessAnotherCallOfTheReplyDoes() {
        created("r1");
        gate.onCall("a", "r1");
        gate.onCall("b", "r1");
        done("r1", "completed");
        gate.answer("a", "{}", false);
        gate.answer("b", "{}", false);
        assertThat(sent).containsExactly("output a", "output b");
        created("r2");
        gate.onCall("c", "r2");
        gate.onCall("d", "r2");
        done("r2", "completed");
        gate.answer("c", "{}", true);
        gate.answer("d", "{}", false);
        assertThat(sent).endsWith("create");
    }

    @Test
    void aCallThatIsToldAgainWhileItRunsIsOneCall() {
        created("r1");
        gate.onCall("a", "r1");
        gate.onCall("a", "r1");
        done("r1", "completed");
        answer("a");
        acknowledge("a");
        assertThat(sent).containsExactly("output a", "create");
    }

    @Test
    void aCallThatIsToldAgainAfterItsAnswerIsNotWaitedFor() {
        // A quick tool answers before the server has repeated itself; it answers once, and the agent must still speak.
        created("r1");
        gate.onCall("a", "r1");
        answer("a");
        acknowledge("a");
        gate.onCall("a", "r1");
        done("r1", "completed");
        assertThat(sent).containsExactly("output a", "create");
    }

    @Test
    void aCallThatALaterReplyRepeatsWhileItRunsSettlesBothReplies() {
        created("r1");
        gate.onCall("a", "r1");
        gate.onCall("b", "r1");
        done("r1", "completed");
        created("r2");
        gate.onCall("a", "r2");
        done("r2", "completed");
        answer("a");
        acknowledge("a");
        assertThat(sent).containsExactly("output a", "create");
        created("r3");
        done("r3", "completed");
        answer("b");
        acknowledge("b");
        assertThat(sent).containsExactly("output a", "create", "output b", "create");
    }

    @Test
    void aSecondOutputOfACallWhoseReplyHasOthersOpenWaitsForThem() {
        created("r1");
        gate.onCall("a", "r1");
        gate.onCall("b", "r1");
        done("r1", "completed");
        answer("a");
        answer("a");
        acknowledge("a");
        assertThat(sent).containsExactly("output a", "output a");
        answer("b");
        acknowledge("b");
        assertThat(sent).containsExactly("output a", "output a", "output b", "create");
    }

    @Test
    void worksWithoutIds() {
        gate.onReplyCreated(new ServerEvent.ResponseCreated(null));
        gate.onCall("a", null);
        gate.onReplyDone(new ServerEvent.ResponseDone(null, "completed", List.of()));
        answer("a");
        acknowledge("a");
        assertThat(sent).containsExactly("output a", "create");
        gate.onReplyCreated(new ServerEvent.ResponseCreated(null));
        gate.onCall("b", null);
        answer("b");
        acknowledge("b");
        assertThat(sent).containsExactly("output a", "create", "output b");
        gate.onReplyDone(new ServerEvent.ResponseDone(null, "completed", List.of()));
        assertThat(sent).endsWith("create").hasSize(4);
    }

    @Test
    void aCallThatComesBeforeItsReplyWasToldOfWaitsForItsEnd() {
        gate.onCall("a", "r1");
        answer("a");
        created("r1");
        gate.onCall("b", "r1");
        answer("b");
        assertThat(sent).containsExactly("output a", "output b");
        done("r1", "completed");
        assertThat(sent).containsExactly("output a", "output b", "create");
    }

    @Test
    void anEndThatNamesNoReplyEndsTheOneThatCalled() {
        gate.onCall("a", "r1");
        answer("a");
        gate.onReplyDone(new ServerEvent.ResponseDone(null, "completed", List.of()));
        assertThat(sent).containsExactly("output a", "create");
    }

    @Test
    void closingForgetsWhateverWaits() {
        created("r1");
        gate.requestResponse(null);
        gate.requestResponse(ResponseOptions.builder().instructions("One.").build());
        gate.onSpeechStarted();
        gate.close();
        assertThat(gate.isWaiting()).isFalse();
        clock.advance(Duration.ofMinutes(1));
        assertThat(sent).isEmpty();
        assertThat(clock.waiting()).isZero();
    }
}
