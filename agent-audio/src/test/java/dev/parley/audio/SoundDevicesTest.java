package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.core.SessionState;
import dev.parley.core.event.ServerEvent;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.SourceDataLine;
import javax.sound.sampled.TargetDataLine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Microphone and Speaker over lines that a test makes up; machines that test have no sound. */
class SoundDevicesTest {
    private static final PcmFormat FORMAT = new PcmFormat(24_000);

    private final TestClock clock = new TestClock();
    private final List<String> calls = new ArrayList<>();
    private byte[] recorded = new byte[0];
    private int available;
    private long position;
    private boolean open = true;
    private boolean taken;

    @Test
    void aMicrophoneGivesWhatThereIsInWholeSamplesWithoutWaiting() throws IOException {
        Microphone microphone = new Microphone(line(TargetDataLine.class), FORMAT, clock);
        assertThat(calls).containsExactly("open 24000.0 Hz, 16 bit, mono, 2 bytes/frame, little-endian 24000", "start");
        ByteBuffer target = ByteBuffer.allocate(100);
        assertThat(microphone.read(target)).isZero();
        available = 61;
        assertThat(microphone.read(target)).isEqualTo(60);
        available = 1_000;
        assertThat(microphone.read(target)).isEqualTo(40);
        assertThat(microphone.read(target)).isZero();
        microphone.close();
        microphone.close();
        assertThat(calls).endsWith("read 60", "read 40", "stop", "close");
        assertThat(microphone.read(target)).isEqualTo(-1);
    }

    @Test
    void aMicrophoneThatWasUnpluggedSaysSo() throws IOException {
        Microphone microphone = new Microphone(line(TargetDataLine.class), FORMAT, clock);
        open = false;
        assertThatThrownBy(() -> microphone.read(ByteBuffer.allocate(10)))
                .hasMessage("the microphone is gone: it was unplugged, or taken by the system");
    }

    /** On Linux the line of a device that is gone stays open, and is empty for ever. */
    @Test
    void aMicrophoneThatGivesNothingForThreeSecondsIsGone() throws IOException {
        Microphone microphone = new Microphone(line(TargetDataLine.class), FORMAT, clock);
        ByteBuffer target = ByteBuffer.allocate(10_000);
        for (int i = 0; i < 10; i++) {
            clock.advanceMillis(2_999);
            assertThat(microphone.read(target)).isZero();
            clock.advanceMillis(1);
            available = 96;
            assertThat(microphone.read(target)).isEqualTo(96);
            available = 0;
        }
        assertThat(microphone.read(target)).isZero();
        clock.advanceMillis(2_999);
        assertThat(microphone.read(target)).isZero();
        clock.advanceMillis(1);
        assertThatThrownBy(() -> microphone.read(target))
                .hasMessage("the microphone is gone: it was unplugged, or taken by the system");
    }

    @Test
    void aMicrophoneThatNobodyReadsForAWhileIsNotGone() throws IOException {
        Microphone microphone = new Microphone(line(TargetDataLine.class), FORMAT, clock);
        ByteBuffer target = ByteBuffer.allocate(100);
        assertThat(microphone.read(target)).isZero();
        clock.advanceMillis(60_000);
        available = 24_000;
        assertThat(microphone.read(target)).isEqualTo(100);
        clock.advanceMillis(60_000);
        assertThat(microphone.read(target)).as("no room to read into").isZero();
    }

    @Test
    void aMicrophoneUnpluggedInTheMiddleOfACallIsToldOnceAndTheSessionGoesOn() throws IOException {
        FakeSession session = new FakeSession(24_000);
        Microphone microphone = new Microphone(line(TargetDataLine.class), FORMAT, session.clock);
        session.parts.add(AudioLink.between(microphone, AudioSink.inMemory(FORMAT, session.clock))
                .silenceAfter(Duration.ZERO)
                .open(session));
        session.state(SessionState.READY);
        available = 4_800;
        session.clock.advanceMillis(100);
        available = 0;
        session.clock.advanceMillis(10_000);
        assertThat(session.sent.size()).isEqualTo(4_800);
        assertThat(session.problems)
                .extracting(problem -> problem.kind() + ": " + problem.message())
                .containsExactly("AUDIO_DEVICE: the audio source failed and the agent no longer hears the caller: the"
                        + " microphone is gone: it was unplugged, or taken by the system");
        assertThat(session.state()).isEqualTo(SessionState.READY);
        session.hangUp();
        assertThat(calls).endsWith("stop", "close");
    }

    @Test
    void aLineThatDoesNotOpenSaysWhatToDo() {
        taken = true;
        assertThatThrownBy(() -> new Microphone(line(TargetDataLine.class), FORMAT, clock))
                .isInstanceOf(IOException.class)
                .hasMessage("the microphone does not open at 24000 Hz: close the program that uses it, or choose"
                        + " another rate");
        assertThatThrownBy(() -> new Speaker(line(SourceDataLine.class), FORMAT, clock))
                .isInstanceOf(IOException.class)
                .hasMessage("the loudspeaker does not open at 24000 Hz: close the program that uses it, or choose"
                        + " another rate");
    }

    @Test
    void aSpeakerTakesWhatTheLineHasRoomForAndKnowsItsPositionAcrossFlushes() throws IOException {
        position = 500;
        Speaker speaker = new Speaker(line(SourceDataLine.class), FORMAT, clock);
        available = 4_801;
        ByteBuffer audio = Pcm.ramp(0, 4_000);
        assertThat(speaker.write(audio)).isEqualTo(4_800);
        assertThat(audio.position()).isEqualTo(4_800);
        assertThat(Pcm.samples(recorded)).isEqualTo(Pcm.samples(Pcm.ramp(0, 2_400)));
        position = 500 + 1_000;
        assertThat(speaker.played()).isEqualTo(1_000);
        position = 500 + 1_100;
        assertThat(speaker.flush()).isEqualTo(1_100);
        assertThat(calls).endsWith("stop", "flush", "start");
        position = 500 + 5_000;
        assertThat(speaker.played())
                .as("a line may count silence: nothing more was written")
                .isEqualTo(1_100);
        available = 200;
        speaker.write(Pcm.ramp(0, 100));
        assertThat(speaker.played()).isEqualTo(1_200);
    }

    @Test
    void aSpeakerThatWasUnpluggedSaysSo() throws IOException {
        Speaker speaker = new Speaker(line(SourceDataLine.class), FORMAT, clock);
        open = false;
        assertThatThrownBy(() -> speaker.write(Pcm.ramp(0, 1)))
                .hasMessage("the loudspeaker is gone: it was unplugged, or taken by the system");
    }

    @Test
    void aSpeakerThatPlaysNothingOfWhatItHasForThreeSecondsIsGone() throws IOException {
        Speaker speaker = new Speaker(line(SourceDataLine.class), FORMAT, clock);
        available = 9_600;
        speaker.write(Pcm.ramp(0, 4_800));
        position = 1_000;
        assertThat(speaker.played()).isEqualTo(1_000);
        clock.advanceMillis(20);
        assertThat(speaker.played()).isEqualTo(1_000);
        clock.advanceMillis(2_999);
        assertThat(speaker.played()).isEqualTo(1_000);
        clock.advanceMillis(1);
        assertThatThrownBy(speaker::played)
                .hasMessage("the loudspeaker is gone: it was unplugged, or taken by the system");
    }

    @Test
    void aSpeakerUnpluggedInTheMiddleOfACallIsToldOnceAndTheAgentStillHears() throws IOException {
        FakeSession session = new FakeSession(24_000);
        Speaker speaker = new Speaker(line(SourceDataLine.class), FORMAT, session.clock);
        AudioSource caller = AudioSource.of(FORMAT, Pcm.constant(1, 24_000 * 10));
        session.parts.add(AudioLink.between(caller, speaker).open(session));
        session.state(SessionState.READY);
        available = 9_600;
        session.event(new ServerEvent.ResponseCreated("r1"));
        session.event(new ServerEvent.OutputAudio("r1", "i1", Pcm.constant(1, 24_000)));
        position = 500;
        session.clock.advanceMillis(10_000);
        assertThat(session.problems)
                .extracting(problem -> problem.kind() + ": " + problem.message())
                .containsExactly("AUDIO_DEVICE: the audio sink failed and the caller no longer hears the agent: the"
                        + " loudspeaker is gone: it was unplugged, or taken by the system");
        assertThat(session.heard).containsEntry("i1", FORMAT.duration(500));
        assertThat(session.sent.size()).isEqualTo(480_000);
        assertThat(session.part(Playback.class).microphoneOpen()).isTrue();
    }

    /** Some lines keep the last piece until more comes, and a pause may be as long as it likes. */
    @Test
    void aSpeakerThatHasLittleOrNothingToPlayIsNotGone() throws IOException {
        Speaker speaker = new Speaker(line(SourceDataLine.class), FORMAT, clock);
        available = 9_600;
        speaker.write(Pcm.ramp(0, 2_399));
        clock.advanceMillis(60_000);
        assertThat(speaker.played()).isZero();
        clock.advanceMillis(60_000);
        assertThat(speaker.played()).isZero();
        position = 2_399;
        assertThat(speaker.played()).isEqualTo(2_399);
        clock.advanceMillis(60_000);
        speaker.write(Pcm.ramp(0, 2_400));
        assertThat(speaker.played()).as("the count begins with the audio").isEqualTo(2_399);
        clock.advanceMillis(2_999);
        assertThat(speaker.played()).isEqualTo(2_399);
    }

    @Test
    void aDeviceIsChosenByAPartOfItsNameInAnyCase() throws IOException {
        List<String> opened = new ArrayList<>();
        MadeUpMixers.plugIn("Front panel", named(TargetDataLine.class, "front", opened));
        MadeUpMixers.plugIn("USB Headset", named(SourceDataLine.class, "ear", opened));
        MadeUpMixers.plugIn("USB Headset", named(TargetDataLine.class, "mouth", opened));
        assertThat(Microphone.names()).contains("Front panel", "USB Headset");
        Microphone.open(FORMAT, "usb h").close();
        Speaker.open(FORMAT, "HEADSET").close();
        Microphone.open(FORMAT, "front").close();
        assertThat(opened).containsExactly("mouth", "ear", "front");
    }

    @Test
    void aDeviceThatIsNotThereOrCannotDoTheRateIsToldWithThoseThatAre() {
        Assumptions.assumeTrue(Microphone.names().isEmpty() && Speaker.names().isEmpty(), "this machine has sound");
        MadeUpMixers.plugIn("Front panel", line(TargetDataLine.class));
        MadeUpMixers.plugIn("A busy one", line(TargetDataLine.class));
        assertThatThrownBy(() -> Microphone.open(FORMAT, "usb"))
                .isInstanceOf(IOException.class)
                .hasMessage("no microphone is called \"usb\": there are \"Front panel\", \"A busy one\"");
        for (String name : new String[] {"front", null}) {
            assertThatThrownBy(() -> Microphone.open(new PcmFormat(8_000), name))
                    .isInstanceOf(IOException.class)
                    .hasMessage("no microphone takes PCM16 mono at 8000 Hz: choose another of \"Front panel\","
                            + " \"A busy one\", or another rate");
        }
        assertThatThrownBy(() -> Microphone.open(FORMAT, "busy"))
                .isInstanceOf(IOException.class)
                .hasMessage("the microphone does not open at 24000 Hz: close the program that uses it, or choose"
                        + " another rate");
    }

    @Test
    void aMachineWithoutSoundIsToldInOneSentence() {
        Assumptions.assumeTrue(Microphone.names().isEmpty() && Speaker.names().isEmpty(), "this machine has sound");
        assertThatThrownBy(() -> Microphone.open(FORMAT))
                .hasMessage("this machine has no microphone that Java can use: connect one, or take audio from a file"
                        + " (WavFile) and play it to memory (AudioSink.inMemory)");
        assertThatThrownBy(() -> Speaker.open(FORMAT, "usb"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("this machine has no loudspeaker that Java can use: ");
    }

    @AfterEach
    void unplug() {
        MadeUpMixers.unplugAll();
    }

    private static <L> L named(Class<L> kind, String name, List<String> opened) {
        return kind.cast(
                Proxy.newProxyInstance(kind.getClassLoader(), new Class<?>[] {kind}, (proxy, method, arguments) -> {
                    if (method.getName().equals("open")) {
                        opened.add(name);
                    }
                    return method.getName().equals("getLongFramePosition") ? 0L : null;
                }));
    }

    private <L> L line(Class<L> kind) {
        return kind.cast(Proxy.newProxyInstance(
                kind.getClassLoader(), new Class<?>[] {kind}, (proxy, method, arguments) -> answer(method, arguments)));
    }

    private @Nullable Object answer(Method method, Object[] arguments) throws LineUnavailableException {
        return switch (method.getName()) {
            case "isOpen" -> open;
            case "available" -> available;
            case "getLongFramePosition" -> position;
            case "read" -> {
                calls.add("read " + arguments[2]);
                available -= (int) arguments[2];
                yield arguments[2];
            }
            case "write" -> {
                int count = (int) arguments[2];
                byte[] all = Arrays.copyOf(recorded, recorded.length + count);
                System.arraycopy((byte[]) arguments[0], 0, all, recorded.length, count);
                recorded = all;
                available -= count;
                yield count;
            }
            case "open" -> {
                if (taken) {
                    throw new LineUnavailableException("no");
                }
                calls.add("open " + arguments[0].toString().replace("PCM_SIGNED ", "") + " " + arguments[1]);
                yield null;
            }
            default -> {
                calls.add(method.getName());
                yield null;
            }
        };
    }
}
