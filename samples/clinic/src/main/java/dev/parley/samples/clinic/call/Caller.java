package dev.parley.samples.clinic.call;

import dev.parley.audio.AudioSource;
import dev.parley.audio.PcmFormat;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A caller with recorded lines: an open phone line, silent except while a line is spoken. The first line waits for the
 * greeting, each other one for the reply to the one before it, a short pause after its end; but a line that cuts in
 * waits only until so much of the reply was heard.
 *
 * <p>Time is counted in samples, since the line is read at real-time pace. Thread-safe: the line is read by one thread,
 * and cues come from another.
 */
final class Caller implements AudioSource {
    private static final Duration PAUSE = Duration.ofMillis(300);

    private enum Doing {
        /** Waits for the agent's words, or listens to them. */
        LISTENING,
        /** Takes breath before the next line. */
        PAUSING,
        SPEAKING,
        /** Has said everything and heard the last reply. */
        FINISHED
    }

    private final PcmFormat format;
    private final Duration patience;
    private final Deque<Line> lines;
    private final CompletableFuture<Void> finished = new CompletableFuture<>();
    private Doing doing;
    /** What is being said, while {@code doing} is SPEAKING. */
    private ByteBuffer rest = ByteBuffer.allocate(0);
    /** How much of the reply has been heard; null until one sounds. */
    private @Nullable Supplier<Duration> heard;
    /** In {@code doing}, while nothing is said on either side. */
    private long silentSamples;

    private int unanswered;

    /**
     * @param greeted whether the agent speaks first
     * @param patience so long the caller waits for a reply to begin, then goes on without one
     */
    Caller(PcmFormat format, List<Line> lines, boolean greeted, Duration patience) {
        this.format = format;
        this.lines = new ArrayDeque<>(lines);
        this.patience = patience;
        this.doing = greeted ? Doing.LISTENING : Doing.PAUSING;
    }

    /**
     * A reply begins to sound.
     *
     * @param heardOfIt tells from now on how much of it has been heard
     */
    synchronized void agentReplies(Supplier<Duration> heardOfIt) {
        heard = heardOfIt;
        silentSamples = 0;
    }

    /** The agent has said what it had to say, and it has been heard. */
    synchronized void agentFinished() {
        heard = null;
        if (doing == Doing.LISTENING) {
            goOn();
        }
    }

    /** Completes when everything was said and the last reply was heard, or given up. */
    CompletionStage<Void> finished() {
        return finished;
    }

    /** How many lines (or the greeting) got no reply within the caller's patience. */
    synchronized int unanswered() {
        return unanswered;
    }

    @Override
    public PcmFormat format() {
        return format;
    }

    @Override
    public synchronized int read(ByteBuffer target) {
        int bytes = target.remaining() - target.remaining() % PcmFormat.BYTES_PER_SAMPLE;
        int left = bytes;
        while (left > 0) {
            if (doing == Doing.LISTENING && cutsInNow()) {
                speak();
            }
            left -= doing == Doing.SPEAKING ? say(target, left) : keepSilent(target, left);
        }
        return bytes;
    }

    /** Hangs up: nobody waits for this caller any more. */
    @Override
    public void close() {
        finished.complete(null);
    }

    private boolean cutsInNow() {
        Line next = lines.peek();
        return next != null
                && next.cutsInAfter() != null
                && heard != null
                && heard.get().compareTo(next.cutsInAfter()) >= 0;
    }

    private int say(ByteBuffer target, int most) {
        int take = Math.min(most, rest.remaining());
        target.put(rest.slice().limit(take));
        rest.position(rest.position() + take);
        if (!rest.hasRemaining()) {
            doing = Doing.LISTENING;
            silentSamples = 0;
            heard = null;
        }
        return take;
    }

    private int keepSilent(ByteBuffer target, int most) {
        Duration limit = doing == Doing.PAUSING ? PAUSE : patience;
        boolean counts = doing == Doing.PAUSING || (doing == Doing.LISTENING && heard == null);
        long left = counts ? format.bytes(limit) - silentSamples * PcmFormat.BYTES_PER_SAMPLE : most;
        int take = (int) Math.min(most, left);
        for (int i = 0; i < take; i++) {
            target.put((byte) 0);
        }
        if (counts) {
            silentSamples += take / PcmFormat.BYTES_PER_SAMPLE;
            if (take == left) {
                silenceIsOver();
            }
        }
        return take;
    }

    private void silenceIsOver() {
        if (doing == Doing.PAUSING) {
            speak();
        } else {
            unanswered++;
            goOn();
        }
    }

    private void goOn() {
        silentSamples = 0;
        if (lines.isEmpty()) {
            doing = Doing.FINISHED;
            finished.complete(null);
        } else {
            doing = Doing.PAUSING;
        }
    }

    private void speak() {
        rest = lines.remove().pcm16().duplicate();
        doing = Doing.SPEAKING;
    }
}
