package dev.parley.samples.clinic;

import static dev.parley.samples.clinic.Run.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be wrong with a script, and the one sentence for each. */
class ScriptOptionTest {
    private static final Map<String, String> WITH_KEY = Map.of("SWARAM_API_KEY", "swaram_not_a_real_key");

    @TempDir
    private Path folder;

    private String wav = "";

    @BeforeEach
    void recordALine() throws IOException {
        wav = Run.recordedLine(folder);
    }

    @Test
    void aScriptForAService() {
        assertRefused(
                Run.with(WITH_KEY, "--provider", "swaram", "--audio", wav, "--script", "x.yaml"),
                "--script is for the rehearsal: leave it out, or leave --provider out.");
    }

    @Test
    void aScriptThatIsNotThere() {
        assertRefused(
                Run.of("--script", "/nowhere/x.yaml", "--out", folder.toString()),
                "The script /nowhere/x.yaml cannot be read: name a YAML file that is there.");
    }

    @Test
    void aScriptThatIsNone() throws IOException {
        Path script = Files.writeString(folder.resolve("x.yaml"), "turns: 7");
        Run run = Run.of("--script", script.toString(), "--out", folder.toString());

        assertThat(run.err()).startsWith("The script cannot be played: ");
        run.assertOneSentence();
    }

    @Test
    void aScriptThatIsAFolder() {
        assertRefused(
                Run.of("--script", folder.toString(), "--out", folder.toString()),
                "The script " + folder + " is a folder: name the YAML file in it that you want.");
    }

    @Test
    void aScriptThatIsNoText() throws IOException {
        Path control = Files.write(folder.resolve("control.yaml"), new byte[] {'P', 'K', 3, 4});
        assertRefused(
                Run.of("--script", control.toString(), "--out", folder.toString()),
                "The script cannot be played: " + control + " is not YAML: line 1, special characters are not allowed:"
                        + " check the indentation, quotes and brackets there.");
        assertRefused(
                Run.of(
                        "--script",
                        Files.write(folder.resolve("bytes.yaml"), new byte[] {(byte) 0xff, 0})
                                .toString(),
                        "--out",
                        folder.toString()),
                "The script cannot be played: cannot read the script " + folder.resolve("bytes.yaml")
                        + ": name a UTF-8 text file that is there.");
    }

    @Test
    void aScriptWithFaultyYaml() throws IOException {
        Path script = Files.writeString(folder.resolve("x.yaml"), "turns:\n  - hear: [\n");
        Run run = Run.of("--script", script.toString(), "--out", folder.toString());

        assertThat(run.err()).startsWith("The script cannot be played: " + script + " is not YAML: line ");
        run.assertOneSentence();
    }
}
