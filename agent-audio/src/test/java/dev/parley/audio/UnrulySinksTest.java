package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.Interruption;
import dev.parley.core.SessionState;
import dev.parley.core.event.ServerEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sinks that throw, wait, and heed nothing: the session goes on. */
class UnrulySinksTest {
    private static final PcmFormat FORMAT = new PcmFormat(24_000);

    private final FakeSession session = new FakeSession(24_000);
    private final List<Runnable> later = new ArrayList<>();

    @Test
    void aSinkThatThrowsIsToldOnceAndNobodyWaitsForIt() {
        Playback playback = open(new AudioSink() {
            @Override
            public PcmFormat format() {
                return FORMAT;
            }

            @Override
            public int write(ByteBuffer pcm16) throws IOException {
                throw new IOException("unplugged");
            }

            @Override
            public long played() {
                return 0;
            }

            @Override
            public long flush() {
                throw new IllegalStateException("unplugged");
            }

            @Override
            public void close() throws IOException {
                throw new IOException("already gone");
            }
        });
        created("r1");
        audio("r1", "i1", Pcm.ramp(0, 240));
        audio("r1", "i1", Pcm.ramp(0, 240));
        assertThat(playback.playing()).isFalse();
        assertThat(playback.drained().toCompletableFuture()).isDone();
        assertThat(playback.counters().unplayed()).isEqualTo(960);
        session.hangUp();
        assertTold(
                "AUDIO_DEVICE: the audio sink failed and the caller no longer hears the agent: unplugged",
                "AUDIO_DEVICE: the audio sink could not be closed: already gone");
        assertThat(playback.finished().toCompletableFuture()).isDone();
    }

    /** Left alone, it would hold up the session for as long: nobody could interrupt the agent, or hang up. */
    @ParameterizedTest
    @ValueSource(strings = {"write", "played", "flush"})
    @Timeout(60)
    void aSinkThatWaitsIsToldOnceAndTheSessionGoesOn(String method) throws Exception {
        WaitingSink waiting = new WaitingSink(method);
        Playback playback = open(waiting);
        Thread loop = heldUpIn(waiting);
        session.clock.advance(Duration.ofSeconds(1).minusNanos(1));
        assertThat(loop.isAlive()).isTrue();
        session.clock.advance(Duration.ofNanos(1));
        goesOn(loop);
        assertTold("AUDIO_DEVICE: the audio sink failed and the caller no longer hears the agent: it held up the"
                + " session for 1000 ms; a sink takes what there is room for and never waits");
        assertThat(playback.playing()).isFalse();
        assertThat(playback.drained().toCompletableFuture()).isDone();
        playsNoMoreAndEnds(playback);
    }

    /** A write to a socket does not heed an interrupt: only its close ends it, and nobody else would ever close it. */
    @ParameterizedTest
    @ValueSource(strings = {"write", "played", "flush"})
    @Timeout(60)
    void aSinkThatHeedsNoInterruptIsClosedAndTheSessionGoesOn(String method) throws Exception {
        StubbornSink stubborn = new StubbornSink(method);
        Playback playback = open(stubborn);
        Thread loop = heldUpIn(stubborn);
        session.clock.advance(Duration.ofSeconds(2).minusNanos(1));
        assertThat(stubborn.interrupted.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(stubborn.closed.getCount()).as("it has a second to heed it").isEqualTo(1);
        session.clock.advance(Duration.ofNanos(1));
        goesOn(loop);
        assertTold("AUDIO_DEVICE: the audio sink failed and the caller no longer hears the agent: it held up the"
                + " session for 1000 ms, heeded no interrupt, and was closed; a sink takes what there is"
                + " room for and never waits");
        assertThat(playback.drained().toCompletableFuture()).isDone();
        playsNoMoreAndEnds(playback);
        assertThat(stubborn.closes).as("once").hasValue(1);
    }

    /** Waits until it is closed, whatever else happens. */
    private static final class StubbornSink extends WaitingSink {
        private final CountDownLatch interrupted = new CountDownLatch(1);
        private final CountDownLatch closed = new CountDownLatch(1);
        private final AtomicInteger closes = new AtomicInteger();

        StubbornSink(String method) {
            super(method);
        }

        @Override
        void await() {
            while (closed.getCount() > 0) {
                try {
                    closed.await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
            }
        }

        @Override
        public void close() {
            closes.incrementAndGet();
            closed.countDown();
        }
    }

    /** Waits in one of its methods until somebody interrupts it. */
    private static class WaitingSink implements AudioSink {
        final CountDownLatch entered = new CountDownLatch(1);
        private final String method;

        WaitingSink(String method) {
            this.method = method;
        }

        private long enter(String entering, long result) throws IOException {
            if (entering.equals(method)) {
                entered.countDown();
                await();
            }
            return result;
        }

        void await() throws IOException {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public PcmFormat format() {
            return FORMAT;
        }

        @Override
        public int write(ByteBuffer pcm16) throws IOException {
            return (int) enter("write", pcm16.remaining());
        }

        @Override
        public long played() throws IOException {
            return enter("played", 0);
        }

        @Override
        public long flush() throws IOException {
            return enter("flush", 0);
        }

        @Override
        public void close() {}
    }

    /** A watch that stayed would take the loop's thread for one that is still in the sink, and interrupt it at other work. */
    @Test
    void aSinkThatThrowsAnErrorIsToldOnceAndLeavesNoWatchOnTheThread() {
        open(new WaitingSink("none") {
            @Override
            public int write(ByteBuffer pcm16) {
                throw new AssertionError("no such thing");
            }
        });
        created("r1");
        audio("r1", "i1", Pcm.ramp(0, 240));
        audio("r1", "i1", Pcm.ramp(0, 240));
        session.clock.advance(Duration.ofSeconds(2));
        assertTold("AUDIO_DEVICE: the audio sink failed and the caller no longer hears the agent: no such thing");
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aSinkThatFailsIsWatchedNoLonger() {
        open(new WaitingSink("none") {
            @Override
            public long flush() throws IOException {
                throw new IOException("unplugged");
            }
        });
        created("r1");
        audio("r1", "i1", Pcm.ramp(0, 240));
        session.parts.get(0).silence(Interruption.Cause.CALLER_SPOKE);
        session.clock.advanceMillis(20);
        assertThat(session.problems).hasSize(1);
        assertThat(session.clock.pendingTimers()).as("the source's alone").isEqualTo(1);
    }

    /** The session's loop, which is in a method of this sink from here on. What is meant for the loop waits. */
    private Thread heldUpIn(WaitingSink sink) throws InterruptedException {
        Thread loop = new Thread(() -> {
            created("r1");
            audio("r1", "i1", Pcm.ramp(0, 240));
            if (sink.method.equals("flush")) {
                session.parts.get(0).silence(Interruption.Cause.CALLER_SPOKE);
            }
        });
        loop.start();
        assertThat(sink.entered.await(30, TimeUnit.SECONDS)).isTrue();
        session.loop = later::add;
        return loop;
    }

    private void goesOn(Thread loop) throws InterruptedException {
        loop.join();
        session.loop = Runnable::run;
        later.forEach(Runnable::run);
    }

    private void playsNoMoreAndEnds(Playback playback) {
        created("r2");
        audio("r2", "i2", Pcm.ramp(0, 240));
        session.hangUp();
        assertThat(playback.finished().toCompletableFuture()).isDone();
    }

    private void assertTold(String... problems) {
        assertThat(session.problems)
                .extracting(problem -> problem.kind() + ": " + problem.message())
                .containsExactly(problems);
    }

    private Playback open(AudioSink output) {
        session.parts.add(AudioLink.between(new Scripted(FORMAT), output).open(session));
        session.state(SessionState.READY);
        return session.part(Playback.class);
    }

    private void created(String responseId) {
        session.event(new ServerEvent.ResponseCreated(responseId));
    }

    private void audio(@Nullable String responseId, @Nullable String itemId, ByteBuffer pcm) {
        session.event(new ServerEvent.OutputAudio(responseId, itemId, pcm));
    }
}
