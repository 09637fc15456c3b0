package dev.parley.testkit;

import dev.parley.audio.AudioSink;
import dev.parley.audio.AudioSource;
import dev.parley.testkit.internal.CallersEar;
import dev.parley.testkit.internal.CallersVoice;
import dev.parley.testkit.internal.Rehearsal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A caller for agents with an {@code AudioLink}: says the script's lines when it is their turn, listens to the replies to their
 * end, and cuts in where the script wants it, 300 ms into the reply. A turn without a recording is said with a tone.
 *
 * <pre>{@code
 * RehearsalCaller caller = server.caller();
 * try (VoiceSession session = agent.session().with(AudioLink.between(caller.voice(), caller.ear())).connect()) {
 *     session.requestResponse(); // where the script has a greeting
 *     server.awaitConnection(0).awaitFinished(Duration.ofSeconds(30));
 * }
 * }</pre>
 *
 * <p>Speaks and hears in real time, by the server's clock and the session's. Goes by the latest connection that came after
 * {@link RehearsalServer#caller()}, so one caller at a time talks to a server; a session that is connected anew goes on with
 * the same caller. Thread-safe. Keeps all that was heard, about 3 MB a minute.
 */
public final class RehearsalCaller {
    private final CallersEar ear;
    private final CallersVoice voice;

    RehearsalCaller(Rehearsal rehearsal) {
        this.ear = new CallersEar(rehearsal.clock());
        this.voice = new CallersVoice(rehearsal, ear);
    }

    /** The caller's side of the line, at 24 kHz: an open line, silent except for what they say. */
    public AudioSource voice() {
        return voice;
    }

    /** Where the agent's voice is heard, at 24 kHz. */
    public AudioSink ear() {
        return ear;
    }

    /** What was heard so far, without the silence between; what was cut off before it sounded is not in it. */
    public Recording heard() {
        byte[] pcm16 = ear.heard();
        short[] samples = new short[pcm16.length / 2];
        ByteBuffer.wrap(pcm16).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
        return Recording.of("what the caller heard", samples);
    }

    /** Whether all that came was heard. */
    public boolean quiet() {
        return ear.quiet();
    }
}
