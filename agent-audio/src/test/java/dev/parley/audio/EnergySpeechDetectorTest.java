package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A caller who speaks between two spans of 2 s, all of it in noise; truth is the clean speech's own level. */
class EnergySpeechDetectorTest {
    private static final PcmFormat FORMAT = new PcmFormat(24_000);
    private static final int FRAME = 480;
    private static final int LEAD = 100;

    /** What the docs' table says, with a little room. */
    @ParameterizedTest
    @CsvSource({
        "white, 20, 7, 0.02, 0.03",
        "white, 10, 7, 0.12, 0.01",
        "white, 5, 7, 0.40, 0.01",
        "babble, 20, 7, 0.02, 0.50",
        "babble, 10, 7, 0.12, 0.50",
        "babble, 5, 7, 0.25, 0.50",
        "babble, 20, 12, 0.08, 0.01",
        "babble, 10, 12, 0.44, 0.01",
        "babble, 5, 12, 0.65, 0.01",
    })
    void findsMalayalamSpeechInNoise(
            String noise, double snr, double above, double missesAtMost, double falseAlarmsAtMost) throws IOException {
        for (String name : new String[] {"caller-digits", "caller-cancel"}) {
            Result result = measure(speech(name), noise, snr, above);
            assertThat((double) result.onsetMillis).as("onset").isBetween(0.0, 20.0);
            assertThat(result.misses).as("misses").isLessThanOrEqualTo(missesAtMost);
            assertThat(result.falseAlarms).as("false alarms").isLessThanOrEqualTo(falseAlarmsAtMost);
        }
    }

    private record Result(int onsetMillis, double misses, double falseAlarms) {}

    private static Result measure(short[] speech, String noise, double snr, double above) throws IOException {
        boolean[] truth = spoken(speech);
        int frames = LEAD + truth.length + LEAD;
        short[] line = noise.equals("white") ? white(frames * FRAME) : babble(frames * FRAME);
        double scale = Math.sqrt(power(speech, truth) / power(line, null) / Math.pow(10, snr / 10));
        SpeechDetector.Stream detector =
                EnergySpeechDetector.create().above(above).open(FORMAT);
        int onset = -1;
        int missed = 0;
        int alarms = 0;
        int speaking = 0;
        for (int f = 0; f < frames; f++) {
            ByteBuffer frame = ByteBuffer.allocate(2 * FRAME).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = f * FRAME; i < (f + 1) * FRAME; i++) {
                int at = i - LEAD * FRAME;
                double clean = at >= 0 && at < speech.length ? speech[at] : 0;
                frame.putShort((short) Math.max(-32_768, Math.min(32_767, Math.round(clean + scale * line[i]))));
            }
            boolean heard = detector.isSpeech(frame.flip());
            boolean said = f >= LEAD && f < LEAD + truth.length && truth[f - LEAD];
            speaking += said ? 1 : 0;
            missed += said && !heard ? 1 : 0;
            alarms += heard && !said ? 1 : 0;
            if (heard && onset < 0 && f >= LEAD) {
                onset = f;
            }
        }
        int first = LEAD;
        while (!truth[first - LEAD]) {
            first++;
        }
        return new Result((onset - first) * 20, missed / (double) speaking, alarms / (double) (frames - speaking));
    }

    @Test
    void digitalSilenceAndSteadyNoiseOfAnyLevelAreNoSpeech() {
        for (double level : new double[] {0, 10, 100, 1_000, 8_000}) {
            SpeechDetector.Stream detector = EnergySpeechDetector.create().open(FORMAT);
            short[] noise = white(400 * FRAME);
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
    void optionsAreChecked() {
        assertThatThrownBy(() -> EnergySpeechDetector.create().above(2))
                .hasMessage("speech begins at more than 2 dB above the floor, not 2.0");
        assertThatThrownBy(() -> EnergySpeechDetector.create().quietest(0))
                .hasMessage("a level is below 0 dB, not 0.0");
        assertThat(EnergySpeechDetector.create().above(9)).hasToString("EnergySpeechDetector[9.0 dB]");
    }

    /** Frames of the clean recording within 25 dB of its loudest. */
    private static boolean[] spoken(short[] speech) {
        boolean[] spoken = new boolean[(speech.length + FRAME - 1) / FRAME];
        double[] power = new double[spoken.length];
        double loudest = 0;
        for (int i = 0; i < speech.length; i++) {
            power[i / FRAME] += (double) speech[i] * speech[i];
        }
        for (double each : power) {
            loudest = Math.max(loudest, each);
        }
        for (int f = 0; f < spoken.length; f++) {
            spoken[f] = power[f] > loudest / 316;
        }
        return spoken;
    }

    private static double power(short[] samples, boolean @Nullable [] frames) {
        double sum = 0;
        long count = 0;
        for (int i = 0; i < samples.length; i++) {
            if (frames == null || frames[i / FRAME]) {
                sum += (double) samples[i] * samples[i];
                count++;
            }
        }
        return sum / count;
    }

    private static short[] white(int count) {
        Random random = new Random(5);
        short[] noise = new short[count];
        for (int i = 0; i < count; i++) {
            noise[i] = (short) Math.round(3_000 * random.nextGaussian());
        }
        return noise;
    }

    /** Twelve voices at once: the recordings, each from another place on. */
    private static short[] babble(int count) throws IOException {
        short[][] voices = {speech("caller-digits"), speech("caller-cancel"), speech("agent-long")};
        short[] babble = new short[count];
        Random random = new Random(6);
        for (int v = 0; v < 12; v++) {
            short[] voice = voices[v % voices.length];
            int from = random.nextInt(voice.length);
            for (int i = 0; i < count; i++) {
                babble[i] = (short) (babble[i] + voice[(i + from) % voice.length] / 12);
            }
        }
        return babble;
    }

    static short[] speech(String name) throws IOException {
        return Pcm.samples(WavFile.open(Path.of("src/test/resources/speech/" + name + ".wav"))
                .pcm());
    }
}
