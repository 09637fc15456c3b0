package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.SessionState;
import dev.parley.core.event.ServerEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An open loudspeaker: the microphone hears the agent 150 ms later and 20 dB quieter, and nobody else. */
class EchoTest {
    private static final PcmFormat FORMAT = new PcmFormat(24_000);

    private final FakeSession session = new FakeSession(24_000);
    private final MemorySink sink = AudioSink.inMemory(FORMAT, session.clock);

    @Test
    void underHalfDuplexTheServerHearsNothingOfTheAgent() throws IOException {
        Playback playback = play(BargeIn.halfDuplex());
        assertThat(Pcm.samples(session.sent.toByteArray())).containsOnly(0);
        assertThat(playback.counters().unplayed()).isZero();
        assertThat(playback.microphoneOpen()).isTrue();
    }

    @Test
    void underPushToTalkNeither() throws IOException {
        play(BargeIn.pushToTalk());
        assertThat(Pcm.samples(session.sent.toByteArray())).containsOnly(0);
    }

    @Test
    void underPoliciesForOtherLinesItHearsTheEchoAndALocalDetectorTakesItForTheCaller() throws IOException {
        Playback playback = play(BargeIn.local(EnergySpeechDetector.create()));
        assertThat(session.interruptedAtMillis).isNotEmpty();
        assertThat(playback.counters().unplayed()).isPositive();
    }

    private Playback play(BargeIn policy) throws IOException {
        session.parts.add(AudioLink.between(new Echo(), sink).bargeIn(policy).open(session));
        session.state(SessionState.READY);
        session.clock.advanceMillis(500);
        ByteBuffer reply = WavFile.open(Path.of("src/test/resources/speech/agent-long.wav"))
                .pcm();
        session.event(new ServerEvent.ResponseCreated("r1"));
        session.event(new ServerEvent.OutputAudio("r1", "i1", reply));
        session.event(new ServerEvent.ResponseDone("r1", "completed", List.of()));
        session.clock.advanceMillis(10_000);
        return session.part(Playback.class);
    }

    private final class Echo implements AudioSource {
        private final int delay = (int) FORMAT.samples(Duration.ofMillis(150));
        private int at;

        @Override
        public PcmFormat format() {
            return FORMAT;
        }

        @Override
        public int read(ByteBuffer target) {
            ByteBuffer played = ByteBuffer.wrap(sink.timeline()).order(ByteOrder.LITTLE_ENDIAN);
            int samples = target.remaining() / 2;
            for (int i = 0; i < samples; i++, at++) {
                int from = 2 * (at - delay);
                short echo = from >= 0 && from < played.capacity() ? (short) (played.getShort(from) / 10) : 0;
                target.put((byte) echo).put((byte) (echo >> 8));
            }
            return 2 * samples;
        }

        @Override
        public void close() {}
    }
}
