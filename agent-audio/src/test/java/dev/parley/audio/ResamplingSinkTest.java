package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A tone through a sink of another rate: where it is taken up, cut or made quieter, nothing clicks. */
class ResamplingSinkTest {
    private static final PcmFormat SESSION = new PcmFormat(24_000);
    private static final double LOUD = 10_000;
    private static final int FADE = 120;

    private final TestClock clock = new TestClock();
    private long heardSamples;

    @ParameterizedTest
    @ValueSource(ints = {8_000, 16_000, 22_050, 44_100, 48_000})
    void piecesThatComeAtTheLastMomentJoinWithoutAClick(int rate) throws IOException {
        MemorySink sink = AudioSink.inMemory(new PcmFormat(rate), clock);
        PlaybackQueue queue = queue(sink);
        ByteBuffer tone = tone(24_000);
        // 20 ms at a time, with 10 ms left to play: the queue looks when each comes, and between
        for (int at = 0; at < 24_000; at += 480) {
            queue.add("i1", tone.slice(at * 2, 960));
            queue.step();
            clock.advanceMillis(at == 0 ? 10 : 20);
            queue.step();
        }
        clock.advanceMillis(100);
        queue.step();
        assertThat(heardSamples).isEqualTo(24_000);
        short[] played = Pcm.samples(sink.heard());
        short[] whole = Pcm.samples(Resampler.resample(SESSION, new PcmFormat(rate), tone));
        assertThat(played).hasSameSizeAs(whole);
        assertThat(sink.timeline()).as("no gap").hasSameSizeAs(sink.heard());
        for (int i = 0; i < whole.length - rate / 50; i++) {
            assertThat(Math.abs(played[i] - whole[i])).as("sample %s", i).isLessThan((int) (LOUD / 50));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8_000, 16_000, 22_050, 44_100, 48_000})
    void aCutFadesFromTheSampleThatPlays(int rate) throws IOException {
        MemorySink sink = AudioSink.inMemory(new PcmFormat(rate), clock);
        PlaybackQueue queue = queue(sink);
        queue.add("i1", tone(24_000));
        queue.step();
        clock.advance(Duration.ofNanos(123_456_789));
        assertThat(queue.cut()).isTrue();
        clock.advanceMillis(100);
        queue.step();
        assertThat(queue.idle()).isTrue();
        int cut = (int) heardSamples;
        assertThat(cut).isBetween(2_961, 2_963);

        ByteBuffer faded = tone(24_000);
        for (int i = cut; i < 24_000; i++) {
            double gain = i < cut + FADE ? 0.5 + 0.5 * Math.cos(Math.PI * (i - cut + 1) / (FADE + 1)) : 0;
            faded.putShort(2 * i, (short) Math.round(faded.getShort(2 * i) * gain));
        }
        short[] expected = Pcm.samples(Resampler.resample(SESSION, new PcmFormat(rate), faded));
        short[] played = Pcm.samples(sink.heard());
        assertThat(played.length).isBetween((cut + FADE) * rate / 24_000 - 1, (cut + FADE) * rate / 24_000 + 2);
        // just before the cut, the filter had still seen a tone that goes on
        for (int i = 0; i < played.length; i++) {
            assertThat(Math.abs(played[i] - expected[i])).as("sample %s", i).isLessThan((int) (LOUD / 50));
        }
        for (int i = played.length - rate / 2_000; i < played.length; i++) {
            assertThat((int) played[i])
                    .as("sample %s, at the end of the fade", i)
                    .isBetween(-500, 500);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8_000, 16_000, 22_050, 44_100, 48_000})
    void whatIsTakenBackAndPlayedAgainGoesOnAtTheSample(int rate) throws IOException {
        MemorySink sink = AudioSink.inMemory(new PcmFormat(rate), clock);
        PlaybackQueue queue = queue(sink);
        ByteBuffer tone = tone(12_000);
        queue.add("i1", tone);
        queue.step();
        for (int i = 0; i < 20; i++) {
            clock.advance(Duration.ofNanos(20_123_457));
            // as loud as before: the sink is flushed and filled again, and nothing may be heard of it
            queue.gain(1);
        }
        for (int i = 0; i < 10; i++) {
            clock.advanceMillis(20);
            queue.step();
        }
        assertThat(heardSamples).isEqualTo(12_000);
        short[] whole = Pcm.samples(Resampler.resample(SESSION, new PcmFormat(rate), tone));
        short[] played = Pcm.samples(sink.heard());
        assertThat(played).hasSameSizeAs(whole);
        assertThat(Arrays.copyOf(played, whole.length - rate / 100))
                .isEqualTo(Arrays.copyOf(whole, whole.length - rate / 100));
    }

    /** What a piece became once had room for six times as much: the rest of it was lost without a word. */
    @Test
    void aSinkOfAMuchHigherRateLosesNothing() throws IOException {
        PcmFormat fast = new PcmFormat(384_000);
        MemorySink sink = AudioSink.inMemory(fast, clock, Duration.ofMillis(700));
        PlaybackQueue queue = queue(sink);
        ByteBuffer tone = tone(24_000);
        queue.add("i1", tone);
        for (int i = 0; i < 60; i++) {
            queue.step();
            clock.advanceMillis(20);
        }
        assertThat(heardSamples).isEqualTo(24_000);
        short[] whole = Pcm.samples(Resampler.resample(SESSION, fast, tone));
        short[] played = Pcm.samples(sink.heard());
        assertThat(played).hasSameSizeAs(whole);
        int settled = whole.length - 384_000 / 50;
        assertThat(Arrays.copyOf(played, settled)).isEqualTo(Arrays.copyOf(whole, settled));
    }

    private PlaybackQueue queue(MemorySink sink) {
        return new PlaybackQueue(ResamplingSink.of(sink, SESSION), new Heard(), 10_000_000, FADE);
    }

    private static ByteBuffer tone(int samples) {
        ByteBuffer tone = ByteBuffer.allocate(samples * 2).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < samples; i++) {
            tone.putShort((short) Math.round(LOUD * Math.sin(2 * Math.PI * 310 * i / 24_000)));
        }
        return tone.flip();
    }

    private final class Heard implements PlaybackQueue.Heard {
        @Override
        public void samples(ByteBuffer pcm16, long first) {}

        @Override
        public void run() {}

        @Override
        public void item(String itemId, int connection, long samples) {
            heardSamples = samples;
        }
    }
}
