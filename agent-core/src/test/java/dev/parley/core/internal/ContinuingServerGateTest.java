package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.ManualClock;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.provider.Dialect;
import dev.parley.core.provider.OpenAiCompatible;
import dev.parley.core.provider.Swaram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When an output may reach a server that speaks at every output. */
class ContinuingServerGateTest {
    private final ManualClock clock = new ManualClock();
    private static final ResponseOptions GREET =
            ResponseOptions.builder().instructions("Greet.").build();
    private static final ResponseOptions ASIDE =
            ResponseOptions.builder().outOfBand().instructions("Aside.").build();

    private final List<String> sent = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();
    private ResponseGate gate = gate();

    /** One that takes options and names faulty events, and continues all the same. */
    private ResponseGate openAiGate() {
        ids.clear();
        Dialect dialect =
                OpenAiCompatible.ga("x").continuesAfterToolOutput(true).build();
        return ResponseGate.of(dialect, true, clock, Runnable::run, this::send);
    }

    private static ServerEvent.ErrorEvent refusal(@Nullable String eventId) {
        return new ServerEvent.ErrorEvent(
                "invalid_request_error", "conversation_already_has_active_response", null, eventId);
    }

    private ResponseGate gate() {
        return ResponseGate.of(Swaram.simple("swaram_test").dialect(), true, clock, Runnable::run, this::send);
    }

    private void send(ClientEvent event, @Nullable String eventId) {
        if (event instanceof ClientEvent.CreateResponse create && create.options() != null) {
            sent.add("create " + create.options().instructions());
        } else if (event instanceof ClientEvent.Message) {
            sent.add("say");
        } else {
            sent.add(event instanceof ClientEvent.ToolOutput output ? "output " + output.callId() : "create");
        }
        if (eventId != null) {
            ids.add(eventId);
        }
    }

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
            gate = gate();
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
            gate = gate();
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
        assertThat(created()).isTrue();
        done();
        assertThat(sent).containsExactly("output a");
        assertThat(gate.isWaiting()).isFalse();
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
        created();
        done();
        assertThat(sent).containsExactly("output a", "create");
        assertThat(gate.isWaiting()).isFalse();
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
    void aRequestGoesOutAtOnceAndARefusalOfItIsToldToTheApplication() {
        gate.requestResponse(null);
        assertThat(gate.isWaiting()).isTrue();
        assertThat(gate.onError(new ServerEvent.ErrorEvent("invalid_request_error", "busy", null, null)))
                .isFalse();
        assertThat(sent).containsExactly("create");
        created();
        done();
        assertThat(sent).containsExactly("create");
        assertThat(gate.isWaiting()).isFalse();
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
        created();
        done();
        assertThat(sent).containsExactly("create");
        assertThat(gate.isWaiting()).isFalse();
    }

    @Test
    void aRequestDuringAReplyWhoseOutputMakesTheServerSpeakIsMetByThat() {
        for (boolean wantsReply : List.of(true, false)) {
            sent.clear();
            gate = gate();
            created();
            gate.onCall("a", null);
            gate.requestResponse(null);
            gate.answer("a", "{}", wantsReply);
            done();
            assertThat(sent).containsExactly("output a");
            assertThat(created()).isTrue();
            done();
            assertThat(sent).containsExactly("output a");
        }
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
        created("r2");
        done("r2");
        assertThat(sent).containsExactly("create Greet.", "create Greet.");
        created("r3");
        done("r3");
        assertThat(sent).containsExactly("create Greet.", "create Greet.", "create");
        created("r4");
        done("r4");
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
        created("r2");
        done("r2");
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
        created("r1");
        done("r1");
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
        assertThat(gate.onError(refusal(ids.get(0)))).isTrue();
        assertThat(gate.isWaiting()).isTrue();
        assertThat(sent).containsExactly("create Greet.");
        done("the server's own");
        assertThat(sent).containsExactly("create Greet.", "create Greet.");
        created("r2");
        done("r2");
        assertThat(sent).containsExactly("create Greet.", "create Greet.");
        assertThat(gate.isWaiting()).isFalse();
    }

    @Test
    void aRequestThatCrossesAReplyIsMetByThatAndNotMadeAgain() {
        gate = openAiGate();
        gate.requestResponse(null);
        created("the server's own");
        assertThat(gate.onError(refusal(ids.get(0)))).isTrue();
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

    @Test
    void aReplyThatIsToldOnlyAfterTheRefusalIsWhatWasAskedForUnlessThatHasOptions() {
        for (ResponseOptions options : Arrays.asList(null, GREET)) {
            sent.clear();
            gate = openAiGate();
            gate.requestResponse(options);
            assertThat(gate.onError(refusal(ids.get(0)))).isTrue();
            created("the server's own");
            done("the server's own");
            assertThat(sent).as("%s", options).hasSize(options == null ? 1 : 2);
        }
    }

    @Test
    void aTypedTurnIsAskedForAfterAnOutputsReplyThatBeganBeforeIt() {
        for (boolean known : List.of(true, false)) {
            sent.clear();
            gate = openAiGate();
            created("r1");
            gate.onCall("a", "r1");
            done("r1");
            answer("a");
            gate.say(new ClientEvent.Message("user", "hello", null));
            if (known) {
                gate.onItem(new ServerEvent.Item("item_1", "message", "user", null, "hello", null, null, null));
            }
            created("r2");
            assertThat(sent).containsExactly("output a", "say");
            done("r2");
            assertThat(sent).isEqualTo(known ? List.of("output a", "say") : List.of("output a", "say", "create"));
        }
    }

    @Test
    void aTypedTurnThatCrossesAReplyThatDoesNotKnowItIsAskedForAgain() {
        for (boolean known : List.of(true, false)) {
            sent.clear();
            gate = openAiGate();
            gate.say(new ClientEvent.Message("user", "hello", null));
            if (known) {
                gate.onItem(new ServerEvent.Item("item_1", "message", "user", null, "hello", null, null, null));
            }
            created("the server's own");
            assertThat(gate.onError(refusal(ids.get(0)))).isTrue();
            done("the server's own");
            assertThat(sent).isEqualTo(known ? List.of("say", "create") : List.of("say", "create", "create"));
        }
    }

    @Test
    void aRequestThatIsRefusedForAReplyThatWasNeverToldIsMadeAgainAfterTenSeconds() {
        gate = openAiGate();
        gate.requestResponse(GREET);
        assertThat(gate.onError(refusal(ids.get(0)))).isTrue();
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
        created("the server's own");
        done("the server's own");
        assertThat(sent).containsExactly("create Greet.", "create Greet.");
    }

    @Test
    void aRequestWithOptionsWaitsForTheReplyThatAnOutputBringsAbout() {
        gate = openAiGate();
        created("r1");
        gate.onCall("a", "r1");
        done("r1");
        answer("a");
        gate.requestResponse(GREET);
        assertThat(sent).containsExactly("output a");
        created("r2");
        done("r2");
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

    private void oneOpenCall() {
        created();
        gate.onCall("a", null);
        done();
    }

    private boolean created() {
        return gate.onReplyCreated(new ServerEvent.ResponseCreated(null));
    }

    private void done() {
        gate.onReplyDone(new ServerEvent.ResponseDone(null, "completed", List.of()));
    }

    private void created(String replyId) {
        assertThat(gate.onReplyCreated(new ServerEvent.ResponseCreated(replyId)))
                .isTrue();
    }

    private void done(String replyId) {
        gate.onReplyDone(new ServerEvent.ResponseDone(replyId, "completed", List.of()));
    }

    private void answer(String callId) {
        gate.answer(callId, "{}", true);
    }
}
