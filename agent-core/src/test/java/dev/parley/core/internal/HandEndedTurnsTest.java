package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.event.ServerEvent;
import org.junit.jupiter.api.Test;

/** Turns that the application ends, and that the server may refuse. */
class HandEndedTurnsTest extends GateStage {
    {
        gate = gate(OPENAI, false);
    }

    @Test
    void aTurnWithAVoiceIsRepliedToAtOnce() {
        gate.onTurnEnded("commit_1", true);
        assertThat(sent).containsExactly("create");
    }

    @Test
    void aTurnOfNextToNothingWaitsForTheServersWordAndIsRepliedToOnce() {
        gate.onTurnEnded("commit_1", false);
        assertThat(sent).isEmpty();
        taken("item_1");
        taken("item_1"); // told as added and as done
        assertThat(sent).containsExactly("create");
    }

    @Test
    void aRefusedTurnIsNotRepliedTo() {
        gate.onTurnEnded("commit_1", false);
        assertThat(gate.refusesTurn(empty("commit_1"))).isTrue();
        assertThat(gate.isWaiting()).isFalse();
        taken("item_1");
        assertThat(sent).isEmpty();
        assertThat(gate.refusesTurn(empty("commit_1"))).isFalse();
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
    void aReplyThatWasAskedForBesideTheRefusedTurnIsUnwantedAndTheNextIsNot() {
        gate.onTurnEnded("commit_1", true);
        assertThat(sent).containsExactly("create");
        assertThat(gate.refusesTurn(empty("commit_1"))).isTrue();
        assertThat(gate.unmet().reply()).isFalse();
        gate.requestResponse(null);
        assertThat(gate.onReplyCreated(new ServerEvent.ResponseCreated("r1"))).isFalse();
        done("r1", "cancelled");
        assertThat(sent).containsExactly("create", "create");
        assertThat(gate.onReplyCreated(new ServerEvent.ResponseCreated("r2"))).isTrue();
    }

    @Test
    void aReplyToTheCallerThatBeginsBeforeTheUnwantedOneIsLeftAlone() {
        gate.onTurnEnded("commit_1", true);
        assertThat(gate.refusesTurn(empty("commit_1"))).isTrue();
        gate.onSpeechStarted();
        gate.onSpeechStopped();
        assertThat(gate.onReplyCreated(new ServerEvent.ResponseCreated("r1"))).isTrue();
        refuse(ids.get(0));
        done("r1", "completed");
        assertThat(sent).as("the refused turn is not replied to").containsExactly("create");
    }

    @Test
    void whereTheServerRepliesToSpeechByItselfNoReplyIsTakenForTheUnwantedOne() {
        gate.onTurnEnded("commit_1", true);
        gate.repliesToSpeech(true);
        assertThat(gate.refusesTurn(empty("commit_1"))).isTrue();
        assertThat(gate.onReplyCreated(new ServerEvent.ResponseCreated("r1"))).isTrue();
    }

    @Test
    void aRefusedRequestForARefusedTurnIsNotMadeAgain() {
        gate.onTurnEnded("commit_1", true);
        assertThat(gate.refusesTurn(empty("commit_1"))).isTrue();
        refuse(ids.get(0));
        created("r0");
        done("r0", "completed");
        assertThat(sent).containsExactly("create");
    }

    @Test
    void whereErrorsNameNoEventsTheOldestTurnIsTheRefusedOne() {
        gate = gate(OPENAI.toBuilder().namesFaultyEvents(false).build(), false);
        gate.onTurnEnded("commit_1", false);
        assertThat(sent).containsExactly("create");
        assertThat(gate.refusesTurn(empty(null))).isTrue();
        assertThat(gate.onReplyCreated(new ServerEvent.ResponseCreated("r1"))).isFalse();
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
        assertThat(gate.onReplyCreated(new ServerEvent.ResponseCreated("r2"))).isFalse();
    }

    @Test
    void anErrorAboutSomethingElseRefusesNoTurn() {
        gate.onTurnEnded("commit_1", true);
        assertThat(gate.refusesTurn(empty(null))).isFalse();
        assertThat(gate.refusesTurn(empty("someone_elses"))).isFalse();
        assertThat(gate.onReplyCreated(new ServerEvent.ResponseCreated("r1"))).isTrue();
    }

    @Test
    void aTypedTurnIsNotTakenForOneThatWasSpoken() {
        gate.onTurnEnded("commit_1", false);
        gate.onItem(new ServerEvent.Item("item_1", "message", "user", null, "hello", null, null, null));
        assertThat(sent).isEmpty();
    }

    /** The request for an output's reply was on its way when the button was released: that reply has not heard the turn. */
    @Test
    void aTurnIsRepliedToAfterAReplyThatBeganBeforeItWasTaken() {
        for (boolean taken : new boolean[] {false, true}) {
            sent.clear();
            gate = gate(OPENAI, false);
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

    private void taken(String itemId) {
        gate.onItem(new ServerEvent.Item(itemId, "message", "user", null, "", null, null, null));
    }

    private static ServerEvent.ErrorEvent empty(String commitId) {
        return new ServerEvent.ErrorEvent("invalid_request_error", HandEndedTurns.EMPTY, null, commitId);
    }
}
