package dev.parley.audio;

import dev.parley.audio.internal.SoundDevices;
import dev.parley.core.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.TargetDataLine;
import org.jspecify.annotations.Nullable;

/**
 * The machine's microphone. It needs the {@code java.desktop} module; nothing else but {@link Speaker} does.
 *
 * <p>It listens from the first read on, and holds half a second for whoever reads late. What was recorded before, while the session connected,
 * say, is dropped: nobody who reads at the pace of time would ever make up for it, and the caller would be heard late for the whole call. For
 * the same reason the line's backlog is dropped after a pause of two seconds, and so is what was late throughout a whole
 * second. One that gives nothing at all for three seconds, not even silence, fails as unplugged. Not thread-safe.
 */
public final class Microphone implements AudioSource {
    private static final Duration HELD = Duration.ofMillis(500);
    /** Who reads so seldom has begun anew. Shorter pauses are made up for, or seen by what they leave. */
    private static final Duration PAUSE = Duration.ofSeconds(2);
    /** What has waited throughout so long a time came to stay. */
    private static final Duration STAYS = Duration.ofSeconds(1);
    /** A device gives in pieces, so some of one may wait at every look. */
    private static final Duration PIECE = Duration.ofMillis(40);

    private final TargetDataLine line;
    private final PcmFormat format;
    private final byte[] block = new byte[4_096];
    private final Clock clock;
    private final Stillness stillness;
    private boolean closed;
    private boolean listening;
    private long lastRead;
    /** The least that waited at any look since a time of the clock. */
    private int least;

    private long leastSince;

    Microphone(TargetDataLine line, PcmFormat format, Clock clock) throws IOException {
        this.line = line;
        this.format = format;
        this.clock = clock;
        this.stillness = new Stillness(clock);
        try {
            line.open(SoundDevices.format(format), (int) format.bytes(HELD));
        } catch (LineUnavailableException e) {
            throw SoundDevices.unavailable("microphone", format, e);
        }
        line.start();
    }

    /**
     * Opens the system's microphone.
     *
     * @throws IOException in one sentence, if there is none, it is in use, or it cannot do this rate
     */
    public static Microphone open(PcmFormat format) throws IOException {
        return open(format, null);
    }

    /**
     * Opens a microphone by its name.
     *
     * @param name part of one of {@link #names()}, in any case; null for the system's choice
     */
    public static Microphone open(PcmFormat format, @Nullable String name) throws IOException {
        return new Microphone(
                SoundDevices.line(TargetDataLine.class, "microphone", format, name), format, Clock.system());
    }

    /** The microphones that there are. */
    public static List<String> names() {
        return SoundDevices.names(TargetDataLine.class);
    }

    @Override
    public PcmFormat format() {
        return format;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (closed) {
            return -1;
        }
        if (!line.isOpen()) {
            throw gone();
        }
        boolean moved = listenFromNow();
        int available = availableInTime();
        // a microphone gives silence too: nothing at all is no microphone
        if (stillness.tooLong(moved || available > 0)) {
            throw gone();
        }
        int there = Math.min(Math.min(available, target.remaining()), block.length);
        int got = there < 2 ? 0 : line.read(block, 0, there - there % PcmFormat.BYTES_PER_SAMPLE);
        target.put(block, 0, got);
        return got;
    }

    /** Drops what nobody was there for. @return whether there was anything */
    private boolean listenFromNow() {
        long now = clock.nanoTime();
        boolean paused = now - lastRead > PAUSE.toNanos();
        lastRead = now;
        if (listening && !paused) {
            return false;
        }
        listening = true;
        boolean dropped = line.available() > 0;
        line.flush();
        startCount(now);
        return dropped;
    }

    /** What there is, without what is late and would stay so. */
    private int availableInTime() {
        int available = line.available();
        least = Math.min(least, available);
        if (lastRead - leastSince >= STAYS.toNanos()) {
            if (least > format.bytes(PIECE)) {
                drop(least);
                available = line.available();
            }
            startCount(lastRead);
        }
        return available;
    }

    private void startCount(long now) {
        least = Integer.MAX_VALUE;
        leastSince = now;
    }

    private void drop(int bytes) {
        int left = bytes - bytes % PcmFormat.BYTES_PER_SAMPLE;
        while (left > 0) {
            int got = line.read(block, 0, Math.min(left, block.length));
            if (got <= 0) {
                return;
            }
            left -= got;
        }
    }

    private static IOException gone() {
        return new IOException("the microphone is gone: it was unplugged, or taken by the system");
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            line.stop();
            line.close();
        }
    }
}
