package dev.parley.audio;

import dev.parley.core.Clock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A sink for telephone media streams and other lines that play from a buffer of their own, far away. Such a line cannot say which sample it
 * has reached; but it takes marks between the audio and acknowledges each when all before it has been played. So what was heard is what was
 * acknowledged, and never more: it is behind the truth by the way back from the line, and goes in steps of one mark.
 *
 * <pre>{@code
 * MarkedSink sink = MarkedSink.to(line, Clock.system());     // the line sends frames, marks and clears over its socket
 * socket.onMark(name -> sink.acknowledged(name));            // on any thread
 * }</pre>
 *
 * <p>Acknowledgements may be late, lost, doubled or out of order: one stands for all marks before it. After a {@link #flush} those of
 * the audio that was dropped mean nothing, though lines send them. A line that acknowledges nothing more mutes nobody: what should have been played
 * two seconds ago counts as played.
 *
 * <p>{@link #acknowledged} and {@link #assumed} may be called on any thread; the rest is the session's.
 */
public final class MarkedSink implements AudioSink {

    /** The way to the line. Its methods are called one at a time, and must not wait. */
    public interface Line extends Closeable {

        /** The rate that the line is fed at: 8 kHz for most telephone lines, whose codes {@link G711} makes. It does not change. */
        PcmFormat format();

        /**
         * Sends audio behind what was sent before.
         *
         * @param pcm16 PCM16 little-endian mono, at most 20 ms; read-only, and the session's again after this call
         * @throws IOException if the line failed; it is not used again
         */
        void audio(ByteBuffer pcm16) throws IOException;

        /** Sends a mark behind what was sent before, to be acknowledged when all of that has been played. */
        void mark(String name) throws IOException;

        /** Tells the line to drop what it has not played yet. */
        void clear() throws IOException;
    }

    private record Mark(long number, long position) {}

    private static final String PREFIX = "parley-";
    private static final Duration FRAME = Duration.ofMillis(20);
    private static final Duration MARKS = Duration.ofMillis(100);
    private static final Duration ROOM = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Line line;
    private final Clock clock;
    private final PcmFormat format;
    private final Duration marks;
    private final Deque<Mark> outstanding = new ArrayDeque<>();
    /** The last mark that was sent, and the last that was acknowledged; both from other threads too. */
    private final AtomicLong lastSent = new AtomicLong();

    private final AtomicLong lastAcknowledged = new AtomicLong();
    private final AtomicLong assumed = new AtomicLong();
    /** In samples, as if nothing had ever been dropped by a flush. */
    private long written;

    private long played;
    private long marked;
    /** When the line will have played all that it has, if it has heard of it by now. */
    private long playedOutAt;

    private MarkedSink(Line line, Clock clock, Duration marks) {
        this.line = line;
        this.clock = clock;
        this.format = line.format();
        this.marks = marks;
        this.playedOutAt = clock.nanoTime();
    }

    /** A sink that marks at least every 100 ms of audio. */
    public static MarkedSink to(Line line, Clock clock) {
        return new MarkedSink(Objects.requireNonNull(line), clock, MARKS);
    }

    /**
     * How much audio lies between two marks at most: what was heard is known in such steps. Each mark is a message to the line and one back.
     *
     * @param step at least 20 ms, a day at most
     */
    public MarkedSink markEvery(Duration step) {
        if (step.compareTo(FRAME) < 0) {
            throw new IllegalArgumentException("marks are at least 20 ms apart, not " + step.toMillis() + " ms");
        }
        return new MarkedSink(line, clock, LocalBargeIn.aDayAtMost(step));
    }

    /**
     * The line has played all that came before a mark. Any thread; a name that is not of this sink's marks is passed over.
     *
     * @param mark as {@link Line#mark} got it
     */
    public void acknowledged(String mark) {
        if (!mark.startsWith(PREFIX)) {
            return;
        }
        try {
            long number = Long.parseLong(mark, PREFIX.length(), mark.length(), 10);
            if (number <= lastSent.get()) {
                lastAcknowledged.accumulateAndGet(number, Math::max);
            }
        } catch (NumberFormatException e) {
            // the application's own mark, by chance with our beginning
        }
    }

    /** How many samples counted as played because their acknowledgement never came. */
    public long assumed() {
        return assumed.get();
    }

    /** How many samples the line likely has still to play, by the clock: what it acknowledges comes too late to see that it runs dry. */
    long likelyLeft() {
        return format.samples(Duration.ofNanos(Math.max(0, playedOutAt - clock.nanoTime())));
    }

    @Override
    public PcmFormat format() {
        return format;
    }

    @Override
    public int write(ByteBuffer pcm16) throws IOException {
        catchUp();
        long free = format.samples(ROOM) - (written - played);
        long samples = Math.min(free, pcm16.remaining() / PcmFormat.BYTES_PER_SAMPLE);
        if (samples <= 0) {
            return 0;
        }
        int from = pcm16.position();
        int end = from + (int) samples * PcmFormat.BYTES_PER_SAMPLE;
        while (pcm16.position() < end) {
            int bytes = (int) Math.min(format.bytes(FRAME), end - pcm16.position());
            line.audio(pcm16.slice(pcm16.position(), bytes).asReadOnlyBuffer());
            pcm16.position(pcm16.position() + bytes);
            written += bytes / PcmFormat.BYTES_PER_SAMPLE;
            if (written - marked >= format.samples(marks)) {
                mark();
            }
        }
        if (written > marked) {
            // nothing may follow for long, and the end of a reply must be heard of
            mark();
        }
        long now = clock.nanoTime();
        playedOutAt = Math.max(now, playedOutAt) + format.duration(samples).toNanos();
        return end - from;
    }

    private void mark() throws IOException {
        long number = lastSent.incrementAndGet();
        outstanding.add(new Mark(number, written));
        marked = written;
        line.mark(PREFIX + number);
    }

    @Override
    public long played() {
        catchUp();
        return played;
    }

    /** @return what was acknowledged so far; the line may have played more, by as much as the way to it and back takes */
    @Override
    public long flush() throws IOException {
        catchUp();
        outstanding.clear();
        written = played;
        marked = played;
        playedOutAt = clock.nanoTime();
        line.clear();
        return played;
    }

    /** False: to take back what the line has not acknowledged would play some of it twice. */
    @Override
    public boolean canTakeBack() {
        return false;
    }

    @Override
    public void close() throws IOException {
        line.close();
    }

    private void catchUp() {
        long acknowledged = lastAcknowledged.get();
        while (!outstanding.isEmpty() && outstanding.getFirst().number() <= acknowledged) {
            played = outstanding.removeFirst().position();
        }
        long late = clock.nanoTime() - playedOutAt - PATIENCE.toNanos();
        if (late >= 0 && !outstanding.isEmpty()) {
            assumed.addAndGet(written - played);
            outstanding.clear();
            played = written;
        }
    }
}
