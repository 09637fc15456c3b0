package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.provider.Dialect;
import dev.parley.core.provider.OpenAiCompatible;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies that the application asks for at a server that speaks at every output. */
class ContinuingRequestsTest extends ContinuingStage {
    private static final ResponseOptions GREET =
            ResponseOptions.builder().instructions("Greet.").build();

    private static final ResponseOptions ASIDE =
            ResponseOptions.builder().outOfBand().instructions("Aside.").build();

    /** One that takes options and names faulty events, and continues all the same. */
    private ResponseGate openAiGate() {
        Dialect dialect =
                OpenAiCompatible.ga("x").continuesAfterToolOutput(true).build();
        return gate(dialect, true);
    }

    private static ServerEvent.ErrorEvent refusal(@Nullable String eventId) {
        return new ServerEvent.ErrorEvent(
                "invalid_request_error", "conversation_already_has_active_response", null, eventId);
    }

    @Test
    void aReplyThatTheApplicationAskedForIsWantedWhateverIsAnsweredQuietly() {
        oneOpenCall();
        gate.requestResponse(null);
        gate.answer("a", "{}", false);
        assertThat(created()).isTrue();
        done();
        assertThat(sent).containsExactly("create", "output a");
        sent.clear();
        oneOpenCall();
        gate.answer("a", "{}", false);
        gate.requestResponse(null);
        assertThat(sent).as("the output makes it speak").containsExactly("output a");
        assertThat(gate.unmet()).isEqualTo(new ResponseGate.Unmet(true, List.of(), 0));
        theNextReplyMeetsIt("output a");
    }

    @Test
    void aRequestThatWasLeftToAnOutputIsMadeIfTheServerDoesNotSpeakAtThatForTenSeconds() {
        oneOpenCall();
        answer("a");
        gate.requestResponse(null);
        clock.advance(Duration.ofMillis(9_999));
        assertThat(sent).containsExactly("output a");
        clock.advance(Duration.ofMillis(1));
        assertThat(sent).containsExactly("output a", "create");
        theNextReplyMeetsIt("output a", "create");
    }

    @Test
    void aRequestGoesOutAtOnceAndARefusalOfItIsToldToTheApplication() {
        gate.requestResponse(null);
        assertThat(gate.isWaiting()).isTrue();
        assertThat(gate.onError(new ServerEvent.ErrorEvent("invalid_request_error", "busy", null, null)))
                .isFalse();
        assertThat(sent).containsExactly("create");
        theNextReplyMeetsIt("create");
    }

    @Test
    void aRequestDuringAReplyWaitsForItsEndAndRequestsAreOne() {
        created();
        gate.requestResponse(null);
        gate.requestResponse(null);
        assertThat(sent).isEmpty();
        assertThat(gate.isWaiting()).isTrue();
        done();
        assertThat(sent).containsExactly("create");
        theNextReplyMeetsIt("create");
    }

    @ParameterizedTest(name = "whether the output wants a reply: {0}")
    @ValueSource(booleans = {true, false})
    void aRequestDuringAReplyWhoseOutputMakesTheServerSpeakIsMetByThat(boolean wantsReply) {
        created();
        gate.onCall("a", null);
        gate.requestResponse(null);
        gate.answer("a", "{}", wantsReply);
        done();
        assertThat(sent).containsExactly("output a");
        theNextReplyMeetsIt("output a");
    }

    @Test
    void aRequestBesideACallThatStillRunsGoesOutAtOnce() {
        oneOpenCall();
        gate.requestResponse(null);
        assertThat(sent).containsExactly("create");
    }

    @Test
    void aReplyWhoseEndIsNeverToldHoldsARequestForAMinuteAtMost() {
        created();
        gate.requestResponse(null);
        clock.advance(Duration.ofMillis(59_999));
        assertThat(sent).isEmpty();
        assertThat(gate.unmet()).isEqualTo(new ResponseGate.Unmet(true, List.of(), 0));
        clock.advance(Duration.ofMillis(1));
        assertThat(sent).containsExactly("create");
    }

    @Test
    void equalRequestsWithOptionsAreEachARequestAndOneGoesOutAtTheEndOfEachReply() {
        gate = openAiGate();
        created("r1");
        gate.requestResponse(GREET);
        gate.requestResponse(GREET);
        gate.requestResponse(null);
        gate.requestResponse(null);
        assertThat(sent).isEmpty();
        assertThat(gate.unmet()).isEqualTo(new ResponseGate.Unmet(true, List.of(GREET, GREET), 0));
        done("r1");
        assertThat(sent).containsExactly("create Greet.");
        assertThat(gate.unmet()).isEqualTo(new ResponseGate.Unmet(true, List.of(GREET, GREET), 0));
        replies("r2");
        assertThat(sent).containsExactly("create Greet.", "create Greet.");
        replies("r3");
        assertThat(sent).containsExactly("create Greet.", "create Greet.", "create");
        replies("r4");
        assertThat(sent).hasSize(3);
        assertThat(gate.isWaiting()).isFalse();
    }

    @Test
    void aRequestOutOfBandGoesOutAtOnceAndItsReplyIsNoneOfTheConversation() {
        gate = openAiGate();
        created("r1");
        gate.onCall("a", "r1");
        gate.requestResponse(GREET);
        gate.requestResponse(ASIDE);
        assertThat(sent).containsExactly("create Aside.");
        gate.onSpeechStarted();
        answer("a");
        assertThat(gate.onReplyCreated(new ServerEvent.ResponseCreated("beside", true)))
                .isTrue();
        done("beside");
        assertThat(sent).as("the first reply goes on").containsExactly("create Aside.");
        done("r1");
        assertThat(sent).containsExactly("create Aside.", "create Greet.");
        gate.onReplyCreated(new ServerEvent.ResponseCreated("beside 2", true));
        done("beside 2");
        assertThat(gate.unmet().withOptions()).containsExactly(GREET);
        replies("r2");
        assertThat(sent).as("the caller has their reply").containsExactly("create Aside.", "create Greet.", "output a");
    }

    @Test
    void aRequestOutOfBandOutlivesItsConnectionUnlessItsReplyHadBegun() {
        gate = openAiGate();
        gate.requestResponse(ASIDE);
        gate.requestResponse(GREET);
        assertThat(gate.isWaiting()).isTrue();
        assertThat(gate.unmet()).isEqualTo(new ResponseGate.Unmet(false, List.of(GREET, ASIDE), 0));
        gate.onReplyCreated(new ServerEvent.ResponseCreated("beside", true));
        replies("r1");
        assertThat(gate.isWaiting()).isTrue();
        assertThat(gate.unmet()).isEqualTo(new ResponseGate.Unmet(false, List.of(), 1));
        done("beside");
        assertThat(gate.isWaiting()).isFalse();
        gate.requestResponse(ASIDE);
        gate.onError(new ServerEvent.ErrorEvent("invalid_request_error", "bad", null, ids.get(2)));
        assertThat(gate.isWaiting()).isFalse();
    }

    @Test
    void aRequestWithOptionsThatIsRefusedBecauseAReplyIsActiveIsMadeAgainAfterThat() {
        gate = openAiGate();
        gate.requestResponse(GREET);
        created("the server's own");
        refusedForAnActiveReply();
        assertThat(gate.isWaiting()).isTrue();
        assertThat(sent).containsExactly("create Greet.");
        done("the server's own");
        assertThat(sent).containsExactly("create Greet.", "create Greet.");
        replies("r2");
        assertThat(sent).containsExactly("create Greet.", "create Greet.");
        assertThat(gate.isWaiting()).isFalse();
    }

    @Test
    void aRequestThatCrossesAReplyIsMetByThatAndNotMadeAgain() {
        gate = openAiGate();
        gate.requestResponse(null);
        created("the server's own");
        refusedForAnActiveReply();
        assertThat(gate.isWaiting()).isFalse();
        done("the server's own");
        assertThat(sent).containsExactly("create");
    }

    @Test
    void whereErrorsNameNoEventsNoneRefusesTheRequestThatBeganTheActiveReply() {
        gate.requestResponse(null);
        created();
        assertThat(gate.onError(refusal(null))).isTrue();
        gate.onError(refusal(null));
        done();
        assertThat(sent).containsExactly("create");
        assertThat(gate.isWaiting()).isFalse();
    }

    @ParameterizedTest(name = "with options: {0}")
    @ValueSource(booleans = {false, true})
    void aReplyThatIsToldOnlyAfterTheRefusalIsWhatWasAskedForUnlessThatHasOptions(boolean withOptions) {
        gate = openAiGate();
        gate.requestResponse(withOptions ? GREET : null);
        refusedForAnActiveReply();
        replies("the server's own");
        assertThat(sent).hasSize(withOptions ? 2 : 1);
    }

    @ParameterizedTest(name = "that reply knows it: {0}")
    @ValueSource(booleans = {true, false})
    void aTypedTurnIsAskedForAfterAnOutputsReplyThatBeganBeforeIt(boolean known) {
        anOutputIsToBringAboutAReply();
        typedTurn(known);
        created("r2");
        assertThat(sent).containsExactly("output a", "Message");
        done("r2");
        assertThat(sent).isEqualTo(known ? List.of("output a", "Message") : List.of("output a", "Message", "create"));
    }

    @ParameterizedTest(name = "that reply knows it: {0}")
    @ValueSource(booleans = {true, false})
    void aTypedTurnThatCrossesAReplyThatDoesNotKnowItIsAskedForAgain(boolean known) {
        gate = openAiGate();
        typedTurn(known);
        created("the server's own");
        refusedForAnActiveReply();
        done("the server's own");
        assertThat(sent).isEqualTo(known ? List.of("Message", "create") : List.of("Message", "create", "create"));
    }

    @Test
    void aRequestThatIsRefusedForAReplyThatWasNeverToldIsMadeAgainAfterTenSeconds() {
        gate = openAiGate();
        gate.requestResponse(GREET);
        refusedForAnActiveReply();
        clock.advance(Duration.ofMillis(9_999));
        assertThat(sent).hasSize(1);
        clock.advance(Duration.ofMillis(1));
        assertThat(sent).containsExactly("create Greet.", "create Greet.");
    }

    @Test
    void theReplyToTheCallerThatTheServerCouldNotBeginIsAskedForAfterTheOneInItsWay() {
        gate = openAiGate();
        created("r1");
        assertThat(gate.onError(refusal(null))).isTrue();
        assertThat(gate.onError(refusal(null))).isTrue();
        assertThat(sent).isEmpty();
        done("r1");
        assertThat(sent).containsExactly("create");
    }

    @Test
    void aRefusalThatNamesNoEventIsOfTheRequestThatIsOnItsWayAndItsOptionsAreKept() {
        gate = openAiGate();
        gate.requestResponse(GREET);
        assertThat(gate.onError(refusal(null))).isTrue();
        replies("the server's own");
        assertThat(sent).containsExactly("create Greet.", "create Greet.");
    }

    @Test
    void aRequestWithOptionsWaitsForTheReplyThatAnOutputBringsAbout() {
        anOutputIsToBringAboutAReply();
        gate.requestResponse(GREET);
        assertThat(sent).containsExactly("output a");
        replies("r2");
        assertThat(sent).containsExactly("output a", "create Greet.");
    }

    @Test
    void aRequestThatTheServerRefusesForGoodHoldsUpNoOther() {
        gate = openAiGate();
        gate.requestResponse(GREET);
        gate.requestResponse(null);
        assertThat(gate.onError(new ServerEvent.ErrorEvent("invalid_request_error", "bad", null, ids.get(0))))
                .isFalse();
        assertThat(sent).containsExactly("create Greet.", "create");
    }

    @Override
    void created(String replyId) {
        assertThat(gate.onReplyCreated(new ServerEvent.ResponseCreated(replyId)))
                .isTrue();
    }

    private void done(String replyId) {
        done(replyId, "completed");
    }

    private void replies(String replyId) {
        created(replyId);
        done(replyId);
    }

    /** The reply that begins next is wanted, and after it nothing more is sent or waited for. */
    private void theNextReplyMeetsIt(String... sentInAll) {
        assertThat(created()).isTrue();
        done();
        assertThat(sent).containsExactly(sentInAll);
        assertThat(gate.isWaiting()).isFalse();
    }

    /** At OpenAI: a call was answered, and the reply to that has not begun. */
    private void anOutputIsToBringAboutAReply() {
        gate = openAiGate();
        created("r1");
        gate.onCall("a", "r1");
        done("r1");
        answer("a");
    }

    private void typedTurn(boolean acknowledged) {
        gate.say(new ClientEvent.Message("user", "hello", null));
        if (acknowledged) {
            gate.onItem(new ServerEvent.Item("item_1", "message", "user", null, "hello", null, null, null));
        }
    }

    /** The first request of all. */
    private void refusedForAnActiveReply() {
        assertThat(gate.onError(refusal(ids.get(0)))).isTrue();
    }
}
