package dev.parley.audio;

import dev.parley.core.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A sink that plays to nobody: samples pass at real-time pace by a clock, to the exact sample, and what has been heard
 * can be had as bytes. For tests, for calls without a line, and as a model for sinks of your own.
 *
 * <p>Thread-safe. It keeps all that was heard, about 10 MB for 3.5 minutes at 24 kHz; silence takes nothing. {@link #forget}
 * lets it go. What an array holds can be had at once: twelve hours at 24 kHz.
 */
public final class MemorySink implements AudioSink {
    private final PcmFormat format;
    private final Clock clock;
    private final long room;
    private final long openedAt;
    private final HeardAudio heard = new HeardAudio();
    /** What is not yet played; its start is the place of the next sample to be played. */
    private final SampleRing waiting = new SampleRing();
    /** The clock's reading when the current run of samples began, and how many of it have been played. */
    private long runStart;

    private long runPlayed;
    private boolean closed;

    MemorySink(PcmFormat format, Clock clock, Duration room) {
        this.format = format;
        this.clock = clock;
        if (room.isNegative() || room.isZero()) {
            throw new IllegalArgumentException("a sink needs room for some audio, not " + room);
        }
        long samples = Math.min(format.samples(LocalBargeIn.aDayAtMost(room)), PlaybackQueue.MOST_SAMPLES);
        this.room = Math.max(1, samples);
        this.openedAt = clock.nanoTime();
        this.runStart = openedAt;
    }

    @Override
    public PcmFormat format() {
        return format;
    }

    @Override
    public synchronized int write(ByteBuffer pcm16) throws IOException {
        if (closed) {
            throw new IOException("the sink is closed");
        }
        advance();
        if (unplayed() == 0) {
            runStart = clock.nanoTime();
            runPlayed = 0;
        }
        int take = (int) Math.min(pcm16.remaining() / PcmFormat.BYTES_PER_SAMPLE, room - unplayed());
        waiting.add(pcm16, take);
        return take * PcmFormat.BYTES_PER_SAMPLE;
    }

    @Override
    public synchronized long played() {
        advance();
        return waiting.start();
    }

    @Override
    public synchronized long flush() {
        advance();
        waiting.dropFrom(waiting.start());
        return waiting.start();
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            flush();
            closed = true;
        }
    }

    /**
     * What has been heard so far, without the silence between: PCM16 little-endian.
     *
     * @throws IllegalStateException if it is more than an array holds
     */
    public synchronized byte[] heard() {
        advance();
        return heard.withoutSilence();
    }

    /**
     * What has been heard so far on the clock's time line, from the opening of the sink to the last sample played:
     * digital silence where nothing played.
     *
     * @throws IllegalStateException if it is more than an array holds, silence included
     */
    public synchronized byte[] timeline() {
        advance();
        return heard.withSilence();
    }

    /** Lets go of what was heard so far; {@link #played} stays. The time line then begins now. */
    public synchronized void forget() {
        advance();
        heard.forget(format.samplesIn(clock.nanoTime() - openedAt));
    }

    private long unplayed() {
        return waiting.end() - waiting.start();
    }

    /** Plays what the clock says should have been played by now. */
    private void advance() {
        if (unplayed() == 0) {
            return;
        }
        long due = format.samplesIn(clock.nanoTime() - runStart) - runPlayed;
        long target = waiting.start() + Math.min(due, unplayed());
        if (runPlayed == 0 && waiting.start() < target) {
            heard.begin(format.samplesIn(runStart - openedAt));
        }
        while (waiting.start() < target) {
            ByteBuffer samples = waiting.from(waiting.start(), target);
            int count = samples.remaining() / PcmFormat.BYTES_PER_SAMPLE;
            heard.add(samples);
            waiting.dropBefore(waiting.start() + count);
            runPlayed += count;
        }
    }
}
