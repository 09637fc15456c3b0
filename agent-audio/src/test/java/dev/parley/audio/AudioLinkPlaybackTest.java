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
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

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
    void aMinuteHasRoomUnlessToldOtherwise() {
        Playback playback = open(sink);
        created("r1");
        audio("r1", "i1", Pcm.constant(1, 60 * 24_000));
        assertThat(playback.queued()).isEqualTo(Duration.ofMinutes(1));
        assertThat(session.problems).isEmpty();
        audio("r1", "i1", Pcm.constant(1, 24_000));
        assertThat(playback.queued()).isEqualTo(Duration.ofMinutes(1));
        assertThat(playback.counters().overflowed()).isEqualTo(2 * 24_000);
        assertThat(session.problems).extracting(Problem::kind).containsExactly(Problem.Kind.AUDIO_DROPPED);
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
