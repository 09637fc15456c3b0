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

    /** It once said "integer overflow", in the middle of a call or at its end. */
    @Test
    void whatDoesNotFitIntoAnArrayIsToldInOneSentence() throws IOException {
        sink.write(Pcm.ramp(1, 1));
        clock.advance(Duration.ofHours(20));
        sink.write(Pcm.ramp(2, 1));
        clock.advanceMillis(1);
        assertThat(Pcm.samples(sink.heard())).containsExactly(1, 2);
        assertThatThrownBy(sink::timeline)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("what was heard is 3456000002 bytes long, and an array holds 2147483639: call forget() now"
                        + " and then");
        sink.forget();
        sink.write(Pcm.ramp(3, 1));
        clock.advanceMillis(1);
        assertThat(Pcm.samples(sink.timeline())).endsWith((short) 3);
    }

    @Test
    void roomsThatMakeNoSenseAreRefused() {
        PcmFormat format = new PcmFormat(24_000);
        assertThatThrownBy(() -> AudioSink.inMemory(format, clock, Duration.ZERO))
                .hasMessage("a sink needs room for some audio, not PT0S");
        assertThatThrownBy(() -> AudioSink.inMemory(format, clock, Duration.ofSeconds(Long.MAX_VALUE)))
                .hasMessage("a time within a call is a day at most, not PT2562047788015215H30M7S");
        assertThat(AudioSink.inMemory(format, clock, Duration.ofDays(1)).played())
                .isZero();
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
