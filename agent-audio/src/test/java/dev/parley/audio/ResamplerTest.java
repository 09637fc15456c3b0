package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResamplerTest {
    private static final int[] RATES = {8_000, 16_000, 22_050, 24_000, 44_100, 48_000};

    static List<int[]> pairs() {
        List<int[]> pairs = new ArrayList<>();
        for (int from : RATES) {
            for (int to : RATES) {
                if (from != to) {
                    pairs.add(new int[] {from, to});
                }
            }
        }
        return pairs;
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void anyPiecesGiveTheSameBytesAsTheWhole(int[] rates) {
        PcmFormat from = new PcmFormat(rates[0]);
        PcmFormat to = new PcmFormat(rates[1]);
        byte[] noise = new byte[20_002];
        new Random(5).nextBytes(noise);
        byte[] whole = Pcm.bytes(Resampler.resample(from, to, ByteBuffer.wrap(noise)));
        Resampler resampler = Resampler.between(from, to);
        assertThat(whole).hasSize((int) resampler.outputSamples(10_001) * 2);

        Random random = new Random(6);
        for (int round = 0; round < 3; round++) {
            ByteBuffer out = ByteBuffer.allocate(whole.length);
            for (int at = 0; at < noise.length; ) {
                int size = round == 0 ? 1 : Math.min(noise.length - at, random.nextInt(4_000));
                ByteBuffer piece = ByteBuffer.wrap(noise, at, size);
                ByteBuffer small = ByteBuffer.allocate(round == 0 ? 20 : 2 + random.nextInt(50));
                while (true) {
                    resampler.push(piece, small);
                    out.put(small.flip());
                    small.clear();
                    if (!piece.hasRemaining()) {
                        break;
                    }
                }
                at += size;
            }
            ByteBuffer small = ByteBuffer.allocate(7);
            while (!resampler.finish(small)) {
                out.put(small.flip());
                small.clear();
            }
            out.put(small.flip());
            assertThat(out.array()).as("round %s", round).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void speechIsFlatInTheBandAndCleanBeyondIt(int[] rates) {
        measure(rates, Resampler.Quality.SPEECH, 0.9, -80);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void studioIsCleanerStill(int[] rates) {
        measure(rates, Resampler.Quality.STUDIO, 0.9, -110);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void telephonyKeepsItsWord(int[] rates) {
        measure(rates, Resampler.Quality.TELEPHONY, 0.8, -60);
    }

    @Test
    void anHourHasTheRightLengthAndDoesNotDrift() {
        Resampler resampler =
                Resampler.between(new PcmFormat(22_050), new PcmFormat(8_000), Resampler.Quality.TELEPHONY);
        ByteBuffer second = ByteBuffer.allocate(44_100);
        ByteBuffer out = ByteBuffer.allocate(100_000);
        long bytes = 0;
        for (int i = 0; i < 3_600; i++) {
            second.clear();
            out.clear();
            resampler.push(second, out);
            bytes += out.position();
        }
        out.clear();
        assertThat(resampler.finish(out)).isTrue();
        assertThat((bytes + out.position()) / 2).isEqualTo(3_600L * 8_000);
    }

    @Test
    void aStepStaysWhereItIs() {
        short[] step = new short[4_800];
        java.util.Arrays.fill(step, 2_400, 4_800, (short) 10_000);
        ByteBuffer in = ByteBuffer.allocate(9_600).order(ByteOrder.LITTLE_ENDIAN);
        in.asShortBuffer().put(step);
        short[] out = Pcm.samples(Resampler.resample(new PcmFormat(24_000), new PcmFormat(16_000), in));
        assertThat(out).hasSize(3_200);
        assertThat(out[1_590]).isBetween((short) -1_500, (short) 1_500);
        assertThat((out[1_599] + out[1_600]) / 2).isBetween(2_000, 8_000);
        assertThat(out[1_610]).isBetween((short) 8_500, (short) 11_500);
        assertThat(out[2_400]).isEqualTo((short) 10_000);
    }

    @Test
    void loudSamplesAreClampedNotWrapped() {
        ByteBuffer square = ByteBuffer.allocate(8_000).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 4_000; i++) {
            square.putShort(i / 40 % 2 == 0 ? Short.MAX_VALUE : Short.MIN_VALUE);
        }
        short[] out = Pcm.samples(Resampler.resample(new PcmFormat(16_000), new PcmFormat(48_000), square.flip()));
        for (int i = 300; i < out.length - 300; i++) {
            int phase = i / 3 % 40;
            if (phase > 3 && phase < 36) {
                assertThat(out[i] > 0).as("sample %s", i).isEqualTo(i / 3 / 40 % 2 == 0);
            }
        }
    }

    @Test
    void ratesWithoutASimpleRatioAreRefused() {
        assertThatThrownBy(() -> Resampler.between(new PcmFormat(24_000), new PcmFormat(23_999)))
                .hasMessage("the rates 24000 and 23999 Hz have no simple ratio: use 8, 16, 22.05, 24, 44.1 or 48 kHz");
    }

    /** Sines from low to high: those in the band keep their level, and nothing else appears; those beyond it vanish. */
    private static void measure(int[] rates, Resampler.Quality quality, double band, double clean) {
        int from = rates[0];
        int to = rates[1];
        double nyquist = Math.min(from, to) / 2.0;
        Resampler resampler = Resampler.between(new PcmFormat(from), new PcmFormat(to), quality);
        for (double share : new double[] {0.01, 0.25, 0.5, 0.7, 0.8, 0.9}) {
            if (share <= band) {
                double frequency = share * nyquist;
                Fit fit = fit(resampler.unrounded(sine(frequency, from)), frequency, to);
                assertThat(20 * Math.log10(fit.level()))
                        .as("level at %s Hz", frequency)
                        .isBetween(-0.1, 0.1);
                assertThat(20 * Math.log10(fit.rest()))
                        .as("images of %s Hz", frequency)
                        .isLessThan(clean);
            }
        }
        if (from > to) {
            for (double share = 1.0; share * nyquist < from / 2.0; share += 0.13) {
                double[] out = resampler.unrounded(sine(share * nyquist, from));
                double loudest = 0;
                for (int i = out.length / 4; i < out.length * 3 / 4; i++) {
                    loudest = Math.max(loudest, Math.abs(out[i]));
                }
                assertThat(20 * Math.log10(loudest + 1e-12))
                        .as("alias of %s Hz", share * nyquist)
                        .isLessThan(clean);
            }
        }
    }

    /** @param rest the largest sample that the fitted sine leaves over */
    private record Fit(double level, double rest) {}

    private static double[] sine(double frequency, int rate) {
        double[] samples = new double[rate / 6];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = Math.sin(2 * Math.PI * frequency * i / rate);
        }
        return samples;
    }

    /** Least squares over the middle half, away from the edges of the stream. */
    private static Fit fit(double[] out, double frequency, int rate) {
        int begin = out.length / 4;
        int end = out.length * 3 / 4;
        double ss = 0;
        double cc = 0;
        double sc = 0;
        double sy = 0;
        double cy = 0;
        for (int i = begin; i < end; i++) {
            double s = Math.sin(2 * Math.PI * frequency * i / rate);
            double c = Math.cos(2 * Math.PI * frequency * i / rate);
            ss += s * s;
            cc += c * c;
            sc += s * c;
            sy += s * out[i];
            cy += c * out[i];
        }
        double determinant = ss * cc - sc * sc;
        double a = (sy * cc - cy * sc) / determinant;
        double b = (cy * ss - sy * sc) / determinant;
        double rest = 0;
        for (int i = begin; i < end; i++) {
            double w = 2 * Math.PI * frequency * i / rate;
            rest = Math.max(rest, Math.abs(out[i] - a * Math.sin(w) - b * Math.cos(w)));
        }
        return new Fit(Math.hypot(a, b), rest);
    }
}
