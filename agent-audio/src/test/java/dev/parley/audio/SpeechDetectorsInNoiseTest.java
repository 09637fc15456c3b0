package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the page says of the detectors is what is measured here, digit for digit: all of it is arithmetic without chance. */
class SpeechDetectorsInNoiseTest {

    @Test
    void theTableOfThePageIsWhatIsMeasured() throws IOException {
        List<String> page = Files.readAllLines(Path.of("../docs/audio.md"));
        assertThat(page).containsSubsequence(rows("`EnergySpeechDetector`", EnergySpeechDetector.create()));
        assertThat(page).containsSubsequence(rows("`WebRtcSpeechDetector`", WebRtcSpeechDetector.create()));
    }

    private static List<String> rows(String name, SpeechDetector detector) throws IOException {
        List<String> rows = new ArrayList<>();
        for (DetectorTrial.Noise noise : DetectorTrial.Noise.values()) {
            for (int snr : new int[] {20, 10, 5}) {
                DetectorTrial.Result result = DetectorTrial.of(detector, noise, snr);
                rows.add("| " + noise.name().toLowerCase(java.util.Locale.ROOT) + ", " + snr + " dB | " + name + " | "
                        + result.onsetMillis() + " ms | " + Math.round(100 * result.misses()) + " % | "
                        + Math.round(100 * result.falseAlarms()) + " % | "
                        + Math.round(result.interruptionsPerMinute()) + " |");
            }
        }
        return rows;
    }
}
