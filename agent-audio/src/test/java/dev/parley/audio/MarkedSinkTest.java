package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.core.Interruption;
import dev.parley.core.SessionState;
import dev.parley.core.event.ServerEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** A telephone line that is 60 ms away each, in a session of the same rate unless said. */
class MarkedSinkTest {
    private static final PcmFormat FORMAT = new PcmFormat(8_000);
    private static final int MS = 8;
    private static final int AWAY = 60;

    private final FakeSession session = new FakeSession(8_000);
    private final FarLine line = new FarLine();
    private final MarkedSink sink = MarkedSink.to(line, session.clock);

    @Test
    void whatWasHeardIsWhatTheLineAcknowledgedAndItIsBehindByTheWayThereAndBack() {
        Playback playback = open(BargeIn.serverDriven());
        reply("r1", 1_000);
        var drained = playback.drained().toCompletableFuture();
        session.clock.advanceMillis(AWAY + 100 + AWAY - 1);
        assertThat(playback.heard("i-r1")).isZero();
        session.clock.advanceMillis(21);
        assertThat(playback.heard("i-r1")).isEqualTo(Duration.ofMillis(100));
        assertThat(session.heard).containsExactly(java.util.Map.entry("i-r1", Duration.ofMillis(100)));
        session.clock.advanceMillis(1_000 - 100 - 21);
        assertThat(drained).isNotDone();
        session.clock.advanceMillis(22);
        assertThat(drained).isDone();
        assertThat(playback.heard("i-r1")).isEqualTo(Duration.ofSeconds(1));
        assertThat(Pcm.samples(line.played.toByteArray())).isEqualTo(Pcm.samples(Pcm.ramp(1, 1_000 * MS)));
        assertThat(line.marks).hasSize(10).startsWith("parley-1", "parley-2").endsWith("parley-10");
        assertThat(sink.assumed()).isZero();
    }

    @Test
    void aFlushClearsTheLineAndTheMarksOfWhatWasDroppedMeanNothingThoughTheLineSendsThem() {
        Playback playback = open(BargeIn.serverDriven());
        reply("r1", 900);
        session.clock.advanceMillis(AWAY + 250);
        boolean cut = session.parts.get(0).silence(Interruption.Cause.CALLER_SPOKE);
        assertThat(cut).isTrue();
        assertThat(playback.heard("i-r1"))
                .as("100 ms acknowledged, the second mark on its way")
                .isEqualTo(Duration.ofMillis(100));
        assertThat(playback.playing()).isFalse();
        session.clock.advanceMillis(500);
        assertThat(line.clears).isEqualTo(1);
        assertThat(line.sentSinceClear)
                .as("no fade: it would be heard late, as an echo")
                .isZero();
        assertThat(line.acknowledgedAfterClear).as("as phone lines do").isEqualTo(6);
        assertThat(playback.heard("i-r1")).isEqualTo(Duration.ofMillis(100));
        assertThat(line.played.size()).as("the clear took its way too").isEqualTo(2 * (250 + AWAY) * MS);

        reply("r2", 200);
        session.clock.advanceMillis(AWAY + 100 + AWAY + 20);
        assertThat(playback.heard("i-r2")).isEqualTo(Duration.ofMillis(100));
        session.clock.advanceMillis(120);
        assertThat(playback.heard("i-r2")).isEqualTo(Duration.ofMillis(200));
        assertThat(playback.heard()).isEqualTo(Duration.ofMillis(300));
        assertThat(playback.counters().unplayed()).isEqualTo(2 * 800 * MS);
    }

    @Test
    void marksThatAreLostAreMadeUpForByTheNextOne() {
        line.loses = name -> name.matches("parley-[1-4]");
        Playback playback = open(BargeIn.serverDriven());
        reply("r1", 1_000);
        session.clock.advanceMillis(AWAY + 499 + AWAY);
        assertThat(playback.heard("i-r1")).isZero();
        session.clock.advanceMillis(21);
        assertThat(playback.heard("i-r1")).isEqualTo(Duration.ofMillis(500));
        assertThat(sink.assumed()).isZero();
    }

    @Test
    void marksThatComeLateTwiceOrOutOfOrderNeverMoveBack() {
        Playback playback = open(BargeIn.serverDriven());
        line.loses = name -> true;
        reply("r1", 1_000);
        session.clock.advanceMillis(500);
        sink.acknowledged("parley-3");
        session.clock.advanceMillis(20);
        assertThat(playback.heard("i-r1")).isEqualTo(Duration.ofMillis(300));
        sink.acknowledged("parley-1");
        sink.acknowledged("parley-3");
        session.clock.advanceMillis(20);
        assertThat(playback.heard("i-r1")).isEqualTo(Duration.ofMillis(300));
        for (String stranger : List.of("greeting", "parley-", "parley-x", "parley-11", "parley-99999999999999999999")) {
            sink.acknowledged(stranger);
        }
        session.clock.advanceMillis(20);
        assertThat(playback.heard("i-r1")).as("nobody sent those").isEqualTo(Duration.ofMillis(300));
        sink.acknowledged("parley-10");
        session.clock.advanceMillis(20);
        assertThat(playback.heard("i-r1")).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aLineThatAcknowledgesNothingMoreMutesNobody() {
        line.loses = name -> true;
        Playback playback = open(BargeIn.halfDuplex());
        reply("r1", 1_500);
        session.clock.advanceMillis(2_999);
        assertThat(playback.heard()).isZero();
        session.clock.advanceMillis(21);
        assertThat(playback.heard())
                .as("a second of it was sent, and is two seconds late")
                .isEqualTo(Duration.ofSeconds(1));
        session.clock.advanceMillis(2_520);
        assertThat(playback.heard()).isEqualTo(Duration.ofMillis(1_500));
        assertThat(sink.assumed()).isEqualTo(1_500 * MS);
        assertThat(playback.playing()).isFalse();
        session.clock.advanceMillis(200);
        assertThat(playback.microphoneOpen()).isTrue();
        assertThat(session.problems).isEmpty();
    }

    /** What is taken back from a line that is far away would be heard twice. */
    @Test
    void underALocalPolicyNothingIsSentTwice() {
        Scripted source = new Scripted(FORMAT);
        session.parts.add(AudioLink.between(source, sink)
                .bargeIn(BargeIn.local(
                        format -> pcm16 -> pcm16.order(ByteOrder.LITTLE_ENDIAN).getShort() > 1_000))
                .open(session));
        session.state(SessionState.READY);
        source.give(Pcm.constant(0, 200 * MS));
        source.give(Pcm.constant(8_000, 60 * MS));
        source.give(Pcm.constant(0, 2_000 * MS));
        reply("r1", 1_000);
        session.clock.advanceMillis(230);
        assertThat(session.part(Playback.class).state()).isEqualTo(BargeIn.State.DUCKED);
        session.clock.advanceMillis(1_500);
        assertThat(line.clears).isZero();
        assertThat(Pcm.samples(line.played.toByteArray())).isEqualTo(Pcm.samples(Pcm.ramp(1, 1_000 * MS)));
    }

    @Test
    void worksBehindAResampler() {
        FakeSession wide = new FakeSession(24_000);
        FarLine telephone = new FarLine(wide.clock);
        MarkedSink marked = MarkedSink.to(telephone, wide.clock).markEvery(Duration.ofMillis(20));
        telephone.sink = marked;
        wide.parts.add(
                AudioLink.between(new Scripted(new PcmFormat(24_000)), marked).open(wide));
        wide.state(SessionState.READY);
        wide.event(new ServerEvent.ResponseCreated("r1"));
        wide.event(new ServerEvent.OutputAudio("r1", "i1", Pcm.constant(5_000, 24_000)));
        wide.clock.advanceMillis(500);
        wide.parts.get(0).silence(Interruption.Cause.CALLER_SPOKE);
        assertThat(wide.heard.get("i1"))
                .isBetween(Duration.ofMillis(500 - 2 * AWAY - 40), Duration.ofMillis(500 - 2 * AWAY));
        wide.event(new ServerEvent.ResponseCreated("r2"));
        wide.event(new ServerEvent.OutputAudio("r2", "i2", Pcm.constant(5_000, 24_000)));
        wide.clock.advanceMillis(3_000);
        assertThat(wide.heard.get("i2")).isEqualTo(Duration.ofSeconds(1));
    }

    /**
     * Acknowledgements come too late to see from them that the line runs dry: the last milliseconds, which the filter holds back, once came
     * after a pause, as a click.
     */
    @Test
    void behindAResamplerTheEndOfAReplyComesInTime() {
        FakeSession wide = new FakeSession(24_000);
        FarLine telephone = new FarLine(wide.clock);
        MarkedSink marked = MarkedSink.to(telephone, wide.clock);
        telephone.sink = marked;
        wide.parts.add(
                AudioLink.between(new Scripted(new PcmFormat(24_000)), marked).open(wide));
        wide.state(SessionState.READY);
        wide.event(new ServerEvent.ResponseCreated("r1"));
        wide.event(new ServerEvent.OutputAudio("r1", "i1", Pcm.constant(5_000, 24_000)));
        wide.event(new ServerEvent.ResponseDone("r1", "completed", List.of()));
        wide.clock.advanceMillis(1_000 + 2 * AWAY + 20);
        assertThat(telephone.starts).as("played without a pause").isEqualTo(1);
        assertThat(Pcm.samples(telephone.played.toByteArray())).hasSize(1_000 * MS);
        assertThat(wide.heard.get("i1")).isEqualTo(Duration.ofSeconds(1));
        assertThat(wide.part(Playback.class).playing()).isFalse();
        assertThat(marked.assumed()).isZero();
    }

    @Test
    void aLineThatFailsIsToldOnce() {
        Playback playback = open(BargeIn.serverDriven());
        line.broken = true;
        reply("r1", 100);
        reply("r2", 100);
        assertThat(session.problems)
                .extracting(problem -> problem.kind() + ": " + problem.message())
                .containsExactly(
                        "AUDIO_DEVICE: the audio sink failed and the caller no longer hears the agent: hung up");
        assertThat(playback.playing()).isFalse();
        session.hangUp();
        assertThat(line.closed).isTrue();
    }

    @Test
    void marksAreNotCloserThanFrames() {
        assertThatThrownBy(() -> sink.markEvery(Duration.ofMillis(19)))
                .hasMessage("marks are at least 20 ms apart, not 19 ms");
    }

    /** It was once taken, and the first write said "long overflow". */
    @Test
    void norFurtherApartThanADay() throws IOException {
        assertThatThrownBy(() -> sink.markEvery(Duration.ofSeconds(Long.MAX_VALUE)))
                .hasMessage("a time within a call is a day at most, not PT2562047788015215H30M7S");
        sink.markEvery(Duration.ofDays(1)).write(Pcm.ramp(0, 100));
        assertThat(line.marks).hasSize(1);
    }

    private Playback open(BargeIn policy) {
        session.parts.add(
                AudioLink.between(new Scripted(FORMAT), sink).bargeIn(policy).open(session));
        session.state(SessionState.READY);
        return session.part(Playback.class);
    }

    private void reply(String id, int millis) {
        session.event(new ServerEvent.ResponseCreated(id));
        session.event(new ServerEvent.OutputAudio(id, "i-" + id, Pcm.ramp(1, millis * MS)));
        session.event(new ServerEvent.ResponseDone(id, "completed", List.of()));
    }

    /** Plays in real time what reaches it, acknowledges each mark when it comes to it, and all that are left when it is cleared. */
    private final class FarLine implements MarkedSink.Line {
        private final TestClock clock;
        private final Deque<Object> buffer = new ArrayDeque<>();
        private final ByteArrayOutputStream played = new ByteArrayOutputStream();
        private final List<String> marks = new ArrayList<>();
        private Predicate<String> loses = name -> false;
        private MarkedSink sink;
        private int clears;
        private int acknowledgedAfterClear;
        /** Messages of audio, and marks, as they are sent. */
        private int sentSinceClear;

        private boolean ticking;
        /** How many times it began to play after it had nothing. */
        private int starts;

        private boolean broken;
        private boolean closed;

        FarLine() {
            this(session.clock);
        }

        FarLine(TestClock clock) {
            this.clock = clock;
        }

        @Override
        public PcmFormat format() {
            return FORMAT;
        }

        @Override
        public void audio(ByteBuffer pcm16) throws IOException {
            if (broken) {
                throw new IOException("hung up");
            }
            assertThat(pcm16.remaining()).isBetween(2, 2 * 20 * MS);
            assertThat(pcm16.isReadOnly()).isTrue();
            sentSinceClear++;
            byte[] audio = Pcm.bytes(pcm16);
            later(() -> {
                for (int at = 0; at < audio.length; at += 2) {
                    buffer.add(new byte[] {audio[at], audio[at + 1]});
                }
                if (!ticking) {
                    ticking = true;
                    starts++;
                    tick();
                }
            });
        }

        /** A millisecond of play. */
        private void tick() {
            acknowledge();
            if (buffer.isEmpty()) {
                ticking = false;
                return;
            }
            for (int i = 0; i < MS && !buffer.isEmpty(); ) {
                if (buffer.getFirst() instanceof byte[] sample) {
                    buffer.removeFirst();
                    played.writeBytes(sample);
                    i++;
                } else {
                    acknowledge();
                }
            }
            clock.schedule(Duration.ofMillis(1), this::tick);
        }

        private void acknowledge() {
            while (!buffer.isEmpty() && buffer.getFirst() instanceof String mark) {
                buffer.removeFirst();
                back(mark);
            }
        }

        private void back(String mark) {
            if (!loses.test(mark)) {
                later(() -> (sink == null ? MarkedSinkTest.this.sink : sink).acknowledged(mark));
            }
        }

        @Override
        public void mark(String name) {
            marks.add(name);
            sentSinceClear++;
            later(() -> buffer.add(name));
        }

        @Override
        public void clear() {
            sentSinceClear = 0;
            later(() -> {
                clears++;
                List<Object> rest = List.copyOf(buffer);
                buffer.clear();
                for (Object each : rest) {
                    if (each instanceof String mark) {
                        acknowledgedAfterClear++;
                        back(mark);
                    }
                }
            });
        }

        @Override
        public void close() {
            closed = true;
        }

        private void later(Runnable arrival) {
            clock.schedule(Duration.ofMillis(AWAY), arrival);
        }
    }
}
