package dev.parley.testkit.internal;

import dev.parley.core.Clock;
import dev.parley.testkit.Fault;
import dev.parley.testkit.Recording;
import dev.parley.testkit.Speech;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A speech on its way out: the first piece at once, the rest at a multiple of real time, each piece of audio with the
 * words that it says. Deadlines are absolute, so it does not drift.
 */
final class PacedSpeech {
    private static final int PIECE_MS = 200;
    private static final int PIECE_BYTES = PIECE_MS * Recording.SAMPLE_RATE / 1000 * 2;

    /** Where it goes. */
    interface Sink {
        /** A piece; either may be empty. It may stop the speech. */
        void piece(byte[] pcm16, String words);

        /** All of it was told. */
        void end();
    }

    private final Speech speech;
    private final double speed;
    private final Wire wire;
    private final Clock clock;
    private final Sink sink;
    private final byte[] pcm16;
    private final long startNanos;
    private int sentBytes;
    private int sentChars;
    private long ticks;
    private boolean stopped;
    private Clock.@Nullable Timer timer;

    PacedSpeech(Speech speech, double speed, Wire wire, Clock clock, Sink sink) {
        this.speech = speech;
        this.speed = speed;
        this.wire = wire;
        this.clock = clock;
        this.sink = sink;
        this.pcm16 = bytesOf(speech);
        this.startNanos = clock.nanoTime();
    }

    private static byte[] bytesOf(Speech speech) {
        Recording audio = speech.audio();
        byte[] whole = (audio == null ? Recording.toneFor(speech.text()) : audio)
                .pcm16()
                .array();
        return speech.faults().contains(Fault.HALF_SAMPLE) ? Arrays.copyOf(whole, whole.length + 1) : whole;
    }

    void start() {
        tick();
    }

    private void tick() {
        if (!wire.congested()) {
            sendPiece();
        }
        if (stopped) {
            return;
        }
        if (sentBytes >= pcm16.length) {
            timer = null;
            stopped = true;
            sink.end();
            return;
        }
        long due = startNanos + (long) (++ticks * PIECE_MS * 1_000_000L / speed);
        timer = wire.schedule(Duration.ofNanos(due - clock.nanoTime()), this::tick);
    }

    private void sendPiece() {
        int size = PIECE_BYTES + (speech.faults().contains(Fault.ODD_PIECES) ? 1 : 0);
        int end = Math.min(pcm16.length, sentBytes + size);
        byte[] piece = Arrays.copyOfRange(pcm16, sentBytes, end);
        sentBytes = end;
        int charsDue = sentBytes >= pcm16.length ? speech.text().length() : wordsUntil(sentBytes);
        String words = speech.text().substring(sentChars, Math.max(sentChars, charsDue));
        sentChars = Math.max(sentChars, charsDue);
        sink.piece(piece, words);
    }

    /** The end of the last whole word that this much audio covers. */
    private int wordsUntil(int bytes) {
        int covered = (int) ((long) speech.text().length() * bytes / pcm16.length);
        int space = speech.text().indexOf(' ', covered);
        return space < 0 ? sentChars : space + 1;
    }

    /** Sends no more of it. */
    void stop() {
        stopped = true;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    Speech speech() {
        return speech;
    }

    boolean begun() {
        return sentBytes > 0;
    }

    /** Whether a caller who began to listen at the first piece would still hear it. */
    boolean audible() {
        long sentNanos = sentBytes / 2 * 1_000_000_000L / Recording.SAMPLE_RATE;
        return clock.nanoTime() - startNanos < sentNanos;
    }

    /** The whole audio; not to be changed. */
    byte[] pcm16() {
        return pcm16;
    }

    int sentBytes() {
        return sentBytes;
    }

    String sentWords() {
        return speech.text().substring(0, sentChars);
    }

    /** A piece that comes when nobody expects one any more. */
    byte[] latePiece() {
        return Arrays.copyOf(pcm16, Math.min(pcm16.length, PIECE_BYTES));
    }
}
