package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.SessionState;
import dev.parley.core.event.ServerEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AudioLinkResamplingTest {
    private static final PcmFormat SESSION = new PcmFormat(24_000);

    private final FakeSession session = new FakeSession(24_000);

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"8000", "16000", "22050", "44100", "48000"})
    void aSourceOfAnotherRateIsSentAtTheSessionsRate(int rate) {
        PcmFormat other = new PcmFormat(rate);
        ByteBuffer voice = Pcm.ramp(-8_000, rate * 2 / 3);
        session.parts.add(
                AudioLink.between(AudioSource.of(other, voice.duplicate()), AudioSink.inMemory(SESSION, session.clock))
                        .silenceAfter(Duration.ZERO)
                        .open(session));
        session.state(SessionState.READY);
        session.clock.advanceMillis(2_000);
        assertThat(session.sent.toByteArray()).isEqualTo(Pcm.bytes(Resampler.resample(other, SESSION, voice)));
    }

    @ParameterizedTest
    @CsvSource({"8000", "16000", "22050", "44100", "48000"})
    void aSinkOfAnotherRatePlaysAllAndKnowsWhatWasHeard(int rate) throws IOException {
        PcmFormat other = new PcmFormat(rate);
        MemorySink sink = AudioSink.inMemory(other, session.clock, Duration.ofMillis(200));
        Path file = folder.resolve("call.wav");
        session.parts.add(
                AudioLink.between(new Scripted(SESSION), sink).record(file).open(session));
        session.state(SessionState.READY);
        Playback playback = session.part(Playback.class);
        ByteBuffer first = steep(12_345);
        say("r1", "i1", first);
        var drained = playback.drained().toCompletableFuture();
        session.clock.advanceMillis(600);
        assertThat(drained).isDone();
        assertThat(playback.heard("i1")).isEqualTo(SESSION.duration(12_345));
        // as long as the reply is, and up to its last sample as if the voice went on: nobody knew yet that it would not
        int samples = (int) Resampler.between(SESSION, other).outputSamples(12_345);
        short[] wentOn = Pcm.samples(Resampler.resample(SESSION, other, steep(13_345)));
        assertThat(Pcm.samples(sink.heard())).isEqualTo(Arrays.copyOf(wentOn, samples));

        say("r2", "i2", Pcm.ramp(20_000, 12_000));
        session.clock.advanceMillis(333);
        session.interrupt("r2", "i2");
        Duration heard = playback.heard("i2");
        assertThat(heard).isBetween(Duration.ofNanos(332_800_000), Duration.ofMillis(333));
        assertThat(session.heard.get("i2")).isEqualTo(heard);
        session.clock.advanceMillis(500);
        say("r3", "i3", Pcm.ramp(5_000, 6_000));
        session.clock.advanceMillis(500);
        assertThat(playback.heard("i3")).isEqualTo(Duration.ofMillis(250));
        session.hangUp();

        short[] right = Pcm.samples(WavFile.open(file).sides()[1]);
        int begin = 600 * 24;
        int second = (int) SESSION.samples(heard.plusNanos(50));
        assertThat(Arrays.copyOfRange(right, begin, begin + second)).isEqualTo(Pcm.samples(Pcm.ramp(20_000, second)));
        int silent = begin + second + 120;
        assertThat(Arrays.copyOfRange(right, silent, silent + 10_000)).containsOnly(0);
    }

    /** Steep, so that a wrong guess of how it goes on is far off. */
    private static ByteBuffer steep(int samples) {
        ByteBuffer pcm = ByteBuffer.allocate(2 * samples).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < samples; i++) {
            pcm.putShort((short) (4 * i - 27_000));
        }
        return pcm.flip();
    }

    private void say(String responseId, String itemId, ByteBuffer pcm) {
        session.event(new ServerEvent.ResponseCreated(responseId));
        session.event(new ServerEvent.OutputAudio(responseId, itemId, pcm));
    }
}
