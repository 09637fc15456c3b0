package dev.parley.audio;

import dev.parley.core.SessionState;
import dev.parley.core.event.ServerEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A call of ten seconds in which the agent speaks from 500 ms on, for as long as it is let, and its echo comes back to the microphone. */
final class EchoedCall {
    private static final PcmFormat SESSION = new PcmFormat(24_000);
    private static final Path SPEECH = Path.of("src/test/resources/speech/agent-long.wav");

    private final FakeSession session = new FakeSession(SESSION.sampleRate());
    final MemorySink sink;

    EchoedCall(PcmFormat line) {
        this.sink = AudioSink.inMemory(line, session.clock);
    }

    Playback play(AudioSource microphone, BargeIn policy) throws IOException {
        session.parts.add(AudioLink.between(microphone, sink).bargeIn(policy).open(session));
        session.state(SessionState.READY);
        session.clock.advanceMillis(500);
        ByteBuffer reply = WavFile.open(SPEECH).pcm();
        session.event(new ServerEvent.ResponseCreated("r1"));
        session.event(new ServerEvent.OutputAudio("r1", "i1", reply));
        session.event(new ServerEvent.ResponseDone("r1", "completed", List.of()));
        session.clock.advance(Duration.ofSeconds(10));
        return session.part(Playback.class);
    }

    /** How many samples of the line's time have passed. */
    long now() {
        return sink.format().samplesIn(session.clock.nanoTime());
    }

    /** When a detector took the echo, or the caller, for the caller. */
    List<Long> interruptedAtMillis() {
        return session.interruptedAtMillis;
    }

    /** What the server heard. */
    short[] sent() {
        return Pcm.samples(session.sent.toByteArray());
    }

    /** The loudest sample that the server heard, in decibels below the loudest that there is. */
    double loudest() {
        int loudest = 0;
        for (short sample : sent()) {
            loudest = Math.max(loudest, Math.abs(sample));
        }
        return loudest == 0 ? Double.NEGATIVE_INFINITY : 20 * Math.log10(loudest / 32_768.0);
    }
}
