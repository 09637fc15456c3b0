package dev.parley.samples.clinic;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line as it was typed; {@link Settings} is what it comes to. */
@Command(
        name = "clinic",
        sortOptions = false,
        usageHelpAutoWidth = false,
        customSynopsis = "java -jar clinic.jar [options]",
        description = {
            "A clinic's voice receptionist.",
            "",
            "Without options it rehearses a recorded call against a server of its own, with no key and no network,"
                    + " and checks that all went as it should."
        },
        footer = {
            "",
            "Exit codes: 0 all went well, 1 the call did not go as it should, 2 it could not begin.",
            "CLINIC_DB_URL is read where --db is not given."
        })
final class Options {
    @Option(
            names = "--provider",
            paramLabel = "NAME",
            defaultValue = "rehearsal",
            description = "Who speaks: rehearsal (the default), swaram, openai, or compatible (with --url).")
    String provider = "rehearsal";

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Another address for the provider: wss://host/path, or ws:// on this machine.")
    @Nullable
    String url;

    @Option(names = "--model", paramLabel = "ID", description = "Another model of the provider.")
    @Nullable
    String model;

    @Option(
            names = "--api-key-env",
            paramLabel = "NAME",
            description = {
                "The environment variable that holds the key, instead of SWARAM_API_KEY or OPENAI_API_KEY.",
                "A compatible server gets no key without it."
            })
    @Nullable
    String apiKeyEnv;

    @Option(
            names = "--audio",
            paramLabel = "FILE",
            description = {
                "A line of the caller: WAV, PCM16, mono or stereo, at 8, 16, 22.05, 24, 44.1 or 48 kHz.",
                "Repeatable; each is spoken after the reply to the last."
            })
    List<Path> audio = new ArrayList<>();

    @Option(
            names = "--text",
            paramLabel = "LINE",
            arity = "0..1",
            fallbackValue = "-",
            description = {
                "A conversation in writing, for providers with text turns; swaram has none. Repeatable.",
                "Without LINE, lines are read from standard input, as UTF-8."
            })
    List<String> text = new ArrayList<>();

    @Option(
            names = "--mic",
            description = "Speak yourself, and hear the agent. Use a headset, or the agent hears itself.")
    boolean mic;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where transcript.jsonl, captions.vtt and call.wav go (default: call, beside the jar).")
    @Nullable
    Path out;

    @Option(names = "--script", paramLabel = "FILE", description = "Another script for the rehearsal (YAML).")
    @Nullable
    Path script;

    @Option(
            names = "--db",
            paramLabel = "URL",
            description = "The clinic's database: jdbc:postgresql:… or jdbc:h2:… (default: H2 in memory).")
    @Nullable
    String db;

    @Option(names = "--debug", description = "Shows where in the program a fault of its own is.")
    boolean debug;

    @Option(names = "--version", versionHelp = true, description = "Shows which version this is.")
    boolean version;

    @Option(names = "--help", usageHelp = true, description = "Shows this.")
    boolean help;

    /**
     * A value that is empty is a variable in somebody's shell that was never set.
     *
     * @throws UsageException that names the option
     */
    void refuseEmptyValues() {
        refuseIfEmpty("--provider", provider);
        refuseIfEmpty("--url", url);
        refuseIfEmpty("--model", model);
        refuseIfEmpty("--api-key-env", apiKeyEnv);
        audio.forEach(file -> refuseIfEmpty("--audio", file));
        text.forEach(line -> refuseIfEmpty("--text", line));
        refuseIfEmpty("--out", out);
        refuseIfEmpty("--script", script);
        refuseIfEmpty("--db", db);
    }

    private static void refuseIfEmpty(String option, @Nullable Object value) {
        if (value != null && value.toString().isBlank()) {
            throw new UsageException(option + " is empty: give it a value, or leave it out.");
        }
    }
}
