package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.event.ResponseOptions;
import dev.parley.core.event.ServerEvent;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a lost connection takes along of replies outside of the conversation. */
class AsidesTest extends GateStage {
    private static final ResponseOptions ONE = aside("One.");
    private static final ResponseOptions TWO = aside("Two.");

    @Test
    void requestsWhoseReplyHasNotBegunAreForTheNextConnection() {
        gate.requestResponse(ONE);
        gate.requestResponse(TWO);
        assertThat(gate.isWaiting()).isTrue();
        assertThat(gate.unmet()).isEqualTo(new ResponseGate.Unmet(false, List.of(ONE, TWO), 0));
        begin("r1");
        assertThat(gate.unmet()).isEqualTo(new ResponseGate.Unmet(false, List.of(TWO), 1));
        done("r1", "completed");
        begin("r2");
        done("r2", "completed");
        assertThat(gate.unmet()).isEqualTo(new ResponseGate.Unmet(false, List.of(), 0));
        assertThat(gate.isWaiting()).isFalse();
    }

    @Test
    void aRefusedRequestIsNotMadeAgain() {
        gate.requestResponse(ONE);
        assertThat(gate.onError(new ServerEvent.ErrorEvent(null, "invalid_value", null, ids.get(0))))
                .isFalse();
        assertThat(gate.unmet().withOptions()).isEmpty();
    }

    @Test
    void aRequestThatTheApplicationWroteAsJsonIsWaitedForAndNotMadeAgain() {
        for (boolean continues : List.of(false, true)) {
            gate = gate(OPENAI.toBuilder().continuesAfterToolOutput(continues).build(), true);
            assertThat(gate.awaitsAside()).isFalse();
            gate.askedAsideRaw();
            assertThat(gate.awaitsAside()).isTrue();
            assertThat(gate.isWaiting()).isTrue();
            assertThat(gate.unmet()).isEqualTo(new ResponseGate.Unmet(false, List.of(), 0));
            begin("r1");
            assertThat(gate.awaitsAside()).isFalse();
            assertThat(gate.unmet()).isEqualTo(new ResponseGate.Unmet(false, List.of(), 1));
        }
    }

    @Test
    void requestsThatAreNeverAnsweredAreForgottenInTheEnd() {
        for (int i = 0; i < 300; i++) {
            gate.requestResponse(aside("No " + i));
        }
        assertThat(gate.unmet().withOptions()).hasSize(256).endsWith(aside("No 299"));
        for (int i = 0; i < 600; i++) {
            begin("r" + i);
        }
        assertThat(gate.unmet()).isEqualTo(new ResponseGate.Unmet(false, List.of(), 256));
    }

    @Test
    void aRequestThatIsRefusedWithoutBeingNamedIsGivenUpAfterAMinute() {
        gate = gate(OPENAI.toBuilder().namesFaultyEvents(false).build(), true);
        gate.requestResponse(ONE);
        gate.onError(new ServerEvent.ErrorEvent(null, "invalid_value", null, null));
        clock.advance(Duration.ofSeconds(30));
        gate.requestResponse(TWO);
        clock.advance(Duration.ofMillis(29_999));
        assertThat(gate.unmet().withOptions()).containsExactly(ONE, TWO);
        clock.advance(Duration.ofMillis(1));
        assertThat(gate.unmet().withOptions()).containsExactly(TWO);
        clock.advance(Duration.ofSeconds(30));
        assertThat(gate.isWaiting()).isFalse();
        assertThat(clock.waiting()).isZero();
    }

    @Test
    void aReplyWhoseEndIsNeverToldIsGivenUpAfterAMinute() {
        for (boolean continues : List.of(false, true)) {
            gate = gate(OPENAI.toBuilder().continuesAfterToolOutput(continues).build(), true);
            gate.requestResponse(ONE);
            clock.advance(Duration.ofSeconds(30));
            begin("r1");
            clock.advance(Duration.ofMillis(59_999));
            assertThat(gate.unmet()).isEqualTo(new ResponseGate.Unmet(false, List.of(), 1));
            clock.advance(Duration.ofMillis(1));
            assertThat(gate.unmet()).isEqualTo(new ResponseGate.Unmet(false, List.of(), 0));
            assertThat(gate.isWaiting()).isFalse();
        }
    }

    @Test
    void closingForgetsThem() {
        for (boolean continues : List.of(false, true)) {
            gate = gate(OPENAI.toBuilder().continuesAfterToolOutput(continues).build(), true);
            gate.requestResponse(ONE);
            gate.close();
            assertThat(gate.isWaiting()).isFalse();
            assertThat(clock.waiting()).isZero();
        }
    }

    private void begin(String id) {
        gate.onReplyCreated(new ServerEvent.ResponseCreated(id, true));
    }

    private static ResponseOptions aside(String instructions) {
        return ResponseOptions.builder().outOfBand().instructions(instructions).build();
    }
}
