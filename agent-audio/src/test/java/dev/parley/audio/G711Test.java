package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class G711Test {
    /** Tables 2a and 2b: segments of sixteen steps that double in size, but for the first, which is one step and a half. */
    @Test
    void everySampleGetsMuLawsCodeByTheDecisionValues() {
        int[] decisions = new int[128];
        for (int n = 1; n < 128; n++) {
            decisions[n] = n == 1 ? 1 : decisions[n - 1] + (2 << ((n - 1) / 16));
        }
        assertThat(decisions).contains(31, 95, 223, 479, 991, 2_015, 4_063, 7_903);
        check(G711.MU_LAW, decisions, 8_159, 4, 0xFF);
    }

    /** Tables 1a and 1b: the first two segments share one step size; even bits are inverted on the line. */
    @Test
    void everySampleGetsALawsCodeByTheDecisionValues() {
        int[] decisions = new int[128];
        for (int n = 1; n < 128; n++) {
            decisions[n] = decisions[n - 1] + (2 << Math.max(0, (n - 1) / 16 - 1));
        }
        assertThat(decisions).contains(32, 64, 128, 256, 512, 1_024, 2_048, 3_968);
        check(G711.A_LAW, decisions, 4_096, 8, 0xD5);
    }

    /**
     * @param end the virtual decision value behind the last interval
     * @param unit how many of 16 bits' steps are one of the table's
     */
    private static void check(G711 law, int[] decisions, int end, int unit, int positiveZero) {
        for (int sample = Short.MIN_VALUE; sample <= Short.MAX_VALUE; sample++) {
            int interval = 127;
            // a sample on a decision value belongs to the higher of its two levels
            while (interval > 0
                    && (sample >= 0 ? sample < decisions[interval] * unit : -sample <= decisions[interval] * unit)) {
                interval--;
            }
            int positive = positiveZero ^ interval;
            int expected = sample >= 0 ? positive : positive & 0x7F;
            assertThat(law.encode(sample) & 0xFF).as("sample %s", sample).isEqualTo(expected);
        }
        // a level lies in the middle of its interval, and µ-law's first one at zero
        for (int interval = 0; interval < 128; interval++) {
            int next = interval < 127 ? decisions[interval + 1] : end;
            int level = law == G711.MU_LAW && interval == 0 ? 0 : (decisions[interval] + next) * unit / 2;
            int positive = positiveZero ^ interval;
            assertThat((int) law.decode((byte) positive))
                    .as("level %s", interval)
                    .isEqualTo(level);
            assertThat((int) law.decode((byte) (positive & 0x7F)))
                    .as("level -%s", interval)
                    .isEqualTo(-level);
        }
    }

    @ParameterizedTest
    @EnumSource
    void codesAndLevelsAreThoseOfSox(G711 law) throws IOException {
        boolean mu = law == G711.MU_LAW;
        byte[] codes = resource(mu ? "mu-law-of-14-bits.bin" : "a-law-of-13-bits.bin");
        int unit = 65_536 / codes.length;
        for (int i = 0; i < codes.length; i++) {
            int sample = Short.MIN_VALUE + i * unit;
            // sox takes a negative 14-bit sample on a decision value for the lower level: the standard leaves it open
            boolean onDecision = mu && sample < 0 && law.encode(sample) != law.encode(sample - 1);
            assertThat(law.encode(onDecision ? sample - 1 : sample))
                    .as("sample %s", sample)
                    .isEqualTo(codes[i]);
        }
        short[] levels = Pcm.samples(resource(mu ? "mu-law-decoded.bin" : "a-law-decoded.bin"));
        assertThat(levels).hasSize(256);
        for (int code = 0; code < 256; code++) {
            assertThat(law.decode((byte) code)).as("code %s", code).isEqualTo(levels[code]);
            boolean negativeZero = mu && code == 0x7F;
            assertThat(law.encode(levels[code]) & 0xFF).isEqualTo(negativeZero ? 0xFF : code);
        }
    }

    @ParameterizedTest
    @EnumSource
    void buffersAreTakenForAsFarAsThereIsRoom(G711 law) {
        ByteBuffer pcm = Pcm.ramp(-1_000, 100);
        ByteBuffer codes = ByteBuffer.allocate(64);
        law.encode(pcm, codes);
        assertThat(pcm.remaining()).isEqualTo(72);
        ByteBuffer back = ByteBuffer.allocate(127);
        law.decode(codes.flip(), back);
        assertThat(codes.remaining()).isEqualTo(1);
        short[] samples = Pcm.samples(back.flip());
        assertThat(samples).hasSize(63);
        for (int i = 0; i < 63; i++) {
            assertThat((int) samples[i]).isBetween(-1_000 + i - 32, -1_000 + i + 32);
        }
        ByteBuffer half = ByteBuffer.wrap(new byte[] {1});
        law.encode(half, codes.clear());
        assertThat(half.remaining()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aToneSurvivesTheWayThroughATelephoneLine(G711 law) {
        PcmFormat wide = new PcmFormat(24_000);
        PcmFormat line = new PcmFormat(8_000);
        ByteBuffer tone = Pcm.constant(0, 24_000);
        for (int i = 0; i < 24_000; i++) {
            tone.putShort(2 * i, (short) Math.round(8_000 * Math.sin(2 * Math.PI * 1_000 * i / 24_000)));
        }
        ByteBuffer codes = ByteBuffer.allocate(8_000);
        law.encode(Resampler.resample(wide, line, tone), codes);
        ByteBuffer decoded = ByteBuffer.allocate(16_000);
        law.decode(codes.flip(), decoded);
        short[] back = Pcm.samples(Resampler.resample(line, wide, decoded.flip()));
        assertThat(back).hasSize(24_000);
        double noise = 0;
        for (int i = 2_400; i < 21_600; i++) {
            noise += Math.pow(back[i] - tone.getShort(2 * i), 2);
        }
        double signalToNoise = 10 * Math.log10(8_000.0 * 8_000 / 2 * 19_200 / noise);
        assertThat(signalToNoise).as("dB").isGreaterThan(36);
    }

    /** A call's codes come in frames of 160 bytes; frame by frame they become what the whole would. */
    @ParameterizedTest
    @EnumSource
    void framesOfALineBecomeTheSessionsRateAndBackAsTheWholeDoes(G711 law) {
        PcmFormat wide = new PcmFormat(24_000);
        PcmFormat line = new PcmFormat(8_000);
        byte[] codes = new byte[1_600];
        new Random(4).nextBytes(codes);
        Resampler up = Resampler.between(line, wide);
        Resampler down = Resampler.between(wide, line);
        ByteBuffer pcm = ByteBuffer.allocate(320);
        ByteBuffer session = ByteBuffer.allocate(9_600);
        ByteBuffer back = ByteBuffer.allocate(3_200);
        for (int at = 0; at < codes.length; at += 160) {
            law.decode(ByteBuffer.wrap(codes, at, 160), pcm.clear());
            int from = session.position();
            up.push(pcm.flip(), session);
            down.push(session.duplicate().flip().position(from), back);
        }
        int from = session.position();
        assertThat(up.finish(session)).isTrue();
        down.push(session.duplicate().flip().position(from), back);
        assertThat(down.finish(back)).isTrue();

        ByteBuffer whole = ByteBuffer.allocate(3_200);
        law.decode(ByteBuffer.wrap(codes), whole);
        ByteBuffer wholeSession = Resampler.resample(line, wide, whole.flip());
        assertThat(Pcm.bytes(session.flip())).isEqualTo(Pcm.bytes(wholeSession));
        assertThat(Pcm.bytes(back.flip())).isEqualTo(Pcm.bytes(Resampler.resample(wide, line, wholeSession)));
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(G711Test.class.getResourceAsStream("/g711/" + name), name)) {
            return in.readAllBytes();
        }
    }
}
