package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.Interruption;
import dev.parley.core.SessionState;
import dev.parley.core.event.ServerEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * From the first loud sample at the source to silence at the sink, both to the sample: the agent speaks, and the caller's voice begins at
 * every place within a frame, on lines of the session's rate and of others. A frame
 * that is loud from its middle on counts as a whole one.
 */
class BargeInLatencyTest {
    private static final PcmFormat SESSION = new PcmFormat(24_000);
    private static final int BEGINS_MILLIS = 1_000;

    private final FakeSession session = new FakeSession(24_000);

    @ParameterizedTest
    @CsvSource({
        "24000, 0, 120",
        "24000, 1, 120",
        "24000, 7, 120",
        "24000, 13, 120",
        "24000, 19, 120",
        "8000, 0, 120",
        "8000, 1, 120",
        "8000, 13, 120",
        "8000, 19, 120",
        "48000, 0, 120",
        "48000, 10, 120",
        "48000, 19, 120",
        "24000, 5, 0",
        "24000, 5, 60",
        "24000, 5, 240",
    })
    void aLocalDetectorSilencesWithinTheConfirmingTimeAndFortyMilliseconds(int rate, int withinFrame, int confirm)
            throws IOException {
        assertSilencesInTime(EnergySpeechDetector.create(), rate, withinFrame, confirm);
    }

    @ParameterizedTest
    @CsvSource({"24000, 0", "24000, 13", "8000, 7"})
    void soDoesWebRtcs(int rate, int withinFrame) throws IOException {
        assertSilencesInTime(WebRtcSpeechDetector.create(), rate, withinFrame, 120);
    }

    private void assertSilencesInTime(SpeechDetector detector, int rate, int withinFrame, int confirm)
            throws IOException {
        PcmFormat line = new PcmFormat(rate);
        MemorySink sink = AudioSink.inMemory(line, session.clock);
        int loudAt = BEGINS_MILLIS + withinFrame;
        session.parts.add(AudioLink.between(AudioSource.of(line, caller(line, loudAt)), sink)
                .bargeIn(BargeIn.local(detector).confirmAfter(Duration.ofMillis(confirm)))
                .open(session));
        session.state(SessionState.READY);
        speak();
        session.clock.advanceMillis(5_000);

        Duration silentAt = line.duration(Pcm.samples(sink.timeline()).length);
        Duration took = silentAt.minusMillis(loudAt);
        assertThat(took)
                .as("silent %s after the first loud sample", took)
                .isBetween(Duration.ofMillis(confirm - 20), Duration.ofMillis(confirm + 40));
        assertThat(session.interruptedAtMillis).hasSize(1);
    }

    /** The session calls {@code silence} before anybody hears of the event, within one turn of its loop: time stands still here. */
    @Test
    void theServersWordSilencesInTheSameTurnButForAFadeOfFiveMilliseconds() {
        MemorySink sink = AudioSink.inMemory(SESSION, session.clock);
        session.parts.add(AudioLink.between(new Scripted(SESSION), sink).open(session));
        session.state(SessionState.READY);
        speak();
        session.clock.advanceMillis(777);
        boolean cut = session.parts.get(0).silence(Interruption.Cause.CALLER_SPOKE);
        Playback playback = session.part(Playback.class);
        assertThat(cut).isTrue();
        assertThat(playback.state()).isEqualTo(BargeIn.State.INTERRUPTED);
        assertThat(playback.playing()).isFalse();
        assertThat(playback.heard("i1")).isEqualTo(Duration.ofMillis(777));
        session.clock.advanceMillis(1_000);
        assertThat(SESSION.duration(Pcm.samples(sink.timeline()).length)).isEqualTo(Duration.ofMillis(782));
    }

    private void speak() {
        session.event(new ServerEvent.ResponseCreated("r1"));
        session.event(new ServerEvent.OutputAudio("r1", "i1", Pcm.constant(6_000, 24_000 * 5)));
    }

    /** A quiet line, and then a line of the call without the silence before it. */
    private static ByteBuffer caller(PcmFormat format, int loudAtMillis) throws IOException {
        short[] speech = DetectorTrial.speech("caller-digits");
        int first = 0;
        while (Math.abs(speech[first]) < 1_000) {
            first++;
        }
        ByteBuffer pcm = ByteBuffer.allocate(2 * speech.length).order(ByteOrder.LITTLE_ENDIAN);
        for (short sample : Arrays.copyOfRange(speech, first, speech.length)) {
            pcm.putShort(sample);
        }
        ByteBuffer atRate = Resampler.resample(SESSION, format, pcm.flip());
        int quiet = (int) format.bytes(Duration.ofMillis(loudAtMillis));
        return ByteBuffer.allocate(quiet + atRate.remaining())
                .position(quiet)
                .put(atRate)
                .flip();
    }
}
