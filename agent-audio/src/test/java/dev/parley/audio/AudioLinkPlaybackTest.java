package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.Interruption;
import dev.parley.core.Problem;
import dev.parley.core.SessionState;
import dev.parley.core.event.ServerEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AudioLinkPlaybackTest {
    private static final PcmFormat FORMAT = new PcmFormat(24_000);

    private final FakeSession session = new FakeSession(24_000);
    private final MemorySink sink = AudioSink.inMemory(FORMAT, session.clock, Duration.ofMillis(100));

    @Test
    void playsOddChunksWithoutASeamAndKnowsWhatWasHeard() {
        Playback playback = open(sink);
        byte[] all = Pcm.bytes(Pcm.ramp(1, 12_000));
        Random random = new Random(3);
        created("r1");
        for (int at = 0; at < all.length; ) {
            int chunk = Math.min(all.length - at, random.nextInt(5) == 0 ? 0 : 1 + 2 * random.nextInt(800));
            audio("r1", "i1", ByteBuffer.wrap(all, at, chunk).slice());
            at += chunk;
        }
        session.event(new ServerEvent.ResponseDone("r1", "completed", List.of()));
        assertThat(playback.queued()).isEqualTo(Duration.ofMillis(500));

        var drained = playback.drained().toCompletableFuture();
        session.clock.advanceMillis(120);
        assertThat(playback.heard("i1")).isBetween(Duration.ofMillis(100), Duration.ofMillis(120));
        assertThat(session.heard.get("i1")).isEqualTo(playback.heard("i1"));
        session.clock.advance(Duration.ofMillis(380).minusNanos(1));
        assertThat(drained).isNotDone();
        session.clock.advance(Duration.ofNanos(2));
        assertThat(drained).isDone();
        assertThat(playback.playing()).isFalse();
        assertThat(session.heard.get("i1")).isEqualTo(Duration.ofMillis(500));
        assertThat(Pcm.samples(sink.heard())).isEqualTo(Pcm.samples(all));
        assertThat(sink.timeline()).isEqualTo(all);
        assertThat(session.clock.pendingTimers())
                .as("the player rests, only the source's timer is left")
                .isEqualTo(1);
    }

    @Test
    void halfASampleThatNeverBecomesWholeIsCounted() {
        Playback playback = open(sink);
        created("r1");
        audio("r1", "i1", Pcm.ramp(1, 3).limit(5));
        created("r2");
        audio("r2", "i2", Pcm.ramp(1, 3).limit(5));
        session.clock.advanceMillis(1_000);
        assertThat(playback.counters().unplayed()).isEqualTo(1);
        ByteBuffer rest = Pcm.ramp(1, 3);
        audio("r1", "i1", rest.position(5).slice());
        session.clock.advanceMillis(1_000);
        assertThat(playback.counters().unplayed()).as("it came after all").isZero();
        assertThat(playback.heard("i1")).isEqualTo(FORMAT.duration(3));
        assertThat(Pcm.samples(sink.heard())).containsExactly(1, 2, 1, 2, 3);
        session.hangUp();
        assertThat(playback.counters().unplayed()).isEqualTo(1);
    }

    @Test
    void anInterruptionStopsAtTheSampleWithAFade() {
        Playback playback = open(sink);
        created("r1");
        audio("r1", "i1", Pcm.constant(10_000, 24_000));
        session.clock.advance(Duration.ofNanos(123_456_789));

        boolean cut = session.parts.get(0).silence(Interruption.Cause.CALLER_SPOKE);

        int exact = (int) FORMAT.samples(Duration.ofNanos(123_456_789));
        assertThat(exact).isEqualTo(2_962);
        assertThat(cut).isTrue();
        assertThat(session.heard.get("i1")).isEqualTo(FORMAT.duration(exact));
        assertThat(playback.heard("i1")).isEqualTo(FORMAT.duration(exact));
        assertThat(playback.playing()).isFalse();
        session.clock.advanceMillis(100);

        short[] heard = Pcm.samples(sink.heard());
        assertThat(heard).hasSize(exact + 120);
        assertThat(Arrays.copyOf(heard, exact)).containsOnly(10_000);
        for (int i = exact; i < heard.length; i++) {
            assertThat(heard[i]).isLessThan(heard[i - 1]).isPositive();
        }
        assertThat(heard[heard.length - 1]).isLessThan((short) 20);
        assertThat(playback.heard("i1")).as("a fade is no speech").isEqualTo(FORMAT.duration(exact));
        assertThat(playback.counters().unplayed()).isEqualTo(2L * (24_000 - exact));
        assertThat(session.parts.get(0).silence(Interruption.Cause.CALLER_SPOKE))
                .isFalse();
    }

    @Test
    void theNextReplyPlaysAfterAnInterruptionWithAndWithoutIds() {
        open(sink);
        session.event(new ServerEvent.ResponseCreated(null));
        audio(null, null, Pcm.ramp(1, 2_400));
        session.clock.advanceMillis(10);
        session.interrupt(null, null);
        session.clock.advanceMillis(50);
        session.event(new ServerEvent.ResponseCreated(null));
        audio(null, null, Pcm.ramp(9_000, 240));
        session.clock.advanceMillis(50);

        assertThat(session.heard)
                .containsExactly(
                        java.util.Map.entry("reply-1", Duration.ofMillis(10)),
                        java.util.Map.entry("reply-2", Duration.ofMillis(10)));
        assertThat(Pcm.samples(sink.heard()))
                .endsWith(Pcm.samples(Pcm.ramp(9_000, 240)))
                .hasSize(240 + 120 + 240);
    }

    @Test
    void whatWasHeardIsToldItemByItem() {
        open(sink);
        created("r1");
        audio("r1", "i1", Pcm.ramp(0, 720));
        audio("r1", "i2", Pcm.ramp(0, 720));
        audio("r2", null, Pcm.ramp(0, 720));
        session.clock.advanceMillis(47);
        session.parts.get(0).silence(Interruption.Cause.REQUESTED);
        assertThat(session.heard)
                .containsExactly(
                        java.util.Map.entry("i1", Duration.ofMillis(30)),
                        java.util.Map.entry("i2", Duration.ofMillis(17)));
        session.clock.advanceMillis(47);
        assertThat(session.heard).doesNotContainKey("r2");
    }

    @Test
    void moreThanTheQueueHoldsIsDroppedCountedAndToldOnce() {
        Playback playback = open(AudioLink.between(new Scripted(FORMAT), sink).room(Duration.ofSeconds(1)));
        created("r1");
        audio("r1", "i1", Pcm.constant(1, 20_000));
        audio("r1", "i1", Pcm.constant(2, 20_000));
        audio("r1", "i1", Pcm.constant(3, 1_000));
        assertThat(playback.queued()).isEqualTo(Duration.ofSeconds(1));
        assertThat(playback.counters().overflowed()).isEqualTo(2 * 17_000);
        assertThat(session.problems)
                .containsExactly(new Problem(
                        Problem.Kind.AUDIO_DROPPED,
                        "the agent sent more audio than the playback queue holds; what did not fit was dropped and"
                                + " counted: give AudioLink more room(…), or ask the agent for shorter replies",
                        null));
        session.clock.advanceMillis(1_500);
        audio("r1", "i1", Pcm.constant(4, 240));
        session.clock.advanceMillis(100);
        assertThat(session.heard.get("i1"))
                .as("positions count what was dropped")
                .isEqualTo(FORMAT.duration(41_240));
    }

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
        assertThat(session.problems)
                .extracting(problem -> problem.kind() + ": " + problem.message())
                .containsExactly(
                        "AUDIO_DEVICE: the audio sink failed and the caller no longer hears the agent: unplugged",
                        "AUDIO_DEVICE: the audio sink could not be closed: already gone");
        assertThat(playback.finished().toCompletableFuture()).isDone();
    }

    /** It once held up the session for as long: nobody could interrupt the agent, or hang up. */
    @ParameterizedTest
    @ValueSource(strings = {"write", "played", "flush"})
    @Timeout(60)
    void aSinkThatWaitsIsToldOnceAndTheSessionGoesOn(String method) throws Exception {
        WaitingSink waiting = new WaitingSink(method);
        Playback playback = open(waiting);
        Thread loop = new Thread(() -> {
            created("r1");
            audio("r1", "i1", Pcm.ramp(0, 240));
            if (method.equals("flush")) {
                session.parts.get(0).silence(Interruption.Cause.CALLER_SPOKE);
            }
        });
        loop.start();
        assertThat(waiting.entered.await(30, TimeUnit.SECONDS)).isTrue();
        List<Runnable> later = new ArrayList<>();
        session.loop = later::add; // it is held up
        session.clock.advance(Duration.ofSeconds(1).minusNanos(1));
        assertThat(loop.isAlive()).isTrue();
        session.clock.advance(Duration.ofNanos(1));
        loop.join();
        session.loop = Runnable::run;
        later.forEach(Runnable::run);
        assertThat(session.problems)
                .extracting(problem -> problem.kind() + ": " + problem.message())
                .containsExactly(
                        "AUDIO_DEVICE: the audio sink failed and the caller no longer hears the agent: it held up the"
                                + " session for 1000 ms; a sink takes what there is room for and never waits");
        assertThat(playback.playing()).isFalse();
        assertThat(playback.drained().toCompletableFuture()).isDone();
        created("r2");
        audio("r2", "i2", Pcm.ramp(0, 240));
        session.hangUp();
        assertThat(playback.finished().toCompletableFuture()).isDone();
    }

    /** Waits in one of its methods until somebody interrupts it. */
    private static class WaitingSink implements AudioSink {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final String method;

        WaitingSink(String method) {
            this.method = method;
        }

        private long enter(String entering, long result) throws IOException {
            if (entering.equals(method)) {
                entered.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            return result;
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

    /** The watch once took the loop's thread for one that still was in the sink, and interrupted it at other work. */
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
        assertThat(session.problems)
                .extracting(problem -> problem.kind() + ": " + problem.message())
                .containsExactly(
                        "AUDIO_DEVICE: the audio sink failed and the caller no longer hears the agent: no such thing");
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

    @Test
    void aHangUpTellsTheLastPositionBeforeTheEnd() {
        Playback playback = open(sink);
        created("r1");
        audio("r1", "i1", Pcm.ramp(0, 2_400));
        session.clock.advanceMillis(33);
        var drained = playback.drained().toCompletableFuture();
        session.state(SessionState.CLOSED);
        assertThat(session.heard.get("i1")).isEqualTo(Duration.ofMillis(33));
        assertThat(drained).isDone();
    }

    private Playback open(AudioSink output) {
        return open(AudioLink.between(new Scripted(FORMAT), output));
    }

    private Playback open(AudioLink link) {
        session.parts.add(link.open(session));
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
