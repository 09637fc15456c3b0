package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.core.Interruption;
import dev.parley.core.SessionState;
import dev.parley.core.event.ServerEvent;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The caller's source says 7 all the time; what is sent in its place is 0. Frames go out every 20 ms. */
class HeldMicrophoneTest {
    private static final PcmFormat FORMAT = new PcmFormat(24_000);
    private static final int MS = 24;

    private final FakeSession session = new FakeSession(24_000);
    private final Scripted source = new Scripted(FORMAT);
    private final MemorySink sink = AudioSink.inMemory(FORMAT, session.clock, Duration.ofMillis(300));

    @Test
    void halfDuplexHoldsTheMicrophoneFromTheReplysBeginningUntilItHasBeenPlayedOut() {
        Playback playback = open(BargeIn.halfDuplex());
        session.clock.advanceMillis(100);
        session.event(new ServerEvent.ResponseCreated("r1"));
        assertThat(playback.microphoneOpen()).isFalse();
        session.clock.advanceMillis(200);
        audio("r1", 1_000);
        session.event(new ServerEvent.ResponseDone("r1", "completed", List.of()));
        session.clock.advanceMillis(1_000);
        session.clock.advance(Duration.ofMillis(200).minusNanos(1));
        assertThat(playback.microphoneOpen()).as("played out at 1,300 ms").isFalse();
        session.clock.advance(Duration.ofNanos(1));
        assertThat(playback.microphoneOpen()).isTrue();
        session.clock.advanceMillis(100);

        short[] sent = Pcm.samples(session.sent.toByteArray());
        assertThat(sent).as("the pace goes on").hasSize(1_600 * MS);
        for (int i = 0; i < sent.length; i++) {
            boolean held = i >= 100 * MS && i < 1_500 * MS;
            assertThat(sent[i]).as("sample %s", i).isEqualTo((short) (held ? 0 : 7));
        }
    }

    @Test
    void aReplyWithoutSoundHoldsItOnlyUntilItsEnd() {
        Playback playback = open(BargeIn.halfDuplex().tail(Duration.ZERO));
        session.event(new ServerEvent.ResponseCreated("r1"));
        assertThat(playback.microphoneOpen()).isFalse();
        session.event(new ServerEvent.ResponseDone("r1", "completed", List.of()));
        assertThat(playback.microphoneOpen()).isTrue();
    }

    /** A summary that is written beside the call muted the caller for as long as it took. */
    @Test
    void whatIsWrittenOutsideOfTheConversationHoldsNothing() {
        Playback playback = open(BargeIn.halfDuplex());
        session.event(new ServerEvent.ResponseCreated("summary", true));
        assertThat(playback.microphoneOpen()).isTrue();
        session.event(new ServerEvent.ResponseDone("summary", "completed", List.of()));
        assertThat(playback.microphoneOpen()).isTrue();
    }

    @Test
    void whatIsSpokenOutsideOfTheConversationHoldsItWhileItIsHeard() {
        Playback playback = open(BargeIn.halfDuplex());
        session.event(new ServerEvent.ResponseCreated("notice", true));
        audio("notice", 100);
        assertThat(playback.microphoneOpen()).isFalse();
        session.event(new ServerEvent.ResponseDone("notice", "completed", List.of()));
        session.clock.advanceMillis(301);
        assertThat(playback.microphoneOpen()).isTrue();
    }

    /** Before its first sound the microphone was opened: the server heard the room, and then the agent. */
    @Test
    void theEndOfAnotherReplyDoesNotOpenItBeforeTheFirstSound() {
        Playback playback = open(BargeIn.halfDuplex());
        session.event(new ServerEvent.ResponseCreated("summary", true));
        session.event(new ServerEvent.ResponseCreated("r1"));
        session.event(new ServerEvent.ResponseDone("summary", "completed", List.of()));
        session.clock.advanceMillis(1_000);
        assertThat(playback.microphoneOpen()).isFalse();
        audio("r1", 100);
        session.event(new ServerEvent.ResponseDone("r1", "completed", List.of()));
        session.clock.advanceMillis(301);
        assertThat(playback.microphoneOpen()).isTrue();
    }

    @Test
    void audioThatRunsDryInTheMiddleOfAReplyDoesNotOpenIt() {
        Playback playback = open(BargeIn.halfDuplex());
        session.event(new ServerEvent.ResponseCreated("r1"));
        audio("r1", 100);
        session.clock.advanceMillis(1_000);
        assertThat(playback.state()).isEqualTo(BargeIn.State.LISTENING);
        assertThat(playback.microphoneOpen()).isFalse();
        audio("r1", 100);
        session.event(new ServerEvent.ResponseDone("r1", "completed", List.of()));
        session.clock.advanceMillis(301);
        assertThat(playback.microphoneOpen()).isTrue();
    }

    @Test
    void aPersonsInterruptOpensItAtOnce() {
        Playback playback = open(BargeIn.halfDuplex());
        session.event(new ServerEvent.ResponseCreated("r1"));
        audio("r1", 1_000);
        session.clock.advanceMillis(100);
        session.interrupt();
        assertThat(playback.microphoneOpen()).isTrue();
        assertThat(playback.state()).isEqualTo(BargeIn.State.INTERRUPTED);
        session.event(new ServerEvent.ResponseDone("r1", "cancelled", List.of()));
        session.clock.advanceMillis(5_000);
        assertThat(playback.microphoneOpen()).isTrue();
    }

    @Test
    void anErrorOpensIt() {
        Playback playback = open(BargeIn.halfDuplex());
        session.event(new ServerEvent.ResponseCreated("r1"));
        session.event(new ServerEvent.ErrorEvent("server_error", "server_error", null, null));
        assertThat(playback.microphoneOpen()).isTrue();
    }

    /** Many errors have nothing to do with the reply: a request that came too late, say. The agent would hear itself. */
    @Test
    void anErrorWhileTheAgentIsHeardOpensItOnceTheRestHasBeenPlayed() {
        Playback playback = open(BargeIn.halfDuplex());
        session.event(new ServerEvent.ResponseCreated("r1"));
        audio("r1", 500);
        session.clock.advanceMillis(100);
        session.event(new ServerEvent.ErrorEvent(
                "invalid_request_error", "conversation_already_has_active_response", null, null));
        assertThat(playback.microphoneOpen()).isFalse();
        session.clock.advance(Duration.ofMillis(600).minusNanos(1));
        assertThat(playback.microphoneOpen()).isFalse();
        session.clock.advance(Duration.ofNanos(2));
        assertThat(playback.microphoneOpen())
                .as("the end of the reply may never come")
                .isTrue();
        audio("r1", 100);
        assertThat(playback.microphoneOpen()).as("it goes on").isFalse();
    }

    @Test
    void aLostConnectionOpensItOnceTheRestHasBeenPlayed() {
        Playback playback = open(BargeIn.halfDuplex().tail(Duration.ZERO));
        session.event(new ServerEvent.ResponseCreated("r1"));
        audio("r1", 100);
        session.state(SessionState.RECONNECTING);
        assertThat(playback.microphoneOpen()).isFalse();
        session.clock.advanceMillis(101);
        assertThat(playback.microphoneOpen()).isTrue();
    }

    @Test
    void aConnectionThatIsLostBeforeAReplysFirstSoundOpensItAfterTheRoomsEcho() {
        Playback playback = open(BargeIn.halfDuplex());
        session.event(new ServerEvent.ResponseCreated("r1"));
        session.state(SessionState.RECONNECTING);
        session.clock.advance(Duration.ofMillis(200).minusNanos(1));
        assertThat(playback.microphoneOpen()).isFalse();
        session.clock.advance(Duration.ofNanos(1));
        assertThat(playback.microphoneOpen()).isTrue();
        session.state(SessionState.READY);
        session.event(new ServerEvent.ResponseCreated("r1"));
        assertThat(playback.microphoneOpen())
                .as("the next reply holds it again")
                .isFalse();
    }

    @Test
    void aLostConnectionEndsTheWaitForACallerWhoInterrupted() {
        Playback playback = open(BargeIn.serverDriven());
        session.event(new ServerEvent.ResponseCreated("r1"));
        audio("r1", 1_000);
        session.clock.advanceMillis(100);
        session.parts.get(0).silence(Interruption.Cause.CALLER_SPOKE);
        assertThat(playback.state()).isEqualTo(BargeIn.State.INTERRUPTED);
        session.state(SessionState.RECONNECTING);
        assertThat(playback.state()).isEqualTo(BargeIn.State.LISTENING);
    }

    @Test
    void aLostEndOfAReplyMutesNobodyForEver() {
        Playback playback = open(BargeIn.halfDuplex());
        session.event(new ServerEvent.ResponseCreated("r1"));
        audio("r1", 15_000);
        session.clock.advanceMillis(15_001);
        assertThat(playback.playing()).isFalse();
        session.clock.advanceMillis(5_000);
        assertThat(playback.microphoneOpen())
                .as("something was heard since 10 s")
                .isFalse();
        session.clock.advanceMillis(10_000);
        assertThat(playback.microphoneOpen()).isTrue();
    }

    @Test
    void aSinkThatIsStuckMutesNobodyForEver() {
        Playback playback = open(BargeIn.halfDuplex().patience(Duration.ofSeconds(2)), new StuckSink());
        session.event(new ServerEvent.ResponseCreated("r1"));
        audio("r1", 1_000);
        session.event(new ServerEvent.ResponseDone("r1", "completed", List.of()));
        session.clock.advance(Duration.ofSeconds(2).minusNanos(1));
        assertThat(playback.microphoneOpen()).isFalse();
        session.clock.advance(Duration.ofNanos(1));
        assertThat(playback.microphoneOpen()).isTrue();
        assertThat(playback.playing()).isTrue();
        assertThatThrownBy(() -> BargeIn.halfDuplex().patience(Duration.ZERO))
                .hasMessage("patience is a time above zero, not PT0S");
    }

    @Test
    void aSinkThatFailsMutesNobody() {
        Playback playback = open(BargeIn.halfDuplex().tail(Duration.ZERO));
        sink.close();
        session.event(new ServerEvent.ResponseCreated("r1"));
        audio("r1", 1_000);
        session.event(new ServerEvent.ResponseDone("r1", "completed", List.of()));
        assertThat(session.problems).hasSize(1);
        assertThat(playback.microphoneOpen()).isTrue();
    }

    @Test
    void theButtonInterruptsAndOpensTheMicrophoneForAsLongAsItIsHeld() {
        Playback playback = open(BargeIn.pushToTalk());
        session.event(new ServerEvent.ResponseCreated("r1"));
        audio("r1", 5_000);
        session.clock.advanceMillis(100);
        playback.press();
        playback.press();
        assertThat(playback.state()).isEqualTo(BargeIn.State.INTERRUPTED);
        assertThat(session.heard.get("i")).isEqualTo(Duration.ofMillis(100));
        session.clock.advanceMillis(200);
        playback.release();
        session.clock.advanceMillis(100);
        assertThat(session.interruptedAtMillis).containsExactly(100L);
        short[] sent = Pcm.samples(session.sent.toByteArray());
        assertThat(sent).hasSize(400 * MS);
        for (int i = 0; i < sent.length; i++) {
            boolean held = i < 120 * MS || i >= 300 * MS;
            assertThat(sent[i]).as("sample %s", i).isEqualTo((short) (held ? 0 : 7));
        }
    }

    @Test
    void theCallersOwnInterruptionStandsUnderEveryPolicy() {
        Playback playback = open(BargeIn.pushToTalk());
        session.event(new ServerEvent.ResponseCreated("r1"));
        audio("r1", 1_000);
        session.parts.get(0).silence(Interruption.Cause.CALLER_SPOKE);
        assertThat(playback.state()).isEqualTo(BargeIn.State.INTERRUPTED);
        assertThat(playback.microphoneOpen()).as("nobody presses").isFalse();
    }

    private Playback open(BargeIn policy) {
        return open(policy, sink);
    }

    private Playback open(BargeIn policy, AudioSink output) {
        session.parts.add(AudioLink.between(source, output).bargeIn(policy).open(session));
        session.state(SessionState.READY);
        source.give(Pcm.constant(7, 40_000 * MS));
        return session.part(Playback.class);
    }

    private void audio(String responseId, int millis) {
        session.event(new ServerEvent.OutputAudio(responseId, "i", Pcm.constant(5_000, millis * MS)));
    }

    /** Takes a little and never plays it. */
    private static final class StuckSink extends SilentSink {
        private boolean full;

        @Override
        public int write(ByteBuffer pcm16) {
            int taken = full ? 0 : 100;
            full = true;
            return taken;
        }
    }
}
