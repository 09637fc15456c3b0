package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.Tool;
import jakarta.validation.constraints.Pattern;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an exception says stands in the log, under the incident id that the model got, and nowhere else. */
class IncidentsTest {
    private final PrintStream usual = System.err;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    static final class Unspeakable extends ToolException {
        private static final long serialVersionUID = 1L;

        Unspeakable() {
            super("never read");
        }

        @Override
        public String getMessage() {
            throw new IllegalStateException("no words");
        }
    }

    static final class Unprintable extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no words");
        }
    }

    @SuppressWarnings("DoNotCallSuggester") // tools that throw are the point
    static final class Tools {
        @Tool
        void checked() throws Exception {
            throw new java.io.IOException("the password is xyzzy", new java.sql.SQLException("in table plugh"));
        }

        @Tool
        void error() {
            throw new StackOverflowError("the password is xyzzy");
        }

        @Tool
        CompletionStage<Void> later() {
            return CompletableFuture.failedStage(new IllegalStateException("the password is xyzzy"));
        }

        @Tool
        void refuses() {
            throw new ToolException("Ask for the year.", new IllegalStateException("the password is xyzzy"));
        }

        @Tool
        void unspeakable() {
            throw new Unspeakable();
        }

        @Tool
        void unprintable() {
            throw new Unprintable();
        }

        @Tool
        void takes(@Pattern(regexp = "\\d+") String phone, int count) {}
    }

    @BeforeEach
    void listen() {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        System.setErr(usual);
    }

    private static String output(String tool, String arguments) {
        CompletableFuture<ToolResult> call =
                Toolbox.of(new Tools()).call(ToolCall.of(tool, arguments)).toCompletableFuture();
        await().until(call::isDone);
        return call.join().output();
    }

    private static String incident(String tool, String output) {
        Matcher told = java.util.regex.Pattern.compile(
                        "\\{\"ok\":false,\"error\":\\{\"code\":\"failed\",\"message\":\"" + tool
                                + " failed for a technical reason \\(incident ([0-9a-f]{8})\\); do not say that it"
                                + " worked\"}}")
                .matcher(output);
        assertThat(told.matches()).as(output).isTrue();
        return told.group(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"checked", "error", "later"})
    void theLogHasTheWholeUnderTheIdThatTheModelGot(String tool) {
        String incident = incident(tool, output(tool, "{}"));

        String logged = log.toString(StandardCharsets.UTF_8);
        assertThat(logged)
                .containsOnlyOnce(tool + " failed; incident " + incident)
                .contains("the password is xyzzy", "IncidentsTest$Tools." + tool);
        if (tool.equals("checked")) {
            assertThat(logged).contains("Caused by: java.sql.SQLException: in table plugh");
        }
    }

    @Test
    void aToolExceptionIsNoIncidentAndItsCauseIsNotTold() {
        assertThat(output("refuses", "{}"))
                .isEqualTo("{\"ok\":false,\"error\":{\"code\":\"failed\",\"message\":\"Ask for the year.\"}}");
        assertThat(log.toString(StandardCharsets.UTF_8))
                .as("what it says may repeat the caller's words")
                .contains("refuses refused with dev.parley.tools.ToolException")
                .doesNotContain("incident", "Ask for the year", "xyzzy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"unspeakable", "unprintable"})
    void anExceptionThatCannotSayWhatItIsIsAnIncidentAtOnce(String tool) {
        String incident = incident(tool, output(tool, "{}"));

        assertThat(log.toString(StandardCharsets.UTF_8)).contains(tool + " failed; incident " + incident);
    }

    @Test
    void refusedArgumentsStandNeitherInTheLogNorInTheRefusal() {
        for (String arguments : List.of(
                "{\"phone\":\"xyzzy\",\"count\":1}",
                "{\"phone\":xyzzy}",
                "{\"phone\":\"1\",\"count\":\"xyzzy\"}",
                "{\"phone\":[\"xyzzy\"],\"count\":1}",
                "\"xyzzy\"",
                "{\"phone\":\"1\",\"count\":1} xyzzy")) {
            assertThat(output("takes", arguments)).startsWith("{\"ok\":false").doesNotContain("xyzzy");
        }
        assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain("xyzzy");
        assertThat(new ToolCall("c1", "takes", "{\"phone\":\"xyzzy\"}").toString())
                .doesNotContain("xyzzy");
        assertThat(new PastCall(
                                new ToolCall("c1", "takes", "{\"phone\":\"xyzzy\"}"),
                                new ToolResult(true, null, "{\"ok\":true,\"result\":\"xyzzy\"}"))
                        .toString())
                .doesNotContain("xyzzy");
    }
}
