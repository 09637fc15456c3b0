package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.event.ServerEvent;
import dev.parley.core.provider.Dialect;
import org.junit.jupiter.api.Test;

/** Turns that the application ends and the server may refuse, and what holds of them at whatever server. */
abstract class HandEndedStage extends GateStage {
    HandEndedStage(Dialect dialect) {
        gate = gate(dialect, false);
    }

    @Test
    void aTurnOfNextToNothingWaitsForTheServersWordAndIsRepliedToOnce() {
        gate.onTurnEnded("commit_1", false);
        assertThat(sent).isEmpty();
        taken("item_1");
        taken("item_1"); // told as added and as done
        assertThat(sent).containsExactly("create");
        assertThat(begins("r1")).isTrue();
    }

    /** Such as a tapped button. */
    @Test
    void aRefusedTurnIsNotRepliedTo() {
        gate.onTurnEnded("commit_1", false);
        assertThat(gate.refusesTurn(empty("commit_1"))).isTrue();
        assertThat(gate.isWaiting()).isFalse();
        taken("item_1");
        assertThat(sent).isEmpty();
        assertThat(gate.isWaiting()).isFalse();
        assertThat(gate.refusesTurn(empty("commit_1"))).isFalse();
    }

    @Test
    void aReplyThatWasAskedForBesideTheRefusedTurnIsUnwantedAndTheNextIsNot() {
        gate.onTurnEnded("commit_1", true);
        assertThat(sent).containsExactly("create");
        assertThat(gate.refusesTurn(empty("commit_1"))).isTrue();
        assertThat(gate.unmet().reply()).isFalse();
        gate.requestResponse(null);
        assertThat(begins("r1")).isFalse();
        done("r1", "cancelled");
        assertThat(sent).containsExactly("create", "create");
        assertThat(begins("r2")).isTrue();
    }

    @Test
    void aRefusedRequestForARefusedTurnIsNotMadeAgainAndTheReplyInItsWayIsLeftAlone() {
        gate.onTurnEnded("commit_1", true);
        assertThat(gate.refusesTurn(empty("commit_1"))).isTrue();
        refuse(ids.get(0));
        assertThat(begins("r0")).isTrue();
        done("r0", "completed");
        assertThat(sent).containsExactly("create");
        assertThat(gate.isWaiting()).isFalse();
    }

    @Test
    void anErrorAboutSomethingElseRefusesNoTurn() {
        gate.onTurnEnded("commit_1", true);
        assertThat(gate.refusesTurn(empty(null))).isFalse();
        assertThat(gate.refusesTurn(empty("someone_elses"))).isFalse();
        assertThat(begins("r1")).isTrue();
    }

    boolean begins(String replyId) {
        return gate.onReplyCreated(new ServerEvent.ResponseCreated(replyId));
    }

    void taken(String itemId) {
        gate.onItem(new ServerEvent.Item(itemId, "message", "user", null, "", null, null, null));
    }

    static ServerEvent.ErrorEvent empty(String commitId) {
        return new ServerEvent.ErrorEvent("invalid_request_error", HandEndedTurns.EMPTY, null, commitId);
    }
}
