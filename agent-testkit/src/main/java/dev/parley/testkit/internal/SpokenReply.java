package dev.parley.testkit.internal;

import dev.parley.core.Clock;
import dev.parley.testkit.Fault;
import dev.parley.testkit.Recording;
import dev.parley.testkit.Speech;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One spoken response on its way out: the first piece at once, the rest at a multiple of real time, each piece of audio
 * followed by the words that it says. Deadlines are absolute, so it does not drift.
 */
final class SpokenReply {
    private static final int PIECE_MS = 200;
    private static final int PIECE_BYTES = PIECE_MS * Recording.SAMPLE_RATE / 1000 * 2;

    private final Speech speech;
    private final String where;
    private final SwaramEvents events;
    private final double speed;
    private final Wire wire;
    private final FaultyWire out;
    private final Clock clock;
    private final Runnable onComplete;
    private final String responseId;
    private final String itemId;
    private final byte[] pcm16;
    private final long startNanos;
    private boolean created;
    private int sentBytes;
    private int sentChars;
    private long ticks;
    private Clock.@Nullable Timer timer;

    SpokenReply(
            Speech speech,
            String where,
            SwaramEvents events,
            double speed,
            Wire wire,
            Clock clock,
            Runnable onComplete) {
        this.speech = speech;
        this.where = where;
        this.events = events;
        this.speed = speed;
        this.wire = wire;
        this.out = new FaultyWire(wire, speech.faults());
        this.clock = clock;
        this.onComplete = onComplete;
        this.responseId = events.newResponse();
        this.itemId = events.newItem();
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
        if (!has(Fault.CREATED_LATE)) {
            create();
        }
        tick();
    }

    private void create() {
        if (!created) {
            created = true;
            out.send(events.responseCreated(responseId));
        }
    }

    private void tick() {
        if (!wire.congested()) {
            sendPiece();
            create();
        }
        if (sentBytes >= pcm16.length) {
            timer = null;
            end("completed");
            onComplete.run();
            return;
        }
        long due = startNanos + (long) (++ticks * PIECE_MS * 1_000_000L / speed);
        timer = wire.schedule(Duration.ofNanos(due - clock.nanoTime()), this::tick);
    }

    private void sendPiece() {
        int size = PIECE_BYTES + (has(Fault.ODD_PIECES) ? 1 : 0);
        int end = Math.min(pcm16.length, sentBytes + size);
        if (end > sentBytes) {
            out.send(events.audioDelta(responseId, itemId, Arrays.copyOfRange(pcm16, sentBytes, end)));
        }
        sentBytes = end;
        int charsDue = sentBytes >= pcm16.length ? speech.text().length() : wordsUntil(sentBytes);
        if (charsDue > sentChars) {
            out.send(events.transcriptDelta(responseId, itemId, speech.text().substring(sentChars, charsDue)));
            sentChars = charsDue;
        }
    }

    /** The end of the last whole word that this much audio covers. */
    private int wordsUntil(int bytes) {
        int covered = (int) ((long) speech.text().length() * bytes / pcm16.length);
        int space = speech.text().indexOf(' ', covered);
        return space < 0 ? sentChars : Math.max(space + 1, sentChars);
    }

    private void end(String status) {
        out.send(events.responseDone(responseId, status));
        if (has(Fault.LATE_AUDIO)) {
            out.send(events.audioDelta(responseId, itemId, Arrays.copyOf(pcm16, Math.min(pcm16.length, PIECE_BYTES))));
        }
    }

    private boolean has(Fault fault) {
        return speech.faults().contains(fault);
    }

    /** Sends no more of it. */
    void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** Stops it where it is, and says so. */
    void cancel() {
        stop();
        end("cancelled");
    }

    Speech speech() {
        return speech;
    }

    String where() {
        return where;
    }

    boolean begun() {
        return sentBytes > 0;
    }

    /** Whether a caller who began to listen at the first piece would still hear it. */
    boolean audible() {
        long sentNanos = sentBytes / 2 * 1_000_000_000L / Recording.SAMPLE_RATE;
        return clock.nanoTime() - startNanos < sentNanos;
    }
}
