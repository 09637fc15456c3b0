package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PcmFormatTest {
    @Test
    void turnsSpansIntoSamplesAndBack() {
        PcmFormat format = new PcmFormat(24_000);
        assertThat(format.samples(Duration.ofMillis(20))).isEqualTo(480);
        assertThat(format.bytes(Duration.ofMillis(20))).isEqualTo(960);
        assertThat(format.duration(24_001)).isEqualTo(Duration.ofSeconds(1).plusNanos(41_666));
        assertThat(format.durationOfBytes(961)).isEqualTo(Duration.ofMillis(20));
        assertThat(new PcmFormat(22_050).samples(Duration.ofHours(100))).isEqualTo(22_050L * 360_000);
    }

    @Test
    void refusesRatesThatAreNone() {
        assertThatThrownBy(() -> new PcmFormat(0)).hasMessage("a sample rate lies between 1 and 384000 Hz, not 0");
    }
}
