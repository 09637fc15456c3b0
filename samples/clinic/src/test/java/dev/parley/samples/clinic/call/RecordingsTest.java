package dev.parley.samples.clinic.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testkit.Recording;
import dev.parley.testkit.Script;
import dev.parley.testkit.Speech;
import dev.parley.testkit.Step;
import dev.parley.testkit.Turn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the recordings must be for the call to work, and that they are what the scripts say. */
class RecordingsTest {
    private static final Path CALL = Path.of("src/main/resources/dev/parley/samples/clinic/call");
    private static final int FRAME = Recording.SAMPLE_RATE / 100;
    /** The rehearsal server takes less than this for silence. */
    private static final double LOUD_RMS = 200;

    private static final int LONGEST_PAUSE_MS = 300;

    @ParameterizedTest
    @MethodSource("recordings")
    void beginsAndEndsWithExactSilenceAndIsLoudEnough(String file) {
        short[] samples = Recording.wav(CALL.resolve(file)).samples();

        for (int i = 0; i < FRAME; i++) {
            assertThat(samples[i]).as("sample %d of %s", i, file).isZero();
            assertThat(samples[samples.length - 1 - i]).isZero();
        }
        assertThat(rms(samples, 0, samples.length)).isGreaterThan(10 * LOUD_RMS);
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void hasNoPauseThatWouldEndATurn(String file) {
        short[] samples = Recording.wav(CALL.resolve(file)).samples();

        int longest = 0;
        int quiet = 0;
        for (int at = 0; at + FRAME <= samples.length; at += FRAME) {
            quiet = rms(samples, at, FRAME) < LOUD_RMS ? quiet + 10 : 0;
            longest = Math.max(longest, quiet);
        }
        assertThat(longest).isLessThanOrEqualTo(LONGEST_PAUSE_MS);
    }

    @Test
    void takeLessThanFourMegabytesInAll() throws IOException {
        long bytes = 0;
        for (String file : recordings().toList()) {
            bytes += Files.size(CALL.resolve(file));
        }
        assertThat(bytes).isBetween(1_000_000L, 4_000_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"clinic", "never-booked"})
    void sayWhatTheScriptSays(String name) throws IOException {
        List<String> recipe = Files.readAllLines(Path.of("recordings/lines.txt"));
        Script script = Script.load(CALL.resolve(name + ".yaml"));

        assertThat(spokenIn(script))
                .allSatisfy(words ->
                        assertThat(recipe).anySatisfy(line -> assertThat(line).endsWith("|" + words)));
    }

    @Test
    void areAllSpokenInTheCall() throws IOException {
        long lines = Files.readAllLines(Path.of("recordings/lines.txt")).stream()
                .filter(line -> !line.startsWith("#"))
                .count();

        assertThat(spokenIn(Script.load(CALL.resolve("clinic.yaml")))).hasSize(Math.toIntExact(lines));
        assertThat(recordings()).hasSize(Math.toIntExact(lines));
    }

    private static List<String> spokenIn(Script script) {
        List<String> words = new ArrayList<>();
        words.add(Objects.requireNonNull(script.greeting()).text());
        for (Turn turn : script.turns()) {
            words.add(turn.hear());
            for (Step step : turn.steps()) {
                if (step instanceof Speech speech) {
                    words.add(speech.text());
                }
            }
        }
        return words;
    }

    private static Stream<String> recordings() throws IOException {
        try (Stream<Path> files = Files.walk(CALL)) {
            return files
                    .filter(file -> file.toString().endsWith(".wav"))
                    .map(file -> CALL.relativize(file).toString())
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static double rms(short[] samples, int from, int count) {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += (double) samples[i] * samples[i];
        }
        return Math.sqrt(sum / count);
    }
}
