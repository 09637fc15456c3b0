package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.Interruption;
import dev.parley.core.Problem;
import dev.parley.core.SessionState;
import dev.parley.core.event.ServerEvent;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Detectors that do not open, throw, or do not come back: the server interrupts then. A reply of two seconds begins at 0 ms. */
class UnrulyDetectorsTest {
    private static final PcmFormat FORMAT = new PcmFormat(24_000);
    private static final int MS = 24;
    private static final ByteBuffer REPLY = Pcm.ramp(2_000, 2_000 * MS);

    private final FakeSession session = new FakeSession(24_000);
    private final Scripted source = new Scripted(FORMAT);
    private final MemorySink sink = AudioSink.inMemory(FORMAT, session.clock, Duration.ofMillis(300));
    private int closedDetectors;

    /** Native code that does not load, say. A rate that it does not know is another matter: that is a mistake of the program. */
    @Test
    void aDetectorThatDoesNotOpenIsToldOnceAndTheServerInterruptsByItself() {
        Playback playback = open(BargeIn.local(format -> {
            throw new UnsatisfiedLinkError("no such library");
        }));
        assertThat(session.problems)
                .extracting(problem -> problem.kind() + ": " + problem.message())
                .containsExactly(
                        Problem.Kind.EXTENSION_FAILED
                                + ": the speech detector failed; from now on only the server interrupts the agent: no such library");
        assertThat(session.parts.get(0).interruptsItself())
                .as("so the server is not asked to leave it")
                .isFalse();
        loud(1_000);
        reply("r1");
        session.clock.advanceMillis(400);
        assertThat(playback.state()).isEqualTo(BargeIn.State.SPEAKING);
        assertThat(session.sent.size()).isEqualTo(2 * 400 * MS);
        assertThat(session.parts.get(0).silence(Interruption.Cause.CALLER_SPOKE))
                .isTrue();
        session.hangUp();
        assertThat(session.problems).hasSize(1);
    }

    /** A server that was asked to leave interruptions to the detector would otherwise never be listened to. */
    @Test
    void aDetectorThatThrowsIsToldOnceAndTheServerAloneInterrupts() {
        Playback playback = open(BargeIn.local(format -> new SpeechDetector.Stream() {
            @Override
            public boolean isSpeech(ByteBuffer pcm16) {
                throw new IllegalStateException("no model");
            }

            @Override
            public void close() {
                closedDetectors++;
            }
        }));
        loud(1_000);
        reply("r1");
        session.clock.advanceMillis(400);
        assertThat(session.problems)
                .extracting(problem -> problem.kind() + ": " + problem.message())
                .containsExactly(Problem.Kind.EXTENSION_FAILED
                        + ": the speech detector failed; from now on only the server interrupts the agent: no model");
        assertThat(session.sent.size()).isEqualTo(2 * 400 * MS);
        boolean cut = session.parts.get(0).silence(Interruption.Cause.CALLER_SPOKE);
        assertThat(cut).isTrue();
        assertThat(playback.state()).isEqualTo(BargeIn.State.INTERRUPTED);
        session.hangUp();
        assertThat(closedDetectors).isEqualTo(1);
    }

    /** Left alone, it would hold up the caller's voice for as long: the server would hear nothing, nor the call end. */
    @Test
    @Timeout(60)
    void aDetectorThatDoesNotComeBackIsGivenUpAfterASecondAndTheCallerIsHeardAllTheWhile() throws Exception {
        ExecutorService lane = Executors.newSingleThreadExecutor();
        session.lanes.put("speech-detector", lane);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        Playback playback = open(BargeIn.local(format -> new SpeechDetector.Stream() {
            @Override
            public boolean isSpeech(ByteBuffer pcm16) {
                entered.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
                return true;
            }

            @Override
            public void close() {
                closed.countDown();
            }
        }));
        loud(2_000);
        reply("r1");
        session.clock.advanceMillis(20);
        assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
        session.clock.advanceMillis(64 * 20);
        assertThat(session.problems).isEmpty();
        session.clock.advanceMillis(20);
        assertThat(session.problems)
                .extracting(problem -> problem.kind() + ": " + problem.message())
                .containsExactly(
                        "EXTENSION_FAILED: the speech detector failed; from now on only the server interrupts the"
                                + " agent: it is more than a second behind the caller");
        assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(playback.state()).as("its last word counts no more").isEqualTo(BargeIn.State.SPEAKING);
        session.clock.advanceMillis(680);
        assertThat(Pcm.samples(session.sent.toByteArray())).hasSize(2_000 * MS).doesNotContain((short) 0);
        session.hangUp();
        assertThat(playback.finished().toCompletableFuture()).isDone();
        lane.shutdown();
        assertThat(lane.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(session.problems).hasSize(1);
    }

    @Test
    void withoutItsDetectorTheServersWordInterruptsWhereTheServerDoesNotItself() {
        Playback playback = open(BargeIn.local(format -> pcm16 -> {
            throw new AssertionError("an Error counts too");
        }));
        assertThat(session.parts.get(0).interruptsItself()).isTrue();
        loud(1_000);
        reply("r1");
        session.clock.advanceMillis(400);
        session.event(new ServerEvent.SpeechStarted(null, null));
        assertThat(session.interruptedAtMillis).containsExactly(400L);
        assertThat(playback.state()).isEqualTo(BargeIn.State.INTERRUPTED);
    }

    @Test
    void aDetectorThatFailsInDoubtLeavesTheAgentAtFullVoice() {
        int[] frames = {0};
        Playback playback = open(BargeIn.local(format -> pcm16 -> {
            if (++frames[0] == 3) {
                throw new IllegalStateException("out of memory");
            }
            return true;
        }));
        loud(1_000);
        reply("r1");
        session.clock.advanceMillis(40);
        assertThat(playback.state()).isEqualTo(BargeIn.State.DUCKED);
        session.clock.advanceMillis(20);
        assertThat(playback.state()).isEqualTo(BargeIn.State.SPEAKING);
        session.clock.advanceMillis(1_941);
        short[] heard = Pcm.samples(sink.timeline());
        assertThat(Arrays.copyOfRange(heard, 65 * MS, 2_000 * MS))
                .isEqualTo(Arrays.copyOfRange(Pcm.samples(REPLY), 65 * MS, 2_000 * MS));
    }

    private Playback open(BargeIn policy) {
        session.parts.add(AudioLink.between(source, sink).bargeIn(policy).open(session));
        session.state(SessionState.READY);
        return session.part(Playback.class);
    }

    private void loud(int millis) {
        source.give(Pcm.constant(8_000, millis * MS));
    }

    private void reply(String id) {
        session.event(new ServerEvent.ResponseCreated(id));
        session.event(new ServerEvent.OutputAudio(id, "i-" + id, REPLY.duplicate()));
        session.event(new ServerEvent.ResponseDone(id, "completed", List.of()));
    }
}
