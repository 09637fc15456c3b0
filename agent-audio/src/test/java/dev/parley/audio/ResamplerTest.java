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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
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
    @EnumSource
    void oneByteAtATimeIsTheSameAtEveryQuality(Resampler.Quality quality) {
        Resampler resampler = Resampler.between(new PcmFormat(44_100), new PcmFormat(16_000), quality);
        byte[] noise = new byte[10_000];
        new Random(8).nextBytes(noise);
        ByteBuffer whole = ByteBuffer.allocate(4_000);
        resampler.push(ByteBuffer.wrap(noise), whole);
        assertThat(resampler.finish(whole)).isTrue();
        ByteBuffer pieces = ByteBuffer.allocate(4_000);
        for (int i = 0; i < noise.length; i++) {
            resampler.push(ByteBuffer.wrap(noise, i, 1), pieces);
        }
        assertThat(resampler.finish(pieces)).isTrue();
        assertThat(Pcm.bytes(pieces.flip())).hasSize(1_815 * 2).isEqualTo(Pcm.bytes(whole.flip()));
    }

    @Test
    void aResetStreamLeavesNothingForTheNextCall() {
        PcmFormat from = new PcmFormat(16_000);
        PcmFormat to = new PcmFormat(24_000);
        Resampler resampler = Resampler.between(from, to);
        ByteBuffer out = ByteBuffer.allocate(8_000);
        resampler.push(Pcm.constant(20_000, 1_000).limit(1_999), out);
        resampler.reset();
        ByteBuffer next = Pcm.ramp(-300, 700);
        resampler.push(next.duplicate(), out.clear());
        assertThat(resampler.finish(out)).isTrue();
        assertThat(Pcm.bytes(out.flip())).isEqualTo(Pcm.bytes(Resampler.resample(from, to, next)));
    }

    /** The last second sounds as it would have at the very beginning, sample for sample. */
    @ParameterizedTest
    @CsvSource({"22050, 8000", "24000, 16000"})
    void anHourHasTheRightLengthAndDoesNotDrift(int from, int to) {
        Resampler resampler = Resampler.between(new PcmFormat(from), new PcmFormat(to), Resampler.Quality.TELEPHONY);
        ByteBuffer second = ByteBuffer.allocate(2 * from).order(ByteOrder.LITTLE_ENDIAN);
        Random random = new Random(9);
        for (int i = 0; i < from; i++) {
            second.putShort((short) (4_000 * random.nextGaussian()));
        }
        ByteBuffer out = ByteBuffer.allocate(4 * to);
        byte[] early = {};
        long bytes = 0;
        for (int i = 0; i < 3_600; i++) {
            resampler.push(second.rewind(), out.clear());
            bytes += out.position();
            if (i == 1) {
                early = Pcm.bytes(out.flip());
            }
        }
        assertThat(Pcm.bytes(out.flip())).hasSize(2 * to).isEqualTo(early);
        assertThat(resampler.finish(out.clear())).isTrue();
        assertThat((bytes + out.position()) / 2).isEqualTo(3_600L * to);
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
}
