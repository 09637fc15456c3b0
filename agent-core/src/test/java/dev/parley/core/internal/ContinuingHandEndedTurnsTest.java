package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.event.ServerEvent;
import dev.parley.core.provider.Dialect;
import org.junit.jupiter.api.Test;

/** Turns that the application ends at a server that continues after a tool's output, and that it may refuse. */
class ContinuingHandEndedTurnsTest extends GateStage {
    private static final Dialect CONTINUING =
            OPENAI.toBuilder().continuesAfterToolOutput(true).build();

    {
        gate = gate(CONTINUING, false);
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

    @Test
    void aTappedButtonIsNotRepliedTo() {
        gate.onTurnEnded("commit_1", false);
        assertThat(gate.refusesTurn(empty("commit_1"))).isTrue();
        taken("item_1");
        assertThat(sent).isEmpty();
        assertThat(gate.isWaiting()).isFalse();
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
    void aRequestThatWaitsForAnotherReplyIsDroppedWithItsTurnUnlessSomethingElseWantsItToo() {
        for (boolean wanted : new boolean[] {false, true}) {
            sent.clear();
            gate = gate(CONTINUING, false);
            created("r1");
            gate.onTurnEnded("commit_1", true);
            if (wanted) {
                gate.requestResponse(null);
            }
            assertThat(gate.refusesTurn(empty("commit_1"))).isTrue();
            done("r1", "completed");
            assertThat(sent).hasSize(wanted ? 1 : 0);
        }
    }

    @Test
    void aRefusedTurnThatWasLeftToAQuietOutputsReplyLeavesThatUnwanted() {
        for (boolean wanted : new boolean[] {false, true}) {
            sent.clear();
            gate = gate(CONTINUING, false);
            oneOpenCall();
            gate.answer("a", "{}", wanted);
            gate.onTurnEnded("commit_1", true);
            assertThat(sent).containsExactly("output a");
            assertThat(gate.refusesTurn(empty("commit_1"))).isTrue();
            assertThat(begins("r2")).isEqualTo(wanted);
        }
    }

    @Test
    void aTurnIsRepliedToAfterAnOutputsReplyThatBeganBeforeItWasTaken() {
        for (boolean taken : new boolean[] {false, true}) {
            sent.clear();
            gate = gate(CONTINUING, false);
            oneOpenCall();
            answer("a");
            gate.onTurnEnded("commit_1", true);
            if (taken) {
                taken("item_1");
            }
            assertThat(begins("r2")).isTrue();
            done("r2", "completed");
            assertThat(sent).hasSize(taken ? 1 : 2);
        }
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
        assertThat(gate.refusesTurn(empty("someone_elses"))).isFalse();
        assertThat(begins("r1")).isTrue();
    }

    private boolean begins(String replyId) {
        return gate.onReplyCreated(new ServerEvent.ResponseCreated(replyId));
    }

    private void taken(String itemId) {
        gate.onItem(new ServerEvent.Item(itemId, "message", "user", null, "", null, null, null));
    }

    private static ServerEvent.ErrorEvent empty(String commitId) {
        return new ServerEvent.ErrorEvent("invalid_request_error", HandEndedTurns.EMPTY, null, commitId);
    }
}
