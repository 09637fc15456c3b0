package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.core.SessionState;
import dev.parley.core.event.ServerEvent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A reply of two seconds begins at 0 ms; frames of the caller's voice come every 20 ms. */
class LocalBargeInTest {
    private static final PcmFormat FORMAT = new PcmFormat(24_000);
    private static final int MS = 24;
    private static final ByteBuffer REPLY = Pcm.ramp(2_000, 2_000 * MS);

    private final FakeSession session = new FakeSession(24_000);
    private final Scripted source = new Scripted(FORMAT);
    private final MemorySink sink = AudioSink.inMemory(FORMAT, session.clock, Duration.ofMillis(300));

    @Test
    void speechDucksAtItsFirstFrameAndInterruptsAfterAHundredAndTwentyMilliseconds() {
        Playback playback = open(local());
        quiet(200);
        loud(1_000);
        assertThat(playback.state()).isEqualTo(BargeIn.State.LISTENING);
        reply("r1");
        session.clock.advance(Duration.ofMillis(220).minusNanos(1));
        assertThat(playback.state()).isEqualTo(BargeIn.State.SPEAKING);
        session.clock.advance(Duration.ofNanos(1));
        assertThat(playback.state()).isEqualTo(BargeIn.State.DUCKED);
        session.clock.advance(Duration.ofMillis(100).minusNanos(1));
        assertThat(playback.state()).isEqualTo(BargeIn.State.DUCKED);
        session.clock.advance(Duration.ofNanos(1));
        assertThat(playback.state()).isEqualTo(BargeIn.State.INTERRUPTED);
        assertThat(session.heard).containsExactly(java.util.Map.entry("i-r1", Duration.ofMillis(320)));
        session.clock.advanceMillis(500);

        assertThat(session.interruptedAtMillis)
                .as("120 ms after the first loud sample, once")
                .containsExactly(320L);
        short[] said = Pcm.samples(REPLY);
        short[] heard = Pcm.samples(sink.timeline());
        assertThat(heard).as("320 ms and a fade of 5 ms").hasSize(325 * MS);
        assertThat(Arrays.copyOf(heard, 220 * MS)).isEqualTo(Arrays.copyOf(said, 220 * MS));
        for (int i = 220 * MS; i < 225 * MS; i++) {
            assertThat(heard[i]).as("ramp at %s", i).isBetween((short) (said[i] / 4), said[i]);
            assertThat(heard[i] - heard[i - 1]).as("no click at %s", i).isBetween(-300, 300);
        }
        assertThat(Arrays.copyOfRange(heard, 225 * MS, 320 * MS)).isEqualTo(quarter(said, 225 * MS, 320 * MS));
        assertThat(heard[320 * MS]).isLessThanOrEqualTo(heard[320 * MS - 1]).isGreaterThan((short) 1_000);
        assertThat(heard[heard.length - 1]).isBetween((short) 0, (short) 10);
        session.event(new ServerEvent.SpeechStopped(null, null));
        assertThat(playback.state()).isEqualTo(BargeIn.State.LISTENING);
    }

    @Test
    void aFalseAlarmIsRestoredAfterFourHundredMillisecondsOfSilenceWithNothingLost() {
        Playback playback = open(local());
        quiet(200);
        loud(60);
        quiet(3_000);
        reply("r1");
        session.clock.advance(Duration.ofMillis(660).minusNanos(1));
        assertThat(playback.state()).isEqualTo(BargeIn.State.DUCKED);
        session.clock.advance(Duration.ofNanos(1));
        assertThat(playback.state()).isEqualTo(BargeIn.State.SPEAKING);
        session.clock.advanceMillis(1_340);
        session.clock.advance(Duration.ofNanos(1));
        assertThat(playback.state()).isEqualTo(BargeIn.State.LISTENING);

        assertThat(session.interruptedAtMillis).isEmpty();
        assertThat(playback.heard("i-r1")).isEqualTo(Duration.ofSeconds(2));
        assertThat(playback.counters().unplayed()).isZero();
        short[] said = Pcm.samples(REPLY);
        short[] heard = Pcm.samples(sink.timeline());
        assertThat(heard).hasSameSizeAs(said);
        assertThat(Arrays.copyOf(heard, 220 * MS)).isEqualTo(Arrays.copyOf(said, 220 * MS));
        assertThat(Arrays.copyOfRange(heard, 225 * MS, 660 * MS)).isEqualTo(quarter(said, 225 * MS, 660 * MS));
        assertThat(Arrays.copyOfRange(heard, 665 * MS, said.length))
                .isEqualTo(Arrays.copyOfRange(said, 665 * MS, said.length));
    }

    @Test
    void aSourceThatFallsDryEndsTheDoubtToo() {
        Playback playback = open(local());
        loud(40);
        reply("r1");
        session.clock.advanceMillis(100);
        assertThat(playback.state()).isEqualTo(BargeIn.State.DUCKED);
        session.clock.advanceMillis(340);
        assertThat(playback.state()).isEqualTo(BargeIn.State.SPEAKING);
    }

    @Test
    void clicksNeverAddUpToSpeech() {
        Playback playback = open(local());
        clicks(15);
        reply("r1");
        session.clock.advanceMillis(1_240);
        assertThat(playback.state()).isEqualTo(BargeIn.State.DUCKED);
        assertThat(session.interruptedAtMillis).isEmpty();
    }

    /** A keyboard, a clock, a voice next door: none of them keeps the agent quiet for as long as it lasts. */
    @Test
    void doubtThatLastsTwoSecondsEndsAtFullVoiceUntilItWasQuietOnce() {
        Playback playback = open(local());
        clicks(30);
        quiet(400);
        clicks(1);
        quiet(1_000);
        short[] said = longReply();
        session.clock.advance(Duration.ofMillis(2_020).minusNanos(1));
        assertThat(playback.state()).isEqualTo(BargeIn.State.DUCKED);
        session.clock.advance(Duration.ofNanos(1));
        assertThat(playback.state()).isEqualTo(BargeIn.State.SPEAKING);
        session.clock.advanceMillis(2_799 - 2_020);
        assertThat(playback.state()).as("clicks go on").isEqualTo(BargeIn.State.SPEAKING);
        session.clock.advanceMillis(21);
        assertThat(playback.state()).as("it was quiet, and clicks again").isEqualTo(BargeIn.State.DUCKED);
        session.clock.advanceMillis(1_000);
        assertThat(playback.state()).isEqualTo(BargeIn.State.SPEAKING);
        assertThat(session.interruptedAtMillis).isEmpty();
        short[] heard = Pcm.samples(sink.timeline());
        assertThat(Arrays.copyOfRange(heard, 25 * MS, 2_020 * MS)).isEqualTo(quarter(said, 25 * MS, 2_020 * MS));
        assertThat(Arrays.copyOfRange(heard, 2_025 * MS, 2_820 * MS))
                .isEqualTo(Arrays.copyOfRange(said, 2_025 * MS, 2_820 * MS));
    }

    @Test
    void twoSecondsOfDoubtAreTheMostWhateverTheSilenceIsToBe() {
        Playback playback = open(local().restoreAfter(Duration.ofSeconds(5)));
        clicks(60);
        longReply();
        session.clock.advance(Duration.ofMillis(2_020).minusNanos(1));
        assertThat(playback.state()).isEqualTo(BargeIn.State.DUCKED);
        session.clock.advance(Duration.ofNanos(1));
        assertThat(playback.state()).isEqualTo(BargeIn.State.SPEAKING);
    }

    @Test
    void whoSpeaksAfterDoubtThatTookTooLongInterruptsAllTheSame() {
        Playback playback = open(local());
        clicks(27);
        loud(1_000);
        longReply();
        session.clock.advanceMillis(27 * 80);
        assertThat(playback.state()).isEqualTo(BargeIn.State.SPEAKING);
        session.clock.advanceMillis(119);
        assertThat(session.interruptedAtMillis).isEmpty();
        session.clock.advanceMillis(1);
        assertThat(session.interruptedAtMillis).containsExactly(27 * 80 + 120L);
        assertThat(playback.state()).isEqualTo(BargeIn.State.INTERRUPTED);
        session.clock.advanceMillis(200);
        session.event(new ServerEvent.SpeechStopped(null, null));
        reply("r2");
        session.clock.advanceMillis(20);
        assertThat(playback.state()).as("the next reply begins anew").isEqualTo(BargeIn.State.DUCKED);
    }

    @Test
    void theServersOwnWordFlushesWhateverTheDetectorSays() {
        Playback playback = open(local());
        quiet(200);
        loud(2_000);
        reply("r1");
        session.clock.advanceMillis(250);
        assertThat(playback.state()).isEqualTo(BargeIn.State.DUCKED);
        session.interrupt("r1", "i-r1");
        assertThat(playback.state()).isEqualTo(BargeIn.State.INTERRUPTED);
        assertThat(session.heard.get("i-r1")).isEqualTo(Duration.ofMillis(250));
        session.clock.advanceMillis(500);
        assertThat(session.interruptedAtMillis)
                .as("there is nothing left to interrupt")
                .isEmpty();
        assertThat(playback.state()).isEqualTo(BargeIn.State.INTERRUPTED);
        assertThat(Pcm.samples(sink.timeline())).hasSize(255 * MS);
    }

    @Test
    void theGreetingIsNotInterruptedBeforeSoMuchOfItWasHeard() {
        Playback playback = open(local().notBefore(Duration.ofMillis(500)));
        loud(3_000);
        reply("r1");
        session.clock.advanceMillis(500);
        assertThat(playback.state()).isEqualTo(BargeIn.State.DUCKED);
        assertThat(Arrays.copyOf(Pcm.samples(sink.timeline()), 500 * MS))
                .isEqualTo(Arrays.copyOf(Pcm.samples(REPLY), 500 * MS));
        session.clock.advanceMillis(100);
        assertThat(session.interruptedAtMillis).containsExactly(600L);
        assertThat(session.heard.get("i-r1")).isEqualTo(Duration.ofMillis(600));
        session.clock.advanceMillis(400);
        reply("r2");
        session.clock.advanceMillis(120);
        assertThat(session.interruptedAtMillis)
                .as("of the session, so that the next reply is free")
                .containsExactly(600L, 1_120L);
    }

    @Test
    void theNumbersAreOptions() {
        Playback playback = open(local().confirmAfter(Duration.ofMillis(60))
                .restoreAfter(Duration.ofMillis(100))
                .duckTo(0));
        quiet(100);
        loud(40);
        quiet(160);
        loud(60);
        quiet(100);
        reply("r1");
        session.clock.advanceMillis(239);
        assertThat(playback.state()).isEqualTo(BargeIn.State.DUCKED);
        assertThat(Arrays.copyOfRange(Pcm.samples(sink.timeline()), 125 * MS, 239 * MS))
                .containsOnly(0);
        session.clock.advanceMillis(1);
        assertThat(playback.state()).isEqualTo(BargeIn.State.SPEAKING);
        session.clock.advanceMillis(200);
        assertThat(session.interruptedAtMillis).containsExactly(360L);
        assertThatThrownBy(() -> local().duckTo(1.1)).hasMessage("a gain lies between 0 and 1, not 1.1");
        assertThatThrownBy(() -> local().confirmAfter(Duration.ofMillis(-1)))
                .hasMessage("a time is not below zero: PT-0.001S");
    }

    @Test
    void aReplyThatEndsInDoubtLeavesTheNextOneLoud() {
        Playback playback = open(local());
        quiet(1_960);
        loud(80);
        reply("r1");
        session.clock.advanceMillis(2_001);
        assertThat(playback.state()).isEqualTo(BargeIn.State.LISTENING);
        session.clock.advanceMillis(100);
        reply("r2");
        session.clock.advanceMillis(500);
        short[] heard = Pcm.samples(sink.timeline());
        assertThat(Arrays.copyOfRange(heard, 2_101 * MS, 2_601 * MS))
                .isEqualTo(Arrays.copyOf(Pcm.samples(REPLY), 500 * MS));
    }

    /** No server hears the caller then: only the detector can. */
    @Test
    void whatStillPlaysWhileTheSessionReconnectsIsInterrupted() {
        Playback playback = open(local());
        quiet(400);
        loud(1_000);
        reply("r1");
        session.clock.advanceMillis(200);
        session.state(SessionState.RECONNECTING);
        session.clock.advanceMillis(319);
        assertThat(playback.state()).isEqualTo(BargeIn.State.DUCKED);
        session.clock.advanceMillis(1);
        assertThat(session.interruptedAtMillis).containsExactly(520L);
        assertThat(playback.state()).isEqualTo(BargeIn.State.INTERRUPTED);
        assertThat(playback.heard("i-r1")).isEqualTo(Duration.ofMillis(520));
        assertThat(session.heard)
                .as("the next server may have an item of that name")
                .containsExactly(java.util.Map.entry("i-r1@1", Duration.ofMillis(520)));
        session.clock.advanceMillis(500);
        assertThat(Pcm.samples(sink.timeline())).hasSize(525 * MS);
        session.state(SessionState.READY);
        session.clock.advanceMillis(500);
        reply("r1");
        session.clock.advanceMillis(500);
        assertThat(playback.heard("i-r1")).as("the next one's own").isEqualTo(Duration.ofMillis(500));
        assertThat(session.interruptedAtMillis).hasSize(1);
    }

    @Test
    void otherPoliciesLeaveInterruptionsToTheServer() {
        open(BargeIn.halfDuplex());
        assertThat(session.parts.get(0).interruptsItself()).isFalse();
    }

    @Test
    void theRecordingHoldsWhatWasHeardQuietPartsIncluded(@org.junit.jupiter.api.io.TempDir java.nio.file.Path folder)
            throws java.io.IOException {
        java.nio.file.Path wav = folder.resolve("call.wav");
        session.parts.add(
                AudioLink.between(source, sink).bargeIn(local()).record(wav).open(session));
        session.state(SessionState.READY);
        quiet(200);
        loud(60);
        quiet(3_000);
        reply("r1");
        session.clock.advanceMillis(2_500);
        session.hangUp();
        short[] right = Pcm.samples(WavFile.open(wav).sides()[1]);
        short[] heard = Pcm.samples(sink.timeline());
        assertThat(Arrays.copyOf(right, heard.length)).isEqualTo(heard);
    }

    @Test
    void anotherPolicyHasNoButton() {
        Playback playback = open(local());
        assertThatThrownBy(playback::press)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("there is no button to press in this session:"
                        + " give its AudioLink bargeIn(BargeIn.pushToTalk())");
        assertThatThrownBy(playback::release).isInstanceOf(IllegalStateException.class);
    }

    private static LocalBargeIn local() {
        return BargeIn.local(
                format -> pcm16 -> pcm16.order(ByteOrder.LITTLE_ENDIAN).getShort() > 1_000);
    }

    private Playback open(BargeIn policy) {
        session.parts.add(AudioLink.between(source, sink).bargeIn(policy).open(session));
        session.state(SessionState.READY);
        return session.part(Playback.class);
    }

    private void quiet(int millis) {
        source.give(Pcm.constant(0, millis * MS));
    }

    private void loud(int millis) {
        source.give(Pcm.constant(8_000, millis * MS));
    }

    private void clicks(int count) {
        for (int i = 0; i < count; i++) {
            loud(20);
            quiet(60);
        }
    }

    private short[] longReply() {
        ByteBuffer audio = Pcm.ramp(2_000, 5_000 * MS);
        session.event(new ServerEvent.OutputAudio("r1", "i-r1", audio.duplicate()));
        return Pcm.samples(audio);
    }

    private void reply(String id) {
        session.event(new ServerEvent.ResponseCreated(id));
        session.event(new ServerEvent.OutputAudio(id, "i-" + id, REPLY.duplicate()));
        session.event(new ServerEvent.ResponseDone(id, "completed", List.of()));
    }

    private static short[] quarter(short[] samples, int from, int to) {
        short[] quiet = Arrays.copyOfRange(samples, from, to);
        for (int i = 0; i < quiet.length; i++) {
            quiet[i] = (short) Math.round(quiet[i] * 0.25);
        }
        return quiet;
    }
}
