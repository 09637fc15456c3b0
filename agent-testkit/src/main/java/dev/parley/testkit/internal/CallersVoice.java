package dev.parley.testkit.internal;

import dev.parley.audio.AudioSource;
import dev.parley.audio.PcmFormat;
import dev.parley.testkit.Recording;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A caller's open line: silent, but for the script's lines when it is the caller's turn. Counts samples, since it is read at
 * real-time pace. Read by one thread at a time.
 */
public final class CallersVoice implements AudioSource {
    static final PcmFormat FORMAT = new PcmFormat(Recording.SAMPLE_RATE);
    private static final long BREATH = FORMAT.samples(Duration.ofMillis(300));
    private static final long LISTENS = FORMAT.samples(Duration.ofMillis(300));

    private final Rehearsal rehearsal;
    private final CallersEar ear;
    private final int firstConnection;
    private ByteBuffer rest = ByteBuffer.allocate(0);

    /** What was said last, and where: it is not said again there. */
    private @Nullable ScriptedConnection saidTo;

    private int said;

    /** Of the reply to it, or of the greeting, what is heard counts from here. */
    private long heardBefore;

    /** How long the caller could have spoken, and did not. */
    private long breathed;

    public CallersVoice(Rehearsal rehearsal, CallersEar ear) {
        this.rehearsal = rehearsal;
        this.ear = ear;
        this.firstConnection = rehearsal.connectionsSoFar();
    }

    @Override
    public PcmFormat format() {
        return FORMAT;
    }

    @Override
    public int read(ByteBuffer target) {
        int bytes = target.remaining() - target.remaining() % PcmFormat.BYTES_PER_SAMPLE;
        if (!rest.hasRemaining() && bytes > 0) {
            listen(bytes / PcmFormat.BYTES_PER_SAMPLE);
        }
        int spoken = Math.min(bytes, rest.remaining());
        target.put(rest.slice().limit(spoken));
        rest.position(rest.position() + spoken);
        if (spoken > 0 && !rest.hasRemaining()) {
            heardBefore = ear.played();
        }
        target.put(new byte[bytes - spoken]);
        return bytes;
    }

    private void listen(int samples) {
        ScriptedConnection connection = rehearsal.latestFrom(firstConnection);
        CallersCue cue = connection == null ? null : connection.callersCue();
        boolean saidIt = connection == saidTo && cue != null && cue.turn() == said;
        if (connection == null || cue == null || saidIt || !mayBegin(cue)) {
            breathed = 0;
            return;
        }
        breathed += samples;
        if (cue.overReply() || breathed > BREATH) {
            rest = connection.line(cue.turn()).pcm16();
            saidTo = connection;
            said = cue.turn();
            breathed = 0;
        }
    }

    private boolean mayBegin(CallersCue cue) {
        return cue.overReply() ? ear.played() - heardBefore >= LISTENS : ear.quiet();
    }

    /** The line is hung up: nothing is said any more. */
    @Override
    public void close() {}
}
