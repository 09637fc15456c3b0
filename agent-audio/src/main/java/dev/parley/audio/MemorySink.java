package dev.parley.audio;

import dev.parley.core.Clock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A sink that plays to nobody: samples pass at real-time pace by a clock, to the exact sample, and what has been heard
 * can be had as bytes. For tests, for calls without a line, and as a model for sinks of your own.
 *
 * <p>Thread-safe. It keeps all that was heard, about 10 MB for 3.5 minutes at 24 kHz; {@link #forget} lets it go.
 */
public final class MemorySink implements AudioSink {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final PcmFormat format;
    private final Clock clock;
    private final long room;
    private final long openedAt;
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private final ByteArrayOutputStream timeline = new ByteArrayOutputStream();
    private ByteBuffer waiting = ByteBuffer.allocate(16_384).limit(0);
    private long played;
    /** The clock's reading when the current run of samples began, and how many of it have been played. */
    private long runStart;

    private long runPlayed;
    private long timelineSamples;
    private boolean closed;

    MemorySink(PcmFormat format, Clock clock, Duration room) {
        this.format = format;
        this.clock = clock;
        this.room = Math.max(PcmFormat.BYTES_PER_SAMPLE, format.bytes(room));
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
        if (!waiting.hasRemaining()) {
            runStart = clock.nanoTime();
            runPlayed = 0;
        }
        int take = (int) Math.min(pcm16.remaining(), room - waiting.remaining());
        take -= take % PcmFormat.BYTES_PER_SAMPLE;
        makeRoom(take);
        int end = pcm16.limit();
        pcm16.limit(pcm16.position() + take);
        int readFrom = waiting.position();
        waiting.position(waiting.limit()).limit(waiting.limit() + take);
        waiting.put(pcm16);
        waiting.position(readFrom);
        pcm16.limit(end);
        return take;
    }

    @Override
    public synchronized long played() {
        advance();
        return played;
    }

    @Override
    public synchronized long flush() {
        advance();
        waiting.position(0).limit(0);
        return played;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            flush();
            closed = true;
        }
    }

    /** What has been heard so far, without the silence between: PCM16 little-endian. */
    public synchronized byte[] heard() {
        advance();
        return heard.toByteArray();
    }

    /**
     * What has been heard so far on the clock's time line, from the opening of the sink to the last sample played:
     * digital silence where nothing played.
     */
    public synchronized byte[] timeline() {
        advance();
        return timeline.toByteArray();
    }

    /** Lets go of what was heard so far; {@link #played} stays. The time line then begins now. */
    public synchronized void forget() {
        advance();
        heard.reset();
        timeline.reset();
        timelineSamples = samplesSince(openedAt);
    }

    /** Plays what the clock says should have been played by now. */
    private void advance() {
        if (!waiting.hasRemaining()) {
            return;
        }
        long due = samplesSince(runStart) - runPlayed;
        int samples = (int) Math.min(due, waiting.remaining() / PcmFormat.BYTES_PER_SAMPLE);
        if (samples <= 0) {
            return;
        }
        if (runPlayed == 0) {
            fillTimeline(samplesBetween(openedAt, runStart));
        }
        int bytes = samples * PcmFormat.BYTES_PER_SAMPLE;
        heard.write(waiting.array(), waiting.position(), bytes);
        timeline.write(waiting.array(), waiting.position(), bytes);
        waiting.position(waiting.position() + bytes);
        runPlayed += samples;
        played += samples;
        timelineSamples += samples;
    }

    /** A run that follows another at once may begin a fraction of a sample late: that is no gap. */
    private void fillTimeline(long start) {
        if (start - timelineSamples > 1) {
            for (; timelineSamples < start; timelineSamples++) {
                timeline.write(0);
                timeline.write(0);
            }
        }
    }

    private void makeRoom(int bytes) {
        if (waiting.capacity() - waiting.limit() >= bytes) {
            return;
        }
        int need = waiting.remaining() + bytes;
        ByteBuffer target =
                need <= waiting.capacity() ? waiting : ByteBuffer.allocate(Math.max(need, 2 * waiting.capacity()));
        int rest = waiting.remaining();
        System.arraycopy(waiting.array(), waiting.position(), target.array(), 0, rest);
        target.position(0).limit(rest);
        waiting = target;
    }

    private long samplesSince(long start) {
        return samplesBetween(start, clock.nanoTime());
    }

    private long samplesBetween(long from, long to) {
        long nanos = to - from;
        return nanos / NANOS_PER_SECOND * format.sampleRate()
                + nanos % NANOS_PER_SECOND * format.sampleRate() / NANOS_PER_SECOND;
    }
}
