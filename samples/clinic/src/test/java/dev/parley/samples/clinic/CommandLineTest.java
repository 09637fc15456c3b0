package dev.parley.samples.clinic;

import static dev.parley.samples.clinic.Run.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.audio.Microphone;
import dev.parley.audio.PcmFormat;
import dev.parley.audio.Speaker;
import dev.parley.audio.WavFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person at the keyboard gets wrong, and the one sentence for each. */
class CommandLineTest {
    private static final Map<String, String> WITH_KEY = Map.of("SWARAM_API_KEY", "swaram_not_a_real_key");

    @TempDir
    private Path folder;

    private String wav = "";

    @BeforeEach
    void recordALine() throws IOException {
        wav = Run.recordedLine(folder);
    }

    @Test
    void helpListsTheOptions() {
        Run run = Run.of("--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .startsWith("Usage: java -jar clinic.jar [options]\n")
                .contains(
                        "--provider",
                        "--url",
                        "--model",
                        "--api-key-env",
                        "--audio",
                        "--text",
                        "--mic",
                        "--out",
                        "--script",
                        "--db",
                        "compatible (with --url)",
                        "22.05",
                        "headset",
                        "--version");
    }

    @Test
    void anUnknownOption() {
        assertRefused(Run.of("--fast"), "Unknown option: '--fast'. --help shows the options.");
    }

    @Test
    void anOptionWithoutItsValue() {
        assertRefused(
                Run.of("--audio"), "Missing required parameter for option '--audio' (FILE). --help shows the options.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--provider",
                "--url",
                "--model",
                "--api-key-env",
                "--audio",
                "--text",
                "--out",
                "--script",
                "--db"
            })
    void anEmptyValue(String option) {
        assertRefused(Run.of(option, ""), option + " is empty: give it a value, or leave it out.");
    }

    @Test
    void theVersion() {
        Run run = Run.of("--version");

        assertThat(run.out()).matches("clinic \\d+\\.\\d+\\.\\d+\\S*\\R");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void aFaultOfTheProgramItself() {
        Map<String, String> broken = new AbstractMap<>() {
            @Override
            public Set<Entry<String, String>> entrySet() {
                throw new IllegalStateException("nobody thought of this\nat all.");
            }
        };
        String sentence = "The program has a fault, IllegalStateException: nobody thought of this.";

        assertThat(Run.with(broken).err()).isEqualTo(sentence + " --debug shows where." + System.lineSeparator());
        assertThat(Run.with(broken).exitCode()).isEqualTo(2);
        assertThat(Run.with(broken, "--debug").err())
                .startsWith(sentence + System.lineSeparator())
                .contains("\tat dev.parley.samples.clinic.Settings.");
    }

    @Test
    void nobodyWhoSpeaks() {
        assertRefused(
                Run.with(WITH_KEY, "--provider", "swaram"), "Somebody must speak: give either --audio FILE or --mic.");
        assertRefused(
                Run.with(WITH_KEY, "--provider", "swaram", "--mic", "--audio", wav),
                "Only one caller can speak: give one of --audio FILE, --mic and --text.");
    }

    @Test
    void anOptionThatTheRehearsalDoesNotHave() {
        assertRefused(
                Run.of("--audio", wav),
                "--audio is not for the rehearsal, which follows its script: choose a provider with it.");
        assertRefused(
                Run.of("--mic"),
                "--mic is not for the rehearsal, which follows its script: choose a provider with it.");
    }

    @Test
    void anAudioFileThatIsNotThere() {
        Path missing = folder.resolve("missing.wav");
        Run run = Run.with(WITH_KEY, "--provider", "swaram", "--audio", missing.toString());

        assertThat(run.err()).startsWith("--audio cannot be used: ").contains("missing.wav");
        run.assertOneSentence();
    }

    @Test
    void anAudioFileThatIsNoPcm16() throws IOException {
        Path text = Files.writeString(folder.resolve("words.wav"), "these are words");
        Run run = Run.with(WITH_KEY, "--provider", "swaram", "--audio", text.toString());

        assertThat(run.err()).startsWith("--audio cannot be used: ").contains("words.wav");
        run.assertOneSentence();
    }

    @Test
    void anAudioFileWithoutSamples() throws IOException {
        Path empty = folder.resolve("empty.wav");
        WavFile.write(empty, new PcmFormat(24_000), ByteBuffer.allocate(0));

        assertRefused(
                Run.with(WITH_KEY, "--provider", "swaram", "--audio", empty.toString()),
                "--audio cannot be used: " + empty + " has no samples in it: name a recording of somebody.");
    }

    /** A machine that has sound would wait for somebody to speak. */
    @Test
    @DisabledIf("thereIsSound")
    void aMachineWithoutSound() {
        Run run = Run.with(WITH_KEY, "--provider", "swaram", "--mic", "--out", folder.toString());

        assertThat(run.err())
                .startsWith("--mic cannot be used: this machine has no ")
                .contains("give --audio FILE instead")
                .doesNotContain("WavFile");
        run.assertOneSentence();
    }

    static boolean thereIsSound() {
        return !Microphone.names().isEmpty() && !Speaker.names().isEmpty();
    }

    @Test
    void aFolderThatCannotBeMade() {
        assertRefused(Run.of("--out", wav), "--out cannot be used: " + wav + " cannot be made a folder: name another.");
    }
}
