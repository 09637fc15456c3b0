package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.core.SessionState;
import dev.parley.core.event.ServerEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AudioLinkRecordingTest {
    private static final PcmFormat FORMAT = new PcmFormat(24_000);
    private static final int SECOND = 24_000;

    @TempDir
    Path folder;

    private final FakeSession session = new FakeSession(SECOND);
    private final Scripted source = new Scripted(FORMAT);
    private final MemorySink sink = AudioSink.inMemory(FORMAT, session.clock, Duration.ofMillis(200));
    private Path file = Path.of("");

    @BeforeEach
    void begin() {
        file = folder.resolve("call/call.wav");
        session.parts.add(AudioLink.between(source, sink).record(file).open(session));
        session.state(SessionState.READY);
    }

    @Test
    void bothSidesStandOnOneTimeLine() throws IOException {
        source.give(Pcm.ramp(1, 3 * SECOND));
        session.clock.advanceMillis(1_000);
        say("r1", "i1", 111, SECOND);
        session.clock.advanceMillis(2_500);
        say("r2", "i2", 222, SECOND);
        session.clock.advanceMillis(3_000);
        session.hangUp();

        WavFile recording = WavFile.open(file);
        assertThat(recording.channels()).isEqualTo(2);
        short[] left = Pcm.samples(recording.sides()[0]);
        short[] right = Pcm.samples(recording.sides()[1]);
        assertThat(Arrays.copyOf(left, 3 * SECOND)).isEqualTo(Pcm.samples(Pcm.ramp(1, 3 * SECOND)));
        assertSide(right, 0, 1_000, 0);
        assertSide(right, 1_000, 2_000, 111);
        assertSide(right, 2_000, 3_500, 0);
        assertSide(right, 3_500, 4_500, 222);
        assertThat(right).hasSize(4_500 * 24);
    }

    @Test
    void anInterruptedReplyEndsAtTheHeardSampleThenFadesThenIsSilent() throws IOException {
        session.clock.advanceMillis(500);
        say("r1", "i1", 10_000, 10 * SECOND);
        session.clock.advance(Duration.ofNanos(1_234_567_890));
        session.interrupt("r1", "i1");
        session.clock.advanceMillis(500);
        say("r2", "i2", 77, SECOND);
        session.clock.advanceMillis(1_500);
        session.hangUp();

        int start = 500 * 24;
        int heard = (int) FORMAT.samples(Duration.ofNanos(1_234_567_890));
        assertThat(session.heard.get("i1")).isEqualTo(FORMAT.duration(heard));
        short[] right = Pcm.samples(WavFile.open(file).sides()[1]);
        assertThat(Arrays.copyOfRange(right, start, start + heard)).containsOnly(10_000);
        assertThat(right[start + heard]).isBetween((short) 9_900, (short) 9_999);
        assertThat(right[start + heard + 119]).isBetween((short) 0, (short) 20);
        int next = (int) FORMAT.samples(Duration.ofNanos(2_234_567_890L));
        assertThat(Arrays.copyOfRange(right, start + heard + 120, next)).containsOnly(0);
        assertThat(Arrays.copyOfRange(right, next, next + SECOND)).containsOnly(77);
        assertThat(sink.timeline()).isEqualTo(Pcm.bytes(WavFile.open(file).sides()[1]));
    }

    @Test
    void aSourceThatFellSilentLeavesAGapAsLongAsItWas() throws IOException {
        source.give(Pcm.constant(5, SECOND));
        session.clock.advanceMillis(1_000);
        session.clock.advanceMillis(60_000);
        source.give(Pcm.constant(6, 480));
        session.clock.advanceMillis(20);
        session.hangUp();
        short[] left = Pcm.samples(WavFile.open(file).sides()[0]);
        assertThat(left).hasSize(61_020 * 24);
        assertSide(left, 0, 1_000, 5);
        assertSide(left, 1_000, 61_000, 0);
        assertSide(left, 61_000, 61_020, 6);
    }

    @Test
    void whatIsOlderThanTwoSecondsIsInTheFileWhileTheCallGoesOn() throws IOException {
        source.give(Pcm.ramp(1, 10 * SECOND));
        session.clock.advanceMillis(5_000);
        assertThat(WavFile.open(file).duration()).isBetween(Duration.ofMillis(2_500), Duration.ofSeconds(3));
    }

    @Test
    void aRecordingThatCannotBeWrittenIsToldOnce() throws IOException {
        Path blocked = folder.resolve("blocked");
        Files.writeString(blocked, "a file where a folder is needed");
        FakeSession other = new FakeSession(SECOND);
        Scripted caller = new Scripted(FORMAT);
        other.parts.add(AudioLink.between(caller, AudioSink.inMemory(FORMAT, other.clock))
                .record(blocked.resolve("call.wav"))
                .open(other));
        other.state(SessionState.READY);
        caller.give(Pcm.ramp(1, 10 * SECOND));
        other.clock.advanceMillis(10_000);
        other.hangUp();
        assertThat(other.problems).hasSize(1);
        assertThat(other.problems.get(0).message())
                .startsWith("the recording " + blocked.resolve("call.wav") + " cannot be written: ");
        assertThat(other.sent.size()).isEqualTo(20 * SECOND);
        assertThat(other.part(Playback.class).finished().toCompletableFuture()).isDone();
    }

    @Test
    void aDetectorThatRefusesLeavesNoFileAndTheLinkCanBeUsed() throws IOException {
        FakeSession other = new FakeSession(SECOND);
        Path recording = folder.resolve("refused.wav");
        AtomicBoolean refuses = new AtomicBoolean(true);
        AudioLink link = AudioLink.between(new Scripted(FORMAT), AudioSink.inMemory(FORMAT, other.clock))
                .record(recording)
                .bargeIn(BargeIn.local(format -> {
                    if (refuses.get()) {
                        throw new IllegalArgumentException("not at " + format.sampleRate() + " Hz");
                    }
                    return frame -> false;
                }));
        assertThatThrownBy(() -> link.open(other)).hasMessage("not at 24000 Hz");
        assertThat(recording).doesNotExist();
        refuses.set(false);
        other.parts.add(link.open(other));
        other.state(SessionState.READY);
        other.hangUp();
        assertThat(recording).exists();
        assertThatThrownBy(() -> link.open(other)).isInstanceOf(IllegalStateException.class);
    }

    private void say(String responseId, String itemId, int value, int samples) {
        session.event(new ServerEvent.ResponseCreated(responseId));
        session.event(new ServerEvent.OutputAudio(responseId, itemId, Pcm.constant(value, samples)));
    }

    private static void assertSide(short[] side, int fromMillis, int toMillis, int value) {
        assertThat(Arrays.copyOfRange(side, fromMillis * 24, toMillis * 24))
                .as("%s to %s ms", fromMillis, toMillis)
                .containsOnly(value);
    }
}
