package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import dev.parley.core.event.ServerEvent;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Replies that the application asks for at a server that must be asked, and what becomes of requests that it refuses. */
class AskedServerRequestsTest extends GateStage {
    @Test
    void aReplyThatIsToldOnlyAfterTheRefusalIsWhatWasAskedFor() {
        gate.requestResponse(null);
        refuse(ids.get(0));
        assertThat(sent).containsExactly("create");
        created("r1");
        done("r1", "completed");
        // The reply that stood in the way began after the request: it was what was asked for.
        assertThat(sent).containsExactly("create");
    }

    @Test
    void aRefusedRequestIsNotRepeatedIfTheReplyInTheWayAnswersIt() {
        oneOpenCall();
        answer("a");
        acknowledge("a");
        assertThat(sent).containsExactly("output a", "create");
        created("r2");
        refuse(ids.get(0));
        done("r2", "completed");
        assertThat(sent).containsExactly("output a", "create");
    }

    @Test
    void aRefusedRequestIsRepeatedIfTheReplyInTheWayKnowsNothingOfTheOutput() {
        oneOpenCall();
        answer("a");
        created("r2");
        acknowledge("a");
        refuse(ids.get(0));
        assertThat(sent).containsExactly("output a", "create");
        done("r2", "completed");
        assertThat(sent).containsExactly("output a", "create", "create");
        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void whereErrorsNameNoEventsOneIsTakenForTheRequestOnItsWay() {
        gate = gate(OPENAI.toBuilder().namesFaultyEvents(false).build(), true);
        gate.requestResponse(ResponseOptions.builder().instructions("Greet.").build());
        assertThat(gate.onError(new ServerEvent.ErrorEvent(null, ResponseGate.ALREADY_ACTIVE, null, null)))
                .isTrue();
        created("r1");
        done("r1", "completed");
        assertThat(sent).containsExactly("create Greet.", "create Greet.");
    }

    @Test
    void aReplyToTheCallerThatTheServerCouldNotBeginIsAskedForAfterTheOneInItsWay() {
        gate.requestResponse(ResponseOptions.builder().instructions("Greet.").build());
        created("r1");
        gate.onSpeechStarted();
        gate.onSpeechStopped();
        assertThat(gate.onError(new ServerEvent.ErrorEvent(null, ResponseGate.ALREADY_ACTIVE, null, null)))
                .isTrue();
        assertThat(sent).containsExactly("create Greet.");
        done("r1", "completed");
        assertThat(sent).containsExactly("create Greet.", "create");
    }

    @Test
    void aReplyToTheCallerThatTheServerCouldNotBeginIsAskedForThoughTheOtherWasNeverTold() {
        assertThat(gate.onError(new ServerEvent.ErrorEvent(null, ResponseGate.ALREADY_ACTIVE, null, null)))
                .isTrue();
        assertThat(sent).isEmpty();
        clock.advance(Duration.ofSeconds(10));
        assertThat(sent).containsExactly("create");
    }

    @Test
    void anErrorAboutSomethingElseIsNotTheGatesBusiness() {
        gate.requestResponse(null);
        assertThat(gate.onError(new ServerEvent.ErrorEvent(null, ResponseGate.ALREADY_ACTIVE, null, "someone_elses")))
                .isFalse();
        assertThat(gate.onError(new ServerEvent.ErrorEvent(null, "server_error", null, null)))
                .isFalse();
    }

    @Test
    void aRequestThatIsRefusedForAnotherReasonIsGivenUp() {
        gate.requestResponse(null);
        assertThat(gate.onError(new ServerEvent.ErrorEvent(null, "invalid_value", null, ids.get(0))))
                .isFalse();
        gate.requestResponse(null);
        assertThat(sent).containsExactly("create", "create");
    }

    @Test
    void aRequestThatNobodyAnswersDoesNotBlockTheNext() {
        gate.requestResponse(null);
        gate.requestResponse(ResponseOptions.builder().instructions("Second.").build());
        assertThat(sent).containsExactly("create");
        clock.advance(Duration.ofSeconds(10));
        assertThat(sent).containsExactly("create", "create Second.");
    }

    /** Some servers of the family leave the event's id out. */
    @Test
    void aRefusalThatNamesNoEventIsOfTheRequestThatIsOnItsWayAndItsOptionsAreKept() {
        gate.requestResponse(ResponseOptions.builder().instructions("Greet.").build());
        assertThat(gate.onError(new ServerEvent.ErrorEvent(null, ResponseGate.ALREADY_ACTIVE, null, null)))
                .isTrue();
        created("r1");
        done("r1", "completed");
        assertThat(sent).containsExactly("create Greet.", "create Greet.");
    }

    @Test
    void requestsDuringAReplyAreOneAndThoseWithOptionsStayApart() {
        created("r1");
        gate.requestResponse(null);
        gate.requestResponse(ResponseOptions.builder().instructions("One.").build());
        gate.requestResponse(null);
        gate.requestResponse(ResponseOptions.builder().instructions("Two.").build());
        assertThat(sent).isEmpty();
        done("r1", "completed");
        created("r2");
        done("r2", "completed");
        created("r3");
        done("r3", "completed");
        created("r4");
        done("r4", "completed");
        assertThat(sent).containsExactly("create", "create One.", "create Two.");
    }

    @Test
    void aReplyOutOfBandWaitsForNothingAndStandsInNobodysWay() {
        created("r1");
        gate.requestResponse(
                ResponseOptions.builder().outOfBand().instructions("Aside.").build());
        assertThat(sent).containsExactly("create Aside.");
        gate.onReplyCreated(new ServerEvent.ResponseCreated("r2", true));
        gate.onReplyDone(new ServerEvent.ResponseDone("r2", "completed", List.of()));
        gate.requestResponse(null);
        assertThat(sent).containsExactly("create Aside.");
        done("r1", "completed");
        assertThat(sent).containsExactly("create Aside.", "create");
    }

    @Test
    void textAsksAtOnceEvenWhileTheCallerSpeaks() {
        gate.onSpeechStarted();
        gate.say(new ClientEvent.Message("user", "hello", null));
        assertThat(sent).containsExactly("Message", "create");
    }

    @Test
    void aTypedTurnThatCrossedTheServersOwnReplyIsAskedForAgain() {
        gate.say(new ClientEvent.Message("user", "hello", null));
        created("r1"); // to the caller's voice: it does not know the text
        refuse(ids.get(0));
        assertThat(sent).containsExactly("Message", "create");
        done("r1", "completed");
        assertThat(sent).containsExactly("Message", "create", "create");
    }

    @Test
    void aTypedTurnThatTheServersOwnReplyKnowsNeedsNoOther() {
        gate.say(new ClientEvent.Message("user", "hello", null));
        gate.onItem(new ServerEvent.Item("item_1", "message", "user", null, "hello", null, null, null));
        created("r1");
        refuse(ids.get(0));
        done("r1", "completed");
        assertThat(sent).containsExactly("Message", "create");
    }
}
