package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MemorySinkTest {
    private final TestClock clock = new TestClock();
    private final MemorySink sink = AudioSink.inMemory(new PcmFormat(24_000), clock, Duration.ofMillis(100));

    @Test
    void playsAtRealTimePaceToTheSample() throws IOException {
        sink.write(Pcm.ramp(1, 1_000));
        assertThat(sink.played()).isZero();
        clock.advance(Duration.ofNanos(41_666));
        assertThat(sink.played()).isZero();
        clock.advance(Duration.ofNanos(1));
        assertThat(sink.played()).isEqualTo(1);
        clock.advanceMillis(10);
        assertThat(sink.played()).isEqualTo(241);
        clock.advanceMillis(1_000);
        assertThat(sink.played()).isEqualTo(1_000);
        assertThat(Pcm.samples(sink.heard())).isEqualTo(Pcm.samples(Pcm.ramp(1, 1_000)));
    }

    @Test
    void takesWhatThereIsRoomForInWholeSamples() throws IOException {
        ByteBuffer audio = Pcm.ramp(0, 3_000);
        assertThat(sink.write(audio)).isEqualTo(4_800);
        assertThat(audio.position()).isEqualTo(4_800);
        assertThat(sink.write(audio)).isZero();
        clock.advanceMillis(20);
        assertThat(sink.write(audio)).isEqualTo(960);
        assertThat(sink.write(ByteBuffer.allocate(1))).isZero();
    }

    @Test
    void aFlushStopsAtTheSampleAndWhatFollowsPlaysAtOnce() throws IOException {
        sink.write(Pcm.ramp(1, 2_000));
        clock.advanceMillis(30);
        assertThat(sink.flush()).isEqualTo(720);
        sink.write(Pcm.ramp(9_000, 48));
        clock.advanceMillis(50);
        assertThat(sink.played()).isEqualTo(768);
        assertThat(Pcm.samples(sink.heard()))
                .startsWith(1, 2)
                .endsWith(9_046, 9_047)
                .hasSize(768);
    }

    @Test
    void theTimeLineHasSilenceWhereNothingPlayed() throws IOException {
        clock.advanceMillis(10);
        sink.write(Pcm.constant(5, 240));
        clock.advanceMillis(15);
        sink.write(Pcm.constant(6, 240));
        clock.advanceMillis(10);
        short[] line = Pcm.samples(sink.timeline());
        assertThat(line).hasSize(35 * 24);
        for (int i = 0; i < line.length; i++) {
            int ms = i / 24;
            assertThat(line[i]).as("sample %s", i).isEqualTo((short) (ms < 10 ? 0 : ms < 20 ? 5 : ms < 25 ? 0 : 6));
        }
    }

    @Test
    void aClosedSinkRefusesAndKeepsWhatWasHeard() throws IOException {
        sink.write(Pcm.ramp(0, 240));
        clock.advanceMillis(5);
        sink.close();
        clock.advanceMillis(5);
        assertThat(sink.heard()).hasSize(240);
        assertThatThrownBy(() -> sink.write(Pcm.ramp(0, 1))).hasMessage("the sink is closed");
    }
}
