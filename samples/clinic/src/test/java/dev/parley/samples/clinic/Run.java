package dev.parley.samples.clinic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.audio.PcmFormat;
import dev.parley.audio.WavFile;
import dev.parley.testkit.Recording;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** One run of the program inside a test: its exit code, and what it said. */
record Run(int exitCode, String out, String err) {

    static Run of(String... arguments) {
        return with(Map.of(), arguments);
    }

    static Run with(Map<String, String> environment, String... arguments) {
        return typing("", environment, arguments);
    }

    /** With these lines on standard input, in UTF-8. */
    static Run typing(String lines, Map<String, String> environment, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = Main.run(
                arguments,
                environment::get,
                new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Run(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** A WAV file that passes for a line of the caller; its name. */
    static String recordedLine(Path folder) throws IOException {
        Path file = folder.resolve("line.wav");
        WavFile.write(
                file,
                new PcmFormat(Recording.SAMPLE_RATE),
                Recording.tone(Duration.ofMillis(400)).pcm16());
        return file.toString();
    }

    /** Nothing was done, and this one sentence says why. */
    static void assertRefused(Run run, String sentence) {
        assertThat(run.err()).isEqualTo(sentence + System.lineSeparator());
        run.assertOneSentence();
    }

    void assertOneSentence() {
        assertThat(exitCode).isEqualTo(2);
        assertThat(err.lines()).hasSize(1);
        assertThat(err).doesNotContain("\tat ", "Exception in").endsWith("." + System.lineSeparator());
        assertThat(err).doesNotContain("..");
    }
}
