package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Turns that the application ends at a server that continues after a tool's output, and that it may refuse. */
class ContinuingHandEndedTurnsTest extends HandEndedStage {
    ContinuingHandEndedTurnsTest() {
        super(OPENAI.toBuilder().continuesAfterToolOutput(true).build());
    }

    @ParameterizedTest(name = "something else wants it too: {0}")
    @ValueSource(booleans = {false, true})
    void aRequestThatWaitsForAnotherReplyIsDroppedWithItsTurnUnlessSomethingElseWantsItToo(boolean wanted) {
        created("r1");
        gate.onTurnEnded("commit_1", true);
        if (wanted) {
            gate.requestResponse(null);
        }
        assertThat(gate.refusesTurn(empty("commit_1"))).isTrue();
        done("r1", "completed");
        assertThat(sent).hasSize(wanted ? 1 : 0);
    }

    @ParameterizedTest(name = "the output wants a reply: {0}")
    @ValueSource(booleans = {false, true})
    void aRefusedTurnThatWasLeftToAQuietOutputsReplyLeavesThatUnwanted(boolean wanted) {
        oneOpenCall();
        gate.answer("a", "{}", wanted);
        gate.onTurnEnded("commit_1", true);
        assertThat(sent).containsExactly("output a");
        assertThat(gate.refusesTurn(empty("commit_1"))).isTrue();
        assertThat(begins("r2")).isEqualTo(wanted);
    }

    @ParameterizedTest(name = "it was taken before: {0}")
    @ValueSource(booleans = {false, true})
    void aTurnIsRepliedToAfterAnOutputsReplyThatBeganBeforeItWasTaken(boolean taken) {
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
