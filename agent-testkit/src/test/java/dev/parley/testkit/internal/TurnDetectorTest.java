package dev.parley.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testkit.Recording;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TurnDetectorTest {
    private final TurnDetector detector = new TurnDetector(500);
    private final List<String> heard = new ArrayList<>();

    private void hear(Recording recording) {
        short[] samples = recording.samples();
        for (int from = 0; from + TurnDetector.FRAME <= samples.length; from += TurnDetector.FRAME) {
            switch (detector.onFrame(Arrays.copyOfRange(samples, from, from + TurnDetector.FRAME))) {
                case SPEECH_STARTED -> heard.add("started at " + detector.startMs());
                case SPEECH_STOPPED -> heard.add("stopped at " + detector.nowMs());
                case NONE -> {}
            }
        }
    }

    private static Recording tone(int millis) {
        return Recording.tone(Duration.ofMillis(millis));
    }

    private static Recording silence(int millis) {
        return Recording.silence(Duration.ofMillis(millis));
    }

    @Test
    void speechBetweenSilencesIsOneTurnWithExactTimes() {
        hear(silence(1_000).then(tone(700)).then(silence(2_000)));

        assertThat(heard).containsExactly("started at 1000", "stopped at 2200");
    }

    @Test
    void aPauseShorterThanTheSilenceEndsNothing() {
        hear(tone(300).then(silence(490)).then(tone(300)).then(silence(500)));

        assertThat(heard).containsExactly("started at 0", "stopped at 1590");
    }

    @Test
    void aPauseAsLongAsTheSilenceMakesTwoTurns() {
        hear(tone(300).then(silence(500)).then(tone(300)).then(silence(500)));

        assertThat(heard).containsExactly("started at 0", "stopped at 800", "started at 800", "stopped at 1600");
    }

    @Test
    void aClickIsNoSpeech() {
        hear(tone(30).then(silence(1_000)).then(tone(30)).then(silence(1_000)));

        assertThat(heard).isEmpty();
    }

    @Test
    void faintNoiseIsNoSpeech() {
        Random random = new Random(7);
        short[] noise = new short[Recording.SAMPLE_RATE * 5];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (short) (random.nextGaussian() * 150);
        }
        hear(Recording.of("noise", noise));

        assertThat(heard).isEmpty();
    }
}
