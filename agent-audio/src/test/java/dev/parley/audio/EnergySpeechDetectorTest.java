package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** How it fares with speech in noise is told by {@link SpeechDetectorsInNoiseTest}. */
class EnergySpeechDetectorTest {
    private static final PcmFormat FORMAT = new PcmFormat(24_000);
    private static final int FRAME = 480;
    private int seed = 5;

    @Test
    void digitalSilenceAndSteadyNoiseOfAnyLevelAreNoSpeech() {
        for (double level : new double[] {0, 10, 100, 1_000, 8_000}) {
            SpeechDetector.Stream detector = EnergySpeechDetector.create().open(FORMAT);
            short[] noise = DetectorTrial.white(400 * FRAME, 5);
            for (int f = 0; f < 400; f++) {
                ByteBuffer frame = ByteBuffer.allocate(2 * FRAME).order(ByteOrder.LITTLE_ENDIAN);
                for (int i = f * FRAME; i < (f + 1) * FRAME; i++) {
                    frame.putShort((short) Math.round(noise[i] / 3_000.0 * level));
                }
                boolean speech = detector.isSpeech(frame.flip());
                assertThat(speech && f >= 1).as("level %s, frame %s", level, f).isFalse();
            }
        }
    }

    @Test
    void aLineThatGetsNoisierIsFollowedWithinTwoAndAHalfSeconds() {
        SpeechDetector.Stream detector = EnergySpeechDetector.create().open(FORMAT);
        assertThat(hear(detector, 300, 200)).isZero();
        assertThat(hear(detector, 3_000, 125)).as("for a while, it is louder").isBetween(1, 118);
        assertThat(hear(detector, 3_000, 200)).isZero();
        assertThat(hear(detector, 9_000, 5)).as("and speech is still found").isEqualTo(5);
    }

    @Test
    void aLineThatGetsQuieterIsFollowedWithinTwoHundredMilliseconds() {
        SpeechDetector.Stream detector = EnergySpeechDetector.create().open(FORMAT);
        assertThat(hear(detector, 3_000, 200)).isZero();
        assertThat(hear(detector, 300, 11)).isZero();
        assertThat(hear(detector, 3_000, 3))
                .as("20 dB above what the line is now")
                .isEqualTo(3);
    }

    /** Frames of noise at a level. @return how many of them were taken for speech */
    private int hear(SpeechDetector.Stream detector, double level, int frames) {
        short[] noise = DetectorTrial.white(frames * FRAME, seed++);
        int speech = 0;
        for (int f = 0; f < frames; f++) {
            ByteBuffer frame = ByteBuffer.allocate(2 * FRAME).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = f * FRAME; i < (f + 1) * FRAME; i++) {
                frame.putShort((short) Math.round(noise[i] / 3_000.0 * level));
            }
            speech += detector.isSpeech(frame.flip()) ? 1 : 0;
        }
        return speech;
    }

    @Test
    void optionsAreChecked() {
        assertThatThrownBy(() -> EnergySpeechDetector.create().above(2))
                .hasMessage("speech begins at more than 2 dB above the noise, not 2.0");
        assertThatThrownBy(() -> EnergySpeechDetector.create().quietest(0))
                .hasMessage("a level is below 0 dB, not 0.0");
        assertThat(EnergySpeechDetector.create().above(9)).hasToString("EnergySpeechDetector[9.0 dB]");
    }
}
