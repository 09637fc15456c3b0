package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.SessionState;
import dev.parley.core.event.ServerEvent;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.function.LongUnaryOperator;
import javax.sound.sampled.TargetDataLine;
import org.junit.jupiter.api.Test;

/**
 * A microphone records from the moment it is opened, and a session reads it at the pace of time: what waited at the first read would wait for the
 * whole call. The line here holds what its room sounded like at each sample of the clock, the last half second of it.
 */
class MicrophoneBacklogTest {
    private static final PcmFormat FORMAT = new PcmFormat(24_000);
    private static final int MS = 24;
    /** From opening the microphone to opening the session. */
    private static final int BEFORE = 400;

    private final FakeSession session = new FakeSession(24_000);
    private final MemorySink sink = AudioSink.inMemory(FORMAT, session.clock, Duration.ofMillis(300));
    /** What the room sounds like at a sample of the clock. */
    private LongUnaryOperator room = sample -> 0;
    /** Up to where the line has been read. */
    private long read;

    private double speed = 1;

    @Test
    void theDetectorHearsTheCallerInTimeHoweverLongTheMicrophoneWasOpenBefore() throws IOException {
        int loudAt = BEFORE + 300;
        room = sample -> sample < (long) loudAt * MS ? 0 : 8_000;
        open(BargeIn.local(MicrophoneBacklogTest::loud));
        reply(5_000);
        session.clock.advanceMillis(4_000);
        assertThat(session.interruptedAtMillis).hasSize(1);
        assertThat(session.interruptedAtMillis.get(0) - loudAt).isBetween(100L, 160L);
    }

    @Test
    void nothingOfTheReplyComesBackFromAnOpenLoudspeakerUnderHalfDuplex() throws IOException {
        open(BargeIn.halfDuplex());
        session.clock.advanceMillis(100);
        long from = now();
        reply(300);
        room = sample -> sample >= from && sample < from + 300 * MS ? 5_000 : 1;
        session.clock.advanceMillis(3_000);
        assertThat(session.part(Playback.class).microphoneOpen()).isTrue();
        assertThat(Pcm.samples(session.sent.toByteArray()))
                .hasSizeGreaterThan(2_500 * MS)
                .endsWith((short) 1)
                .doesNotContain((short) 5_000);
    }

    /** The session keeps 4 s of what comes before it is ready; what is recorded after waits in the line. */
    @Test
    void aConnectThatTakesLongLeavesNoLag() throws IOException {
        for (int connect : new int[] {4_200, 4_300, 9_000}) {
            FakeSession slow = new FakeSession(24_000);
            read = 0;
            Microphone microphone = new Microphone(line(slow.clock), FORMAT, slow.clock);
            room = sample -> sample / (20 * MS);
            slow.parts.add(AudioLink.between(microphone, AudioSink.inMemory(FORMAT, slow.clock))
                    .open(slow));
            slow.clock.advanceMillis(connect);
            slow.state(SessionState.READY);
            slow.clock.advanceMillis(2_000);
            short[] sent = Pcm.samples(slow.sent.toByteArray());
            int lag = (connect + 2_000) / 20 - sent[sent.length - 1];
            assertThat(lag).as("in frames, connected after %s ms", connect).isBetween(0, 3);
        }
    }

    /** A pause that the line's buffer outlasts loses nothing: the session makes up for it at once. */
    @Test
    void aShortPauseLosesNothing() throws IOException {
        Microphone microphone = new Microphone(line(session.clock), FORMAT, session.clock);
        ByteBuffer target = ByteBuffer.allocate(48_000);
        assertThat(microphone.read(target)).isZero();
        int got = 0;
        for (int i = 0; i < 5; i++) {
            session.clock.advanceMillis(480);
            for (int read = microphone.read(target); read > 0; read = microphone.read(target)) {
                got += read;
                target.clear();
            }
        }
        assertThat(got).isEqualTo(5 * 480 * MS * 2);
    }

    @Test
    void aReaderWhoTakesLongEachTimeGetsWhatTheLineHolds() throws IOException {
        Microphone microphone = new Microphone(line(session.clock), FORMAT, session.clock);
        ByteBuffer target = ByteBuffer.allocate(48_000);
        for (int i = 0; i < 5; i++) {
            session.clock.advanceMillis(600);
            target.clear();
            while (microphone.read(target) > 0) {}
            assertThat(target.position()).as("read %s", i).isEqualTo(i == 0 ? 0 : 500 * MS * 2);
        }
    }

    /** Two clocks never agree: one part in a thousand is more than any sound card's. */
    @Test
    void aMicrophoneWhoseClockIsFastDoesNotFallBehindWithTime() throws IOException {
        speed = 1.001;
        open(BargeIn.serverDriven());
        session.clock.advance(Duration.ofMinutes(20));
        assertThat(now() - read).isLessThan(100 * MS);
    }

    private void open(BargeIn policy) throws IOException {
        Microphone microphone = new Microphone(line(session.clock), FORMAT, session.clock);
        session.clock.advanceMillis(BEFORE);
        session.parts.add(AudioLink.between(microphone, sink).bargeIn(policy).open(session));
        session.state(SessionState.READY);
    }

    private void reply(int millis) {
        session.event(new ServerEvent.ResponseCreated("r1"));
        session.event(new ServerEvent.OutputAudio("r1", "i1", Pcm.constant(5_000, millis * MS)));
        session.event(new ServerEvent.ResponseDone("r1", "completed", List.of()));
    }

    private static SpeechDetector.Stream loud(PcmFormat format) {
        return pcm16 -> pcm16.order(ByteOrder.LITTLE_ENDIAN).getShort() > 1_000;
    }

    private long now() {
        return recorded(session.clock);
    }

    private long recorded(TestClock clock) {
        return (long) (FORMAT.samplesIn(clock.nanoTime()) * speed);
    }

    private TargetDataLine line(TestClock clock) {
        return (TargetDataLine) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {TargetDataLine.class}, (proxy, method, arguments) -> {
                    long now = recorded(clock);
                    read = Math.max(read, now - 500 * MS);
                    return switch (method.getName()) {
                        case "isOpen" -> true;
                        case "available" -> (int) (now - read) * 2;
                        case "flush" -> {
                            read = now;
                            yield null;
                        }
                        case "read" -> {
                            ByteBuffer into = ByteBuffer.wrap((byte[]) arguments[0])
                                    .order(ByteOrder.LITTLE_ENDIAN)
                                    .position((int) arguments[1]);
                            for (int i = 0; i < (int) arguments[2]; i += 2) {
                                into.putShort((short) room.applyAsLong(read++));
                            }
                            yield arguments[2];
                        }
                        default -> null;
                    };
                });
    }
}
