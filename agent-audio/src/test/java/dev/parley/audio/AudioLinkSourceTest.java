package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.core.Problem;
import dev.parley.core.SessionState;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AudioLinkSourceTest {
    private static final PcmFormat FORMAT = new PcmFormat(24_000);

    private final FakeSession session = new FakeSession(24_000);
    private final Scripted source = new Scripted(FORMAT);
    private final MemorySink sink = AudioSink.inMemory(FORMAT, session.clock);

    @Test
    void sendsAtRealTimePaceInFramesOfTwentyMilliseconds() {
        Playback playback = ready();
        source.give(Pcm.ramp(0, 24_000));
        source.end();
        session.clock.advanceMillis(19);
        assertThat(session.sent.size()).isZero();
        session.clock.advanceMillis(1);
        assertThat(session.sent.size()).isEqualTo(960);
        session.clock.advanceMillis(500);
        assertThat(session.sent.size()).isEqualTo(26 * 960);
        session.clock.advanceMillis(10_000);
        assertThat(session.sent.toByteArray()).isEqualTo(Pcm.bytes(Pcm.ramp(0, 24_000)));
        assertThat(session.sentAtMillis).hasSize(50).startsWith(20L, 40L, 60L).endsWith(1_000L);
        assertThat(playback.sourceEnded().toCompletableFuture()).isDone();
        assertThat(session.clock.pendingTimers()).isZero();
        assertThat(source.closed).isFalse();
    }

    @Test
    void lateTimersDoNotMakeItDrift() {
        session.clock.lateness = Duration.ofMillis(7);
        ready();
        source.give(Pcm.constant(0, 70 * 24_000));
        session.clock.advanceMillis(60_000);
        assertThat(session.sentAtMillis)
                .hasSize(2_999)
                .startsWith(27L, 47L, 67L)
                .endsWith(59_987L);
    }

    @Test
    void oddChunksAreReframedAndTheTailIsSentShort() {
        ready();
        byte[] all = Pcm.bytes(Pcm.ramp(7, 1_000));
        for (int at = 0; at < all.length; at += 333) {
            source.give(java.nio.ByteBuffer.wrap(all, at, Math.min(333, all.length - at))
                    .slice());
        }
        source.give(java.nio.ByteBuffer.wrap(new byte[] {1}));
        source.end();
        session.clock.advanceMillis(200);
        assertThat(session.sent.toByteArray()).isEqualTo(all);
        assertThat(session.sentAtMillis).containsExactly(20L, 40L, 60L);
        assertThat(session.part(Playback.class).counters().refused())
                .as("the half sample")
                .isEqualTo(1);
    }

    @Test
    void aSourceThatStallsCatchesUpByASecondAtMostAndTheStallIsCounted() {
        Playback playback = ready();
        session.clock.advanceMillis(400);
        source.give(Pcm.ramp(0, 9_600));
        session.clock.advanceMillis(20);
        assertThat(session.sent.size())
                .as("a short stall is made up for at once")
                .isEqualTo(19_200);
        assertThat(playback.counters().stalls()).isZero();
        assertThat(playback.counters().madeUp()).isEqualTo(19_200 - 960);

        session.clock.advanceMillis(5_000);
        source.give(Pcm.ramp(0, 30_000));
        session.clock.advanceMillis(20);
        assertThat(session.sent.size()).isEqualTo(19_200 + 48_000);
        assertThat(playback.counters().stalls()).isEqualTo(1);
        session.clock.advanceMillis(20);
        assertThat(session.sent.size()).as("then at real-time pace again").isEqualTo(19_200 + 48_000 + 960);
        assertThat(playback.counters().madeUp()).isEqualTo(19_200 - 960 + 48_000 - 960);
    }

    @Test
    void beforeReadyFourSecondsGoOutAndTheRestWaitsInTheSource() {
        session.parts.add(AudioLink.between(source, sink).open(session));
        source.give(Pcm.ramp(0, 6 * 24_000));
        session.clock.advanceMillis(15_000);
        assertThat(session.sent.size()).isEqualTo(4 * 48_000);
        session.state(SessionState.READY);
        session.clock.advanceMillis(1_000);
        assertThat(session.sent.size()).isEqualTo(5 * 48_000);
    }

    /** A call that was hung up between two frames once ended with a complaint about a connection that was too slow. */
    @Test
    void aHangUpBetweenTwoFramesIsNoComplaint() {
        Playback playback = ready();
        source.give(Pcm.ramp(0, 4_800));
        session.closedBeforeThePartsHear();
        session.clock.advanceMillis(100);
        assertThat(session.problems).isEmpty();
        assertThat(playback.counters().refused()).isZero();
    }

    @Test
    void aFullLaneIsToldOnceAndCounted() {
        Playback playback = ready();
        source.give(Pcm.ramp(0, 4_800));
        session.full = true;
        session.clock.advanceMillis(100);
        session.full = false;
        session.clock.advanceMillis(100);
        assertThat(playback.counters().refused()).isEqualTo(4_800);
        assertThat(playback.counters().sent()).isEqualTo(4_800);
        assertThat(session.problems)
                .containsExactly(new Problem(
                        Problem.Kind.AUDIO_DROPPED,
                        "the caller's voice comes faster than the connection takes it; what did not fit was dropped and"
                                + " counted",
                        null));
    }

    @Test
    void aSourceThatThrowsIsToldOnceAndTheSessionGoesOn() {
        Playback playback = ready();
        source.give(Pcm.ramp(0, 500));
        source.fail();
        session.clock.advanceMillis(1_000);
        assertThat(session.sent.size()).as("what was read before the fault").isEqualTo(1_000);
        assertThat(session.problems)
                .extracting(problem -> problem.kind() + ": " + problem.message())
                .containsExactly(
                        "AUDIO_DEVICE: the audio source failed and the agent no longer hears the caller: unplugged");
        assertThat(playback.sourceEnded().toCompletableFuture()).isDone();
    }

    @Test
    void aStreamIsASourceToItsEnd() {
        byte[] all = Pcm.bytes(Pcm.ramp(0, 5_000));
        boolean[] closed = new boolean[1];
        InputStream odd = new ByteArrayInputStream(all) {
            @Override
            public synchronized int read(byte[] target, int from, int count) {
                return super.read(target, from, Math.min(count, 77));
            }

            @Override
            public void close() {
                closed[0] = true;
            }
        };
        session.parts.add(AudioLink.between(AudioSource.of(FORMAT, odd), sink)
                .silenceAfter(Duration.ZERO)
                .open(session));
        session.state(SessionState.READY);
        session.clock.advanceMillis(100);
        assertThat(session.sent.size()).as("at real-time pace").isEqualTo(4_800);
        session.clock.advanceMillis(1_000);
        assertThat(session.sent.toByteArray()).isEqualTo(all);
        assertThat(session.part(Playback.class).sourceEnded().toCompletableFuture())
                .isDone();
        assertThat(closed[0]).isFalse();
        session.hangUp();
        assertThat(closed[0]).isTrue();
    }

    /** A stream that waits for its caller is closed when the session ends, and fails its reader: that is no fault to tell of. */
    @Test
    void aReadThatTheSessionsEndBreaksOffIsNoComplaint() {
        InputStream waiting = new ByteArrayInputStream(new byte[0]) {
            @Override
            public synchronized int read(byte[] target, int from, int count) {
                session.hangUp();
                throw new UncheckedIOException(new IOException("Stream closed"));
            }
        };
        session.parts.add(
                AudioLink.between(AudioSource.of(FORMAT, waiting), sink).open(session));
        session.state(SessionState.READY);
        session.clock.advanceMillis(10_000);
        assertThat(session.problems).isEmpty();
        assertThat(session.clock.pendingTimers()).isZero();
    }

    @Test
    void theSessionsEndClosesTheSource() {
        Playback playback = ready();
        source.give(Pcm.ramp(0, 48_000));
        session.clock.advanceMillis(100);
        session.hangUp();
        session.clock.advanceMillis(5_000);
        assertThat(source.closed).isTrue();
        assertThat(session.sent.size()).isEqualTo(4_800);
        assertThat(playback.finished().toCompletableFuture()).isDone();
        assertThat(session.clock.pendingTimers()).isZero();
    }

    @Test
    @SuppressWarnings("NullAway") // what a caller without null checks may pass
    void aPolicyThatIsNoneIsRefusedInWords() {
        AudioLink link = AudioLink.between(source, sink);
        assertThatThrownBy(() -> link.bargeIn(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("bargeIn(…) takes a policy, such as BargeIn.serverDriven()");
    }

    @Test
    void aLinkServesOneSession() {
        AudioLink link = AudioLink.between(source, sink);
        assertThat(link.perSession()).isTrue();
        session.parts.add(link.open(session));
        assertThatThrownBy(() -> link.room(Duration.ofSeconds(1)).open(session))
                .hasMessage("this AudioLink has served a session, which closed its source and sink: make a new one with"
                        + " AudioLink.between(source, sink)");
    }

    /** A server that detects turns heard the last word of a file, and waited for its end for ever. */
    @Test
    void silenceFollowsTheSourcesEndForTwoSecondsAtTheSamePace() {
        Playback playback = ready(AudioLink.between(source, sink));
        source.give(Pcm.ramp(1, 1_000));
        source.end();
        session.clock.advanceMillis(60);
        assertThat(session.sent.size()).isEqualTo(2_000);
        assertThat(playback.sourceEnded().toCompletableFuture()).isDone();
        session.clock.advanceMillis(1_980);
        assertThat(session.sent.size()).isEqualTo(2_000 + 99 * 960);
        assertThat(session.clock.pendingTimers()).isEqualTo(1);
        session.clock.advanceMillis(20);
        assertThat(session.clock.pendingTimers()).isZero();
        byte[] all = Arrays.copyOf(Pcm.bytes(Pcm.ramp(1, 1_000)), 2_000 + 96_000);
        assertThat(session.sent.toByteArray()).isEqualTo(all);
        assertThat(session.sentAtMillis)
                .hasSize(103)
                .startsWith(20L, 40L, 60L, 80L, 100L)
                .endsWith(2_060L);
        assertThat(playback.counters().sent()).isEqualTo(98_000);
    }

    @Test
    void aSourceThatFailsIsFollowedBySilenceThatMakesUpForNothing() {
        ready(AudioLink.between(source, sink).silenceAfter(Duration.ofMillis(50)));
        source.give(Pcm.ramp(1, 480));
        session.clock.advanceMillis(5_000);
        source.fail();
        session.clock.advanceMillis(20);
        assertThat(session.sent.size()).isEqualTo(960);
        session.clock.advanceMillis(20);
        assertThat(session.sent.size()).isEqualTo(2 * 960);
        session.clock.advanceMillis(1_000);
        assertThat(session.sent.size()).as("to the sample").isEqualTo(960 + 2_400);
        assertThat(session.problems).hasSize(1);
    }

    /** It was once told as a fault of the source, at every frame and for ever. */
    @Test
    void silenceThatCannotBeSentIsToldOnceAndEnds() {
        ready(AudioLink.between(source, sink));
        source.end();
        session.clock.advanceMillis(120);
        session.appendFails = new IllegalStateException("no room anywhere");
        session.clock.advanceMillis(5_000);
        assertThat(session.problems)
                .extracting(problem -> problem.kind() + ": " + problem.message())
                .containsExactly(
                        "AUDIO_DEVICE: the silence after the audio source could not be sent: no room anywhere");
        assertThat(session.clock.pendingTimers()).isZero();
    }

    /** The source's end was never told then. */
    @Test
    void aLastPieceThatCannotBeSentIsToldOnceAndTheEndToo() {
        Playback playback = ready(AudioLink.between(source, sink));
        source.give(Pcm.ramp(1, 100));
        session.clock.advanceMillis(40);
        source.end();
        session.appendFails = new IllegalStateException("no room anywhere");
        session.clock.advanceMillis(5_000);
        assertThat(session.problems)
                .extracting(problem -> problem.kind() + ": " + problem.message())
                .containsExactly(
                        "AUDIO_DEVICE: the silence after the audio source could not be sent: no room anywhere");
        assertThat(playback.sourceEnded().toCompletableFuture()).isDone();
        assertThat(session.clock.pendingTimers()).isZero();
    }

    @Test
    void timersThatAreLateDuringTheSilenceAreNoStallOfTheSource() {
        Playback playback = ready(AudioLink.between(source, sink).silenceAfter(Duration.ofSeconds(10)));
        source.end();
        session.clock.advanceMillis(120);
        session.clock.lateness = Duration.ofSeconds(3);
        session.clock.advanceMillis(8_000);
        assertThat(playback.counters().stalls()).isZero();
    }

    /**
     * A microphone whose clock is slow comes to be a second behind after three hours, and then stalled at every frame,
     * as it was said.
     */
    @Test
    void aSourceWhoseClockIsSlowHasNotStalled() {
        FakeSession hours = new FakeSession(8_000);
        hours.keepsSent = false;
        SlowMicrophone slow = new SlowMicrophone(hours);
        hours.parts.add(AudioLink.between(slow, AudioSink.inMemory(slow.format(), hours.clock))
                .open(hours));
        hours.state(SessionState.READY);
        Playback playback = hours.part(Playback.class);
        hours.clock.advance(Duration.ofHours(3));
        assertThat(playback.counters().stalls()).isZero();
        assertThat(playback.counters().sent()).as("all that there was").isBetween(slow.given - 320, slow.given);
        slow.standsStill = true;
        hours.clock.advance(Duration.ofMillis(1_500));
        assertThat(playback.counters().stalls()).as("that is one").isEqualTo(1);
        slow.standsStill = false;
        hours.clock.advance(Duration.ofMinutes(1));
        assertThat(playback.counters().stalls()).isEqualTo(1);
    }

    /** 100 millionths slow, as cheap ones are. */
    private static final class SlowMicrophone implements AudioSource {
        private final FakeSession session;
        private long given;
        private boolean standsStill;

        SlowMicrophone(FakeSession session) {
            this.session = session;
        }

        @Override
        public PcmFormat format() {
            return new PcmFormat(8_000);
        }

        @Override
        public int read(java.nio.ByteBuffer target) {
            long nanos = session.clock.nanoTime();
            long recorded = 2 * format().samplesIn(nanos - nanos / 10_000);
            int bytes = standsStill ? 0 : (int) Math.min(target.remaining(), recorded - given);
            target.position(target.position() + bytes);
            given += bytes;
            return bytes;
        }

        @Override
        public void close() {}
    }

    @Test
    void theSessionsEndEndsTheSilenceToo() {
        ready(AudioLink.between(source, sink));
        source.end();
        session.clock.advanceMillis(120);
        assertThat(session.sent.size()).isEqualTo(5 * 960);
        session.hangUp();
        session.clock.advanceMillis(5_000);
        assertThat(session.sent.size()).isEqualTo(5 * 960);
        assertThat(source.closed).isTrue();
        assertThat(session.clock.pendingTimers()).isZero();
    }

    @Test
    void timesOfSilenceThatMakeNoSenseAreRefused() {
        AudioLink link = AudioLink.between(source, sink);
        assertThatThrownBy(() -> link.silenceAfter(Duration.ofMillis(-1)))
                .hasMessage("a time is not below zero: PT-0.001S");
        assertThatThrownBy(() -> link.silenceAfter(Duration.ofDays(2)))
                .hasMessage("a time within a call is a day at most, not PT48H");
    }

    /** What is tested without it ends with the source's last sample. */
    private Playback ready() {
        return ready(AudioLink.between(source, sink).silenceAfter(Duration.ZERO));
    }

    private Playback ready(AudioLink link) {
        session.parts.add(link.open(session));
        session.state(SessionState.READY);
        return session.part(Playback.class);
    }
}
