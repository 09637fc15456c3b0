package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.event.ServerEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Turns that the application ends, and that the server may refuse. */
class HandEndedTurnsTest extends HandEndedStage {
    HandEndedTurnsTest() {
        super(OPENAI);
    }

    @Test
    void aTurnWithAVoiceIsRepliedToAtOnce() {
        gate.onTurnEnded("commit_1", true);
        assertThat(sent).containsExactly("create");
    }

    @Test
    void aRequestThatWaitsForAnotherReplyIsDroppedWithItsTurn() {
        created("r1");
        gate.onTurnEnded("commit_1", true);
        assertThat(gate.refusesTurn(empty("commit_1"))).isTrue();
        done("r1", "completed");
        assertThat(sent).isEmpty();
    }

    @Test
    void whatSomethingElseWantsTooIsAskedForThoughTheTurnIsRefused() {
        created("r1");
        gate.onTurnEnded("commit_1", true);
        gate.requestResponse(null);
        assertThat(gate.refusesTurn(empty("commit_1"))).isTrue();
        done("r1", "completed");
        assertThat(sent).containsExactly("create");
        created("r2");
        gate.requestResponse(null);
        gate.onTurnEnded("commit_2", true);
        assertThat(gate.refusesTurn(empty("commit_2"))).isTrue();
        done("r2", "completed");
        assertThat(sent).containsExactly("create", "create");
    }

    @Test
    void aReplyToTheCallerThatBeginsBeforeTheUnwantedOneIsLeftAlone() {
        gate.onTurnEnded("commit_1", true);
        assertThat(gate.refusesTurn(empty("commit_1"))).isTrue();
        gate.onSpeechStarted();
        gate.onSpeechStopped();
        assertThat(begins("r1")).isTrue();
        refuse(ids.get(0));
        done("r1", "completed");
        assertThat(sent).as("the refused turn is not replied to").containsExactly("create");
    }

    @Test
    void whereTheServerRepliesToSpeechByItselfNoReplyIsTakenForTheUnwantedOne() {
        gate.onTurnEnded("commit_1", true);
        gate.repliesToSpeech(true);
        assertThat(gate.refusesTurn(empty("commit_1"))).isTrue();
        assertThat(begins("r1")).isTrue();
    }

    @Test
    void whereErrorsNameNoEventsTheOldestTurnIsTheRefusedOne() {
        gate = gate(OPENAI.toBuilder().namesFaultyEvents(false).build(), false);
        gate.onTurnEnded("commit_1", false);
        assertThat(sent).containsExactly("create");
        assertThat(gate.refusesTurn(empty(null))).isTrue();
        assertThat(begins("r1")).isFalse();
    }

    @Test
    void whereErrorsNameNoEventsAndNothingIsAcknowledgedTheLatestTurnIsTheRefusedOne() {
        gate = gate(
                OPENAI.toBuilder()
                        .namesFaultyEvents(false)
                        .acknowledgesItems(false)
                        .build(),
                false);
        gate.onTurnEnded("commit_1", true);
        created("r1");
        done("r1", "completed");
        gate.onTurnEnded("commit_2", false);
        assertThat(sent).containsExactly("create", "create");
        assertThat(gate.refusesTurn(empty(null))).isTrue();
        assertThat(begins("r2")).isFalse();
    }

    @Test
    void aTypedTurnIsNotTakenForOneThatWasSpoken() {
        gate.onTurnEnded("commit_1", false);
        gate.onItem(new ServerEvent.Item("item_1", "message", "user", null, "hello", null, null, null));
        assertThat(sent).isEmpty();
    }

    /** The request for an output's reply was on its way when the button was released: that reply has not heard the turn. */
    @ParameterizedTest(name = "it was taken before: {0}")
    @ValueSource(booleans = {false, true})
    void aTurnIsRepliedToAfterAReplyThatBeganBeforeItWasTaken(boolean taken) {
        oneOpenCall();
        answer("a");
        gate.onTurnEnded("commit_1", true);
        acknowledge("a");
        if (taken) {
            taken("item_1");
        }
        created("r2");
        done("r2", "completed");
        assertThat(sent).hasSize(taken ? 2 : 3).startsWith("output a", "create");
    }
}
