package dev.parley.audio;

import dev.parley.core.Clock;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What is played leaves through a stream of bytes, at the pace at which it would be heard.
 *
 * <p>A sample is due once its time has passed, and the stream gets no sample before that: so what it took is what was
 * heard, and all else can still be dropped. Streams may wait, so a thread of this sink writes, in pieces of 20 ms at most;
 * whoever plays never does. A stream that was held up catches up by what this sink holds, half a second; by what it was
 * later than that, everything plays later.
 *
 * <p>Thread-safe. The thread lives from the first write to the end; the clock's timers wake it.
 */
final class StreamSink implements AudioSink {
    static final Duration ROOM = Duration.ofMillis(500);
    static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration PIECE = Duration.ofMillis(20);

    private final PcmFormat format;
    private final OutputStream stream;
    private final Clock clock;
    /** What the stream has not got; its start is what counts as played. */
    private final SampleRing waiting = new SampleRing();

    private final Clock.Alarm tick;
    private final byte[] piece;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile @Nullable Thread writer;
    /** When the current run of samples began, and the place of its first one. */
    private long runStart;

    private long runBegin;
    /** The place up to which the time of the samples has passed. */
    private long due;
    /** Whether the writer is in the stream, and since when. */
    private boolean inside;

    private long insideSince;
    private boolean ticking;
    private boolean closed;
    private @Nullable IOException failure;
    private boolean told;

    StreamSink(PcmFormat format, OutputStream stream, Clock clock) {
        this.format = Objects.requireNonNull(format);
        this.stream = Objects.requireNonNull(stream);
        this.clock = Objects.requireNonNull(clock);
        this.tick = clock.alarm(this::tick);
        this.piece = new byte[(int) Math.max(PcmFormat.BYTES_PER_SAMPLE, format.bytes(PIECE))];
    }

    @Override
    public PcmFormat format() {
        return format;
    }

    @Override
    public synchronized int write(ByteBuffer pcm16) throws IOException {
        check();
        if (unplayed() == 0) {
            runStart = clock.nanoTime();
            runBegin = waiting.end();
            due = runBegin;
        }
        long room = Math.max(1, format.samples(ROOM)) - unplayed();
        int take = (int) Math.min(pcm16.remaining() / PcmFormat.BYTES_PER_SAMPLE, room);
        waiting.add(pcm16, take);
        if (writer == null && take > 0) {
            Thread thread = new Thread(this::run, "parley-stream-sink");
            thread.setDaemon(true);
            writer = thread;
            thread.start();
        }
        tickLater();
        return take * PcmFormat.BYTES_PER_SAMPLE;
    }

    @Override
    public synchronized long played() throws IOException {
        check();
        return waiting.start();
    }

    @Override
    public synchronized long flush() throws IOException {
        check();
        drop();
        return waiting.start();
    }

    /** Waits for the piece that the stream is taking, and for the stream to close: four seconds at most. */
    @Override
    public void close() throws IOException {
        boolean alone;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            drop();
            alone = writer == null;
            notifyAll();
        }
        if (alone) {
            end();
        } else {
            Clock.Timer interrupt = clock.schedule(PATIENCE, this::interrupt);
            Clock.Timer abandon = clock.schedule(PATIENCE.multipliedBy(2), this::abandon);
            ended.join();
            interrupt.cancel();
            abandon.cancel();
        }
        synchronized (this) {
            if (failure != null && !told) {
                told = true;
                throw failure;
            }
        }
    }

    private void interrupt() {
        Thread thread = writer;
        if (thread != null && thread != Thread.currentThread()) {
            thread.interrupt();
        }
    }

    /** A socket's write does not heed an interrupt, but the closing of the socket. That may wait too, and so has a thread to wait on. */
    private void abandon() {
        fail(stuck());
        Thread closer = new Thread(this::end, "parley-stream-sink-close");
        closer.setDaemon(true);
        closer.start();
        ended.complete(null);
    }

    /** The writer's: one piece after the other, as they fall due. */
    private void run() {
        try {
            for (int bytes = next(); bytes > 0; bytes = next()) {
                stream.write(piece, 0, bytes);
                stream.flush();
            }
        } catch (IOException | RuntimeException | Error e) {
            fail(new IOException("its stream failed: " + Reason.of(e), e));
        }
        end();
    }

    /** @return how many bytes of the piece are to be written; none at the end */
    private synchronized int next() {
        inside = false;
        try {
            while (due <= waiting.start() && !over()) {
                wait();
            }
        } catch (InterruptedException e) {
            if (!over()) {
                fail(new IOException("its writer was interrupted by somebody else, perhaps by the stream itself"));
            }
            return 0;
        }
        if (over()) {
            return 0;
        }
        inside = true;
        insideSince = clock.nanoTime();
        long from = waiting.start();
        long to = Math.min(due, from + piece.length / PcmFormat.BYTES_PER_SAMPLE);
        int bytes = 0;
        while (waiting.start() < to) {
            ByteBuffer row = waiting.from(waiting.start(), to);
            int step = row.remaining();
            row.get(piece, bytes, step);
            bytes += step;
            waiting.dropBefore(waiting.start() + step / PcmFormat.BYTES_PER_SAMPLE);
        }
        return bytes;
    }

    private synchronized void tick() {
        ticking = false;
        if (inside && clock.nanoTime() - insideSince >= PATIENCE.toNanos()) {
            fail(stuck());
        }
        long passed = runBegin + format.samplesIn(clock.nanoTime() - runStart);
        due = Math.min(passed, waiting.end());
        notifyAll();
        tickLater();
    }

    /** Every 20 ms of a run, and at its end. */
    private void tickLater() {
        if (ticking || over() || (unplayed() == 0 && !inside)) {
            return;
        }
        ticking = true;
        long gone = clock.nanoTime() - runStart;
        long next = PIECE.toNanos() - gone % PIECE.toNanos();
        long end = format.nanos(waiting.end() - runBegin) + 1 - gone;
        tick.set(end > 0 ? Math.min(next, end) : next);
    }

    private void drop() {
        waiting.dropFrom(waiting.start());
        due = waiting.start();
    }

    private long unplayed() {
        return waiting.end() - waiting.start();
    }

    private boolean over() {
        return closed || failure != null;
    }

    private synchronized void fail(IOException why) {
        if (failure == null) {
            failure = why;
            drop();
            notifyAll();
            interrupt();
        }
    }

    private void check() throws IOException {
        if (failure != null) {
            told = true;
            throw failure;
        }
        if (closed) {
            throw new IOException("the sink is closed");
        }
    }

    /** The writer's; another thread's where the writer waits in the stream, which only its closing ends. */
    private void end() {
        try {
            stream.close();
        } catch (IOException | RuntimeException | Error e) {
            fail(new IOException("its stream could not be closed: " + Reason.of(e), e));
        }
        ended.complete(null);
    }

    private static IOException stuck() {
        return new IOException("its stream has taken nothing for " + PATIENCE.toSeconds()
                + " s: whoever reads it must keep up with real time");
    }
}
