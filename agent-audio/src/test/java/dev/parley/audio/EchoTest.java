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
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * An open loudspeaker: the microphone hears the agent and nobody else, through a room. The room is computed, not recorded: the direct way,
 * 150 ms late and 20 dB quieter, eight reflections of the walls, and a tail of scattered ones that falls by 60 dB within 400 ms.
 */
class EchoTest {
    private static final PcmFormat FORMAT = new PcmFormat(24_000);

    private final FakeSession session = new FakeSession(24_000);
    private final MemorySink sink = AudioSink.inMemory(FORMAT, session.clock);

    @Test
    void underHalfDuplexWithATailAsLongAsTheRoomsTheServerHearsNothingOfTheAgent() throws IOException {
        Playback playback = play(BargeIn.halfDuplex().tail(Duration.ofMillis(600)));
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

    /** The 200 ms that it has unless told otherwise cover the way; what the room still answers is too quiet for a detector. */
    @Test
    void underHalfDuplexAsItIsWhatIsLeftIsBelowMinusFiftyDecibels() throws IOException {
        play(BargeIn.halfDuplex());
        assertThat(loudest()).isBetween(1, (int) (32_768 * Math.pow(10, -50 / 20.0)));
    }

    @Test
    void whereTheServerDecidesItHearsTheEcho() throws IOException {
        play(BargeIn.serverDriven());
        assertThat(loudest()).isGreaterThan(500);
    }

    private int loudest() {
        int loudest = 0;
        for (short sample : Pcm.samples(session.sent.toByteArray())) {
            loudest = Math.max(loudest, Math.abs(sample));
        }
        return loudest;
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
        private final int[] delays = new int[309];
        private final double[] gains = new double[309];
        private int at;

        Echo() {
            Random room = new Random(11);
            for (int i = 0; i < delays.length; i++) {
                double millis = i == 0 ? 0 : i < 9 ? 2 + 3.5 * i : 35 + 365 * room.nextDouble();
                double spread = i == 0 ? 1 : i < 9 ? 0.5 : 0.2;
                delays[i] = (int) ((150 + millis) * FORMAT.sampleRate() / 1_000);
                gains[i] = 0.1 * spread * Math.pow(10, -3 * millis / 400) * (i > 0 && room.nextBoolean() ? -1 : 1);
            }
        }

        @Override
        public PcmFormat format() {
            return FORMAT;
        }

        @Override
        public int read(ByteBuffer target) {
            ByteBuffer played = ByteBuffer.wrap(sink.timeline()).order(ByteOrder.LITTLE_ENDIAN);
            int samples = target.remaining() / 2;
            for (int i = 0; i < samples; i++, at++) {
                double echo = 0;
                for (int way = 0; way < delays.length; way++) {
                    int from = 2 * (at - delays[way]);
                    echo += from >= 0 && from < played.capacity() ? gains[way] * played.getShort(from) : 0;
                }
                short sample = (short) Math.round(echo);
                target.put((byte) sample).put((byte) (sample >> 8));
            }
            return 2 * samples;
        }

        @Override
        public void close() {}
    }
}
