package dev.parley.testkit.internal;

import dev.parley.core.Clock;
import dev.parley.testkit.Recording;
import dev.parley.testkit.Speech;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One spoken response on its way out: the first piece at once, the rest at a multiple of real time, each piece of audio
 * followed by the words that it says. Deadlines are absolute, so it does not drift.
 */
final class SpokenReply {
    private static final int CHUNK_MS = 200;

    private final Speech speech;
    private final String where;
    private final String responseId;
    private final String itemId;
    private final byte[] pcm16;
    private final double speed;
    private final Wire wire;
    private final ServerEvents events;
    private final Clock clock;
    private final Runnable onComplete;
    private final long startNanos;
    private int sentBytes;
    private int sentChars;
    private long ticks;
    private Clock.@Nullable Timer timer;

    SpokenReply(
            Speech speech,
            String where,
            ServerEvents events,
            double speed,
            Wire wire,
            Clock clock,
            Runnable onComplete) {
        this.speech = speech;
        this.where = where;
        this.responseId = events.newResponse();
        this.itemId = events.newItem();
        Recording audio = speech.audio();
        this.pcm16 = (audio == null ? Recording.toneFor(speech.text()) : audio)
                .pcm16()
                .array();
        this.speed = speed;
        this.wire = wire;
        this.events = events;
        this.clock = clock;
        this.onComplete = onComplete;
        this.startNanos = clock.nanoTime();
    }

    void start() {
        wire.send(events.responseCreated(responseId));
        tick();
    }

    private void tick() {
        if (!wire.congested()) {
            sendChunk();
        }
        if (sentBytes >= pcm16.length) {
            timer = null;
            wire.send(events.responseDone(responseId, "completed"));
            onComplete.run();
            return;
        }
        long due = startNanos + (long) (++ticks * CHUNK_MS * 1_000_000L / speed);
        timer = wire.schedule(Duration.ofNanos(due - clock.nanoTime()), this::tick);
    }

    private void sendChunk() {
        int end = Math.min(pcm16.length, sentBytes + CHUNK_MS * Recording.SAMPLE_RATE / 1000 * 2);
        byte[] chunk = new byte[end - sentBytes];
        ByteBuffer.wrap(pcm16, sentBytes, chunk.length).get(chunk);
        if (chunk.length > 0) {
            wire.send(events.audioDelta(responseId, itemId, chunk));
        }
        sentBytes = end;
        int charsDue = sentBytes >= pcm16.length ? speech.text().length() : wordsUntil(sentBytes);
        if (charsDue > sentChars) {
            wire.send(events.transcriptDelta(responseId, itemId, speech.text().substring(sentChars, charsDue)));
            sentChars = charsDue;
        }
    }

    /** The end of the last whole word that this much audio covers. */
    private int wordsUntil(int bytes) {
        int covered = (int) ((long) speech.text().length() * bytes / pcm16.length);
        int space = speech.text().indexOf(' ', covered);
        return space < 0 ? sentChars : Math.max(space + 1, sentChars);
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
        wire.send(events.responseDone(responseId, "cancelled"));
    }

    Speech speech() {
        return speech;
    }

    String where() {
        return where;
    }

    /** Whether a caller who began to listen at the first piece would still hear it. */
    boolean audible() {
        long sentNanos = sentBytes / 2 * 1_000_000_000L / Recording.SAMPLE_RATE;
        return clock.nanoTime() - startNanos < sentNanos;
    }
}
