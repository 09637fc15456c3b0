package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A telephone line, whose hybrid gives the agent's voice back: echo path D.2 of ITU-T Recommendation G.168, at 8 kHz and 150 ms later. A hybrid
 * takes 6 dB from it at least; an echo canceller in the line takes tens more.
 */
class LineEchoTest {
    private static final PcmFormat LINE = new PcmFormat(8_000);
    private static final Duration THERE_AND_BACK = Duration.ofMillis(150);
    /** The figures of G.168, D.2, whose scale is another one for each loss of the echo. */
    private static final double[] HYBRID = {
        -436, -829, -2797, -4208, -17968, -11215, 46150, 34480, -10427, 9049, -1309, -6320, 390, -8191, -1751, -6051,
        -3796, -4055, -3948, -2557, -3372, -1808, -2259, -1300, -1098, -618, -340, -61, 323, 419, 745, 716, 946, 880,
        1014, 976, 1033, 1091, 1053, 1042, 794, 831, 899, 716, 390, 313, 304, 304, 73, -119, -109, -176, -359, -407,
        -512, -580, -704, -618, -685, -791, -772, -820, -839, -724
    };

    private enum Detector {
        ENERGY,
        WEBRTC;

        BargeIn policy() {
            return BargeIn.local(this == ENERGY ? EnergySpeechDetector.create() : WebRtcSpeechDetector.create());
        }
    }

    private final EchoedCall call = new EchoedCall(LINE);

    @ParameterizedTest
    @EnumSource(Detector.class)
    void withoutAnEchoCancellerADetectorTakesTheAgentForTheCaller(Detector detector) throws IOException {
        Playback playback = call.play(echo(6), detector.policy());
        assertThat(call.interruptedAtMillis()).isNotEmpty();
        assertThat(playback.counters().unplayed()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(Detector.class)
    void behindAnEchoCancellerItDoesNot(Detector detector) throws IOException {
        Playback playback = call.play(echo(40), detector.policy());
        assertThat(call.interruptedAtMillis()).isEmpty();
        assertThat(playback.counters().unplayed()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Detector.class)
    void thereTheCallerInterruptsWhileTheAgentSpeaks(Detector detector) throws IOException {
        Duration from = Duration.ofSeconds(3);
        call.play(echo(40).with(caller(), from), detector.policy());
        assertThat(call.interruptedAtMillis()).hasSize(1);
        assertThat(call.interruptedAtMillis().get(0)).isBetween(from.toMillis(), from.toMillis() + 500);
    }

    /** Its 200 ms after a reply are longer than the line's way and the hybrid together. */
    @ParameterizedTest
    @ValueSource(doubles = {6, 40})
    void underHalfDuplexTheServerHearsNothingOfTheAgent(double loss) throws IOException {
        Playback playback = call.play(echo(loss), BargeIn.halfDuplex());
        assertThat(call.sent()).containsOnly(0);
        assertThat(playback.counters().unplayed()).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {6, 40})
    void whereTheServerDecidesItHearsAsMuchAsTheLineLeaves(double loss) throws IOException {
        call.play(echo(loss), BargeIn.serverDriven());
        assertThat(call.loudest()).isBetween(-5 - loss, -1 - loss);
    }

    private EchoPath echo(double loss) {
        return EchoPath.of(call, THERE_AND_BACK, EchoPath.quieterBy(loss, HYBRID));
    }

    private static short[] caller() throws IOException {
        ByteBuffer words = WavFile.open(Path.of("src/test/resources/speech/caller-digits.wav"))
                .pcm();
        return Pcm.samples(Resampler.resample(new PcmFormat(24_000), LINE, words));
    }
}
