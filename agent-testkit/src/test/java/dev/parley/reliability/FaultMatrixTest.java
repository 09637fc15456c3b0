package dev.parley.reliability;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each fault of the network at each stage of a session: it goes on, or it ends with the right reason in bounded time; no call
 * is lost or doubled, and no thread, socket or timer stays behind. What is expected stands in {@code swaram-faults.md}.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultMatrixTest {
    private final OutcomeTable table = OutcomeTable.load("swaram-faults.md");
    private final Map<Stage, Map<Trouble, String>> seen = new EnumMap<>(Stage.class);

    @ParameterizedTest(name = "{1} while {0}")
    @CsvSource({
        "CONNECTING, SLOW",
        "AGENT_SPEAKING, JITTERY",
        "USER_SPEAKING, STALLED",
        "IDLE, HALF_OPEN_TO_SERVER",
        "CLOSING, HALF_OPEN_TO_CLIENT",
        "CONFIGURING, CUT",
        "TOOL_RUNNING, RESET"
    })
    void eachFaultOnceAndEachStageOnce(Stage stage, Trouble trouble) {
        check(stage, trouble);
    }

    @Tag("faults")
    @ParameterizedTest(name = "{1} while {0}")
    @MethodSource("cells")
    void eachFaultAtEachStage(Stage stage, Trouble trouble) {
        check(stage, trouble);
    }

    static Stream<Arguments> cells() {
        return Arrays.stream(Stage.values())
                .flatMap(stage -> Arrays.stream(Trouble.values()).map(trouble -> Arguments.of(stage, trouble)));
    }

    private void check(Stage stage, Trouble trouble) {
        String outcome = FaultCase.outcome(stage, trouble);
        seen.computeIfAbsent(stage, row -> new EnumMap<>(Trouble.class)).put(trouble, outcome);
        assertThat(outcome).isEqualTo(table.expected(stage, trouble));
    }

    @AfterAll
    void print() {
        System.out.println("What sessions with swaram did:\n" + OutcomeTable.printed(seen));
    }
}
