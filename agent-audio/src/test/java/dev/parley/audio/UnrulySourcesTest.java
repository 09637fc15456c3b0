package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.SessionState;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources that do not keep to the contract. */
class UnrulySourcesTest {
    private static final PcmFormat FORMAT = new PcmFormat(24_000);

    private final FakeSession session = new FakeSession(24_000);

    /** It once was never read again, and nobody was told. */
    @Test
    void aSourceThatThrowsAnErrorIsToldOnce() {
        Playback playback = ready(new Unruly(FORMAT, target -> {
            throw new AssertionError("no such native method");
        }));
        session.clock.advanceMillis(1_000);
        assertTold("no such native method");
        assertThat(playback.sourceEnded().toCompletableFuture()).isDone();
        session.hangUp();
        assertThat(playback.finished().toCompletableFuture()).isDone();
    }

    @Test
    void aSourceThatThrowsAnErrorAtItsCloseIsToldAndNobodyWaitsForIt() {
        Playback playback = ready(new Unruly(FORMAT, target -> 0) {
            @Override
            public void close() {
                throw new AssertionError("closed twice");
            }
        });
        session.hangUp();
        assertThat(session.problems)
                .extracting(problem -> problem.kind() + ": " + problem.message())
                .containsExactly("AUDIO_DEVICE: the audio source could not be closed: closed twice");
        assertThat(playback.finished().toCompletableFuture()).isDone();
    }

    /** It once kept a core busy, and the call's sound waited for ever. */
    @ParameterizedTest
    @ValueSource(ints = {24_000, 8_000})
    @Timeout(60)
    void aSourceThatTellsOfBytesThatItDidNotPutIsToldOnce(int sampleRate) {
        ready(new Unruly(new PcmFormat(sampleRate), ByteBuffer::remaining));
        session.clock.advanceMillis(1_000);
        int asked = sampleRate == 24_000 ? 960 : 4_096;
        assertTold("its read(…) returned " + asked + " and put 0 bytes; return how many bytes were put, 0 if there is"
                + " nothing now, and -1 at the end");
        assertThat(session.sent.size()).isZero();
    }

    @Test
    void aSourceThatPutsBytesAndTellsOfNoneIsToldOnce() {
        ready(new Unruly(FORMAT, target -> {
            target.putShort((short) 1);
            return 0;
        }));
        session.clock.advanceMillis(1_000);
        assertTold("its read(…) returned 0 and put 2 bytes; return how many bytes were put, 0 if there is nothing now,"
                + " and -1 at the end");
    }

    /** It once counted as the end. */
    @Test
    void aSourceThatReturnsANumberWithoutAMeaningIsToldOnce() {
        ready(new Unruly(FORMAT, target -> -5));
        session.clock.advanceMillis(1_000);
        assertTold("its read(…) returned -5 and put 0 bytes; return how many bytes were put, 0 if there is nothing now,"
                + " and -1 at the end");
    }

    /** Left alone, it would hold up the end of the call for two seconds. */
    @Test
    @Timeout(60)
    void aPipeThatIsSilentIsInterruptedAtTheEnd() throws Exception {
        ExecutorService lane = Executors.newSingleThreadExecutor();
        session.lanes.put("audio-source", lane);
        CountDownLatch entered = new CountDownLatch(1);
        PipedInputStream pipe = new PipedInputStream(new PipedOutputStream()) {
            @Override
            public synchronized int read(byte[] target, int from, int count) throws IOException {
                entered.countDown();
                return super.read(target, from, count);
            }
        };
        Playback playback = ready(AudioSource.of(FORMAT, pipe));
        session.clock.advanceMillis(20);
        entered.await();
        session.hangUp();
        playback.finished().toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertThat(session.problems).isEmpty();
        assertThat(lane.submit(Thread::interrupted).get())
                .as("the thread is for other work")
                .isFalse();
        lane.shutdown();
    }

    private void assertTold(String why) {
        assertThat(session.problems)
                .extracting(problem -> problem.kind() + ": " + problem.message())
                .containsExactly(
                        "AUDIO_DEVICE: the audio source failed and the agent no longer hears the caller: " + why);
    }

    private Playback ready(AudioSource source) {
        session.parts.add(AudioLink.between(source, AudioSink.inMemory(FORMAT, session.clock))
                .silenceAfter(Duration.ZERO)
                .open(session));
        session.state(SessionState.READY);
        return session.part(Playback.class);
    }

    private interface Read {
        int into(ByteBuffer target) throws IOException;
    }

    private static class Unruly implements AudioSource {
        private final PcmFormat format;
        private final Read read;

        Unruly(PcmFormat format, Read read) {
            this.format = format;
            this.read = read;
        }

        @Override
        public PcmFormat format() {
            return format;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            return read.into(target);
        }

        @Override
        public void close() {}
    }
}
