package dev.parley.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.CloseReason;
import dev.parley.core.ConnectionLostException;
import dev.parley.core.ReconnectPolicy;
import dev.parley.core.Reconnecting;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.testkit.FaultyLink;
import dev.parley.testkit.LinkFault;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Turn;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each fault of the network at each stage of a session: it goes on, reconnects, or ends with the right reason in bounded time;
 * no call is lost or doubled, and no thread, socket or timer stays behind. What is expected stands in {@code docs/faults.md}.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultMatrixTest {
    private final Map<Rehearsed, Map<Stage, Map<Trouble, String>>> seen = new EnumMap<>(Rehearsed.class);

    @ParameterizedTest(name = "{2} while {1} ({0})")
    @CsvSource({
        "SWARAM, CONNECTING, SLOW",
        "OPENAI, AGENT_SPEAKING, JITTERY",
        "OPENAI, USER_SPEAKING, STALLED",
        "SWARAM, IDLE, HALF_OPEN_TO_SERVER",
        "OPENAI, CLOSING, HALF_OPEN_TO_CLIENT",
        "SWARAM, CONFIGURING, CUT",
        "SWARAM, TOOL_RUNNING, RESET",
        "OPENAI, TOOL_RUNNING, RESET",
        "SWARAM, AGENT_SPEAKING, CUT",
        "OPENAI, RECONNECTING, RESET"
    })
    void eachFaultOnceAndEachStageOnce(Rehearsed rehearsed, Stage stage, Trouble trouble) {
        check(rehearsed, stage, trouble);
    }

    @Tag("faults")
    @ParameterizedTest(name = "{2} while {1} ({0})")
    @MethodSource("cells")
    void eachFaultAtEachStage(Rehearsed rehearsed, Stage stage, Trouble trouble) {
        check(rehearsed, stage, trouble);
    }

    static Stream<Arguments> cells() {
        return Arrays.stream(Rehearsed.values())
                .flatMap(rehearsed -> Arrays.stream(Stage.values())
                        .flatMap(stage -> Arrays.stream(Trouble.values())
                                .map(trouble -> Arguments.of(rehearsed, stage, trouble))));
    }

    @ParameterizedTest(name = "{2} while {1} ({0})")
    @CsvSource({
        "SWARAM, IDLE, RESET, ends with ConnectionLostException",
        "OPENAI, AGENT_SPEAKING, STALLED, ends with ConnectionLostException",
        "OPENAI, TOOL_RUNNING, CUT, ends with ConnectionLostException",
        "SWARAM, USER_SPEAKING, SLOW, goes on"
    })
    void aSessionThatMayNotReconnectEndsWithTheReason(
            Rehearsed rehearsed, Stage stage, Trouble trouble, String expected) {
        assertThat(FaultCase.outcome(rehearsed, stage, trouble, ReconnectPolicy.never()))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void aNetworkThatStaysAwayEndsTheSessionAfterTheLastAttempt(Rehearsed rehearsed) {
        Leftovers leftovers = new Leftovers();
        CountedClock clock = new CountedClock();
        Witness witness = new Witness();
        try (RehearsalServer server = rehearsed
                        .server()
                        .script(Script.named("silence")
                                .turn(Turn.hear("Hello?").says("Hello."))
                                .build())
                        .start();
                FaultyLink link = FaultyLink.to(server.url())) {
            VoiceSession session = VoiceAgent.builder()
                    .provider(rehearsed.provider(link.endpoint()))
                    .reconnect(FaultCase.SOON)
                    .clock(clock)
                    .with(witness)
                    .listener(witness)
                    .build()
                    .connect();
            link.apply(LinkFault.reset());

            assertThat(session.awaitClosed(Duration.ofSeconds(10))).isTrue();
            assertThat(witness.losses).extracting(Reconnecting::attempt).containsExactly(1, 2, 3, 4);
            assertThat(witness.endsToldToListener).containsExactly(session.closeReason());
            assertThat(session.closeReason())
                    .extracting(CloseReason::error)
                    .isInstanceOf(ConnectionLostException.class);
        }
        leftovers.assertNone(clock);
    }

    private void check(Rehearsed rehearsed, Stage stage, Trouble trouble) {
        String outcome = FaultCase.outcome(rehearsed, stage, trouble, FaultCase.SOON);
        seen.computeIfAbsent(rehearsed, table -> new EnumMap<>(Stage.class))
                .computeIfAbsent(stage, row -> new EnumMap<>(Trouble.class))
                .put(trouble, outcome);
        assertThat(outcome).isEqualTo(OutcomeTable.of(rehearsed).expected(stage, trouble));
    }

    @AfterAll
    void print() {
        seen.forEach((rehearsed, cells) -> System.out.println(
                "What sessions with " + rehearsed.title() + " did:\n" + OutcomeTable.printed(cells)));
    }
}
