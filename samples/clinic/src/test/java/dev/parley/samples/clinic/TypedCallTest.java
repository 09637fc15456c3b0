package dev.parley.samples.clinic;

import static dev.parley.samples.clinic.Run.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testkit.Call;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Turn;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A conversation in writing, with a server that speaks as OpenAI's does. */
@Timeout(60)
class TypedCallTest {
    private static final Map<String, String> WITH_KEYS =
            Map.of("SWARAM_API_KEY", "swaram_not_a_real_key", "OPENAI_API_KEY", "sk-not-a-real-key");
    private static final String ASK = "നാളെ ഡോക്ടർ ലക്ഷ്മി മേനോൻ ഉണ്ടോ?";
    private static final String BOOK = "പത്തരയ്ക്ക് ബുക്ക് ചെയ്യൂ. അനിൽ കുമാർ, 9847012345.";

    @TempDir
    private Path folder;

    private static Script booking() {
        return Script.named("booking in writing")
                .greeting("നമസ്കാരം, സാന്ത്വനം ക്ലിനിക്.")
                .turn(Turn.hear(ASK)
                        .calls(Call.to("check_availability")
                                .with("doctor", "ലക്ഷ്മി മേനോൻ")
                                .with("date", "${date:+1}")
                                .expectOk())
                        .says("ഉണ്ട്, രാവിലെ പത്തരയ്ക്ക് ഒഴിവുണ്ട്."))
                .turn(Turn.hear(BOOK)
                        .calls(Call.to("book_appointment")
                                .with("doctor", "ലക്ഷ്മി മേനോൻ")
                                .with("date", "${date:+1}")
                                .with("time", "10:30")
                                .with("patient", "അനിൽ കുമാർ")
                                .with("phone", "9847012345")
                                .expectOk())
                        .says("ബുക്ക് ചെയ്തു."))
                .build();
    }

    private static RehearsalServer server() {
        return RehearsalServer.openAi()
                .script(booking())
                .apiKey("sk-not-a-real-key")
                .speed(100)
                .start();
    }

    private static void assertBooked(Run run, RehearsalServer server) {
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines().map(line -> line.replaceFirst("^ *[0-9.]+ s  ", "")))
                .filteredOn(line -> line.startsWith("caller") || line.startsWith("agent"))
                .containsExactly(
                        "agent   നമസ്കാരം, സാന്ത്വനം ക്ലിനിക്.",
                        "caller  " + ASK,
                        "agent   ഉണ്ട്, രാവിലെ പത്തരയ്ക്ക് ഒഴിവുണ്ട്.",
                        "caller  " + BOOK,
                        "agent   ബുക്ക് ചെയ്തു.");
        assertThat(run.out()).contains("tool    check_availability  ok", "tool    book_appointment  ok");
        assertThat(server.connection(0).received("input_audio_buffer.append")).isEmpty();
        server.assertPassed();
    }

    @Test
    void linesOfTheCommandLine() {
        try (RehearsalServer server = server()) {
            assertBooked(
                    Run.with(
                            WITH_KEYS,
                            "--provider",
                            "openai",
                            "--url",
                            server.url().toString(),
                            "--text",
                            ASK,
                            "--text",
                            BOOK),
                    server);
        }
    }

    @Test
    void linesOfStandardInputAreUtf8WhateverTheLocaleSays() {
        try (RehearsalServer server = server()) {
            assertBooked(
                    Run.typing(
                            ASK + "\n\n" + BOOK + "\n",
                            WITH_KEYS,
                            "--provider",
                            "compatible",
                            "--url",
                            server.url().toString(),
                            "--model",
                            "gpt-realtime",
                            "--api-key-env",
                            "OPENAI_API_KEY",
                            "--text"),
                    server);
        }
    }

    @Test
    void aCompatibleServerGetsNoKeyThatNobodyNamed() {
        try (RehearsalServer server = server()) {
            Run run = Run.with(
                    WITH_KEYS,
                    "--provider",
                    "compatible",
                    "--url",
                    server.url().toString(),
                    "--model",
                    "gpt-realtime",
                    "--text",
                    ASK);

            assertThat(run.err()).startsWith("There is no call: ");
            run.assertOneSentence();
        }
    }

    @Test
    void aConversationThatTheServerEnds() {
        Script script = Script.named("hang up")
                .greeting("Hi.")
                .turn(Turn.hear("One?").says("First.").hangsUp(1000))
                .build();
        try (RehearsalServer server =
                RehearsalServer.openAi().script(script).speed(100).start()) {
            Run run = Run.typing(
                    "One?\nTwo?\n",
                    WITH_KEYS,
                    "--provider",
                    "openai",
                    "--url",
                    server.url().toString(),
                    "--text");

            assertThat(run.out()).contains("agent   First.");
            assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        }
    }

    @Test
    void lettersThatTheLocaleLost() {
        assertRefused(
                Run.with(WITH_KEYS, "--provider", "openai", "--text", "\ufffd\ufffd\ufffd"),
                "--text did not arrive as it was typed, since this locale is not UTF-8: set LC_ALL=C.UTF-8, or give --text"
                        + " alone and the lines on standard input.");
    }

    @Test
    void whatDoesNotGoTogether() {
        assertRefused(
                Run.with(WITH_KEYS, "--provider", "openai", "--text", "--text", "One?"),
                "--text without a line reads what you type: leave the other lines out.");
        assertRefused(
                Run.with(WITH_KEYS, "--provider", "openai", "--text", "One?", "--mic"),
                "Only one caller can speak: give one of --audio FILE, --mic and --text.");
        assertRefused(
                Run.with(WITH_KEYS, "--provider", "openai"),
                "Somebody must speak: give --audio FILE, --mic or --text.");
        assertRefused(
                Run.with(WITH_KEYS, "--provider", "openai", "--text", "One?", "--out", folder.toString()),
                "--out is for calls with a voice: a conversation in writing leaves no files.");
        assertRefused(
                Run.of("--text", "One?"),
                "--text is not for the rehearsal, which follows its script: choose a provider with it.");
    }
}
