package dev.parley.samples.clinic.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.audio.PcmFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** One sample is one millisecond here. */
class HeardChannelTest {
    private static final PcmFormat FORMAT = new PcmFormat(1000);

    @Test
    void passesOverWholeRecordingsWithSilenceBetween() {
        HeardChannel channel = new HeardChannel(pcm(0, 0, 1, 0, 2, 0, 0, 3, 4), FORMAT);

        assertThat(channel.passOver(pcm(0, 1, 0, 2, 0), null)).isEmpty();
        assertThat(channel.passOver(pcm(3, 4), null)).isEmpty();
        assertThat(channel.endsInSilence()).isEmpty();
    }

    @Test
    void tellsWhereASampleDiffers() {
        assertThat(new HeardChannel(pcm(0, 1, 2, 9), FORMAT).passOver(pcm(1, 2, 3), null))
                .contains("differs after 2 ms");
    }

    @Test
    void tellsHowMuchIsMissing() {
        assertThat(new HeardChannel(pcm(0, 1), FORMAT).passOver(pcm(1, 2, 3), null))
                .contains("ends 2 ms too early");
    }

    @Test
    void tellsOfSoundThatNobodyMade() {
        HeardChannel channel = new HeardChannel(pcm(1, 0, 0, 7, 7), FORMAT);

        assertThat(channel.passOver(pcm(1), null)).isEmpty();
        assertThat(channel.endsInSilence()).contains("goes on with 2 ms that nobody said");
    }

    @Test
    void allowsAShortFadeAfterACut() {
        int[] heard = new int[60];
        Arrays.fill(heard, 0, 10, 5);
        heard[10] = 3;
        heard[11] = 1;
        HeardChannel channel = new HeardChannel(pcm(heard), FORMAT);

        assertThat(channel.passOver(constant(40), Duration.ofMillis(10))).isEmpty();
        assertThat(channel.endsInSilence()).isEmpty();
    }

    @Test
    void refusesARecordingThatGoesOnAfterItsCut() {
        assertThat(new HeardChannel(constant(60), FORMAT).passOver(constant(60), Duration.ofMillis(10)))
                .contains("is not silent 20 ms after it was cut");
    }

    private static ByteBuffer constant(int length) {
        int[] samples = new int[length];
        Arrays.fill(samples, 5);
        return pcm(samples);
    }

    private static ByteBuffer pcm(int... samples) {
        ByteBuffer pcm = ByteBuffer.allocate(2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(samples).forEach(sample -> pcm.putShort((short) sample));
        return pcm.flip();
    }
}
