package dev.parley.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Both sides of a call on one time line, as a stereo file: the caller left, the agent right.
 *
 * <p>Sample 0 is the moment when the link was opened. Each side places what it has by the clock, and goes on without a
 * seam for as long as pieces follow each other. The last two seconds stay open, since the two sides are not told of
 * at the same time; what is older goes to the file, in blocks of half a second that are used again.
 *
 * <p>Thread-safe: the caller's side comes from the source's thread, the agent's from the loop. The file is written on an
 * executor of its own.
 */
final class CallRecorder {
    private static final int FRAME_BYTES = 4;
    private static final Duration OPEN = Duration.ofSeconds(2);
    /** A minute of audio. A disk that is further behind will not catch up. */
    private static final int MOST_BLOCKS_QUEUED = 120;

    private static final int SPARE_BLOCKS = 4;

    private final PcmFormat format;
    private final long startNanos;
    private final Executor files;
    private final Consumer<IOException> failed;
    private final Path path;
    private final CompletableFuture<Void> finished = new CompletableFuture<>();
    private final int blockFrames;
    private final long openFrames;
    /** Timers come a little late: only a real gap is one. */
    private final long callersTolerance;

    private final long agentsTolerance;
    private final BlockingQueue<Block> spare = new ArrayBlockingQueue<>(SPARE_BLOCKS);
    private final AtomicInteger queued = new AtomicInteger();

    // Guarded by this object's monitor: what is not yet on its way to the file, and the place of its first frame.
    private byte[] frames = new byte[0];
    private long base;
    private long leftEnd;
    private long rightEnd;
    private long runStart;
    private boolean ended;

    // Touched by the files' executor alone.
    private @Nullable WavWriter writer;
    private boolean broken;

    CallRecorder(Path path, PcmFormat format, long startNanos, Executor files, Consumer<IOException> failed) {
        this.path = path;
        this.format = format;
        this.startNanos = startNanos;
        this.files = files;
        this.failed = failed;
        this.blockFrames = Math.max(1, format.sampleRate() / 2);
        this.openFrames = format.samples(OPEN);
        this.callersTolerance = format.samples(Duration.ofMillis(60));
        this.agentsTolerance = format.samples(Duration.ofMillis(1));
        files.execute(() -> onFile(() -> writer = WavWriter.stereo(path, format)));
    }

    /** The caller's samples as they were sent, the last of them at a time. */
    synchronized void caller(ByteBuffer pcm16, long endNanos) {
        long start = place(endNanos) - pcm16.remaining() / PcmFormat.BYTES_PER_SAMPLE;
        leftEnd = put(0, start - leftEnd <= callersTolerance ? leftEnd : start, pcm16);
        writeUpTo(place(endNanos) - openFrames);
    }

    /** The sink begins to play after a silence. */
    synchronized void agentBegins(long nanos) {
        long start = place(nanos);
        runStart = start - rightEnd <= agentsTolerance ? rightEnd : start;
    }

    /**
     * The agent's samples as the sink played them.
     *
     * @param first their place in what played since {@link #agentBegins}
     */
    synchronized void agent(ByteBuffer pcm16, long first, long nowNanos) {
        rightEnd = put(1, runStart + first, pcm16);
        writeUpTo(place(nowNanos) - openFrames);
    }

    /** Ends the file. Completes when it is whole, or has failed and the listener knows. */
    synchronized CompletableFuture<Void> finish() {
        if (!ended) {
            writeUpTo(Math.max(leftEnd, rightEnd));
            ended = true;
            files.execute(() -> {
                WavWriter open = writer;
                if (open != null) {
                    onFile(open::close);
                }
                finished.complete(null);
            });
        }
        return finished;
    }

    private long put(int side, long start, ByteBuffer pcm16) {
        int count = pcm16.remaining() / PcmFormat.BYTES_PER_SAMPLE;
        long from = Math.max(start, base);
        if (ended || count == 0) {
            return from;
        }
        writeUpTo(from - openFrames);
        int need = Math.toIntExact((from + count - base) * FRAME_BYTES);
        if (need > frames.length) {
            frames = Arrays.copyOf(frames, Math.max(need, 2 * frames.length));
        }
        int at = (int) (from - base) * FRAME_BYTES + side * PcmFormat.BYTES_PER_SAMPLE;
        for (int i = pcm16.position(); i + 1 < pcm16.limit(); i += PcmFormat.BYTES_PER_SAMPLE) {
            frames[at] = pcm16.get(i);
            frames[at + 1] = pcm16.get(i + 1);
            at += FRAME_BYTES;
        }
        return from + count;
    }

    private void writeUpTo(long end) {
        long known = Math.max(leftEnd, rightEnd);
        while (!ended && base < Math.min(end, known) && (end - base >= blockFrames || end >= known)) {
            int count = (int) Math.min(Math.min(end, known) - base, blockFrames);
            Block block = spare.poll();
            queue((block != null ? block : new Block()).holding(frames, count * FRAME_BYTES));
            int rest = frames.length - count * FRAME_BYTES;
            System.arraycopy(frames, count * FRAME_BYTES, frames, 0, rest);
            Arrays.fill(frames, rest, frames.length, (byte) 0);
            base += count;
        }
        if (!ended && base >= known && base < end) {
            // both sides were silent: hours of it are no more than their length
            queue(new Silence(end - base));
            base = end;
        }
    }

    private void queue(Runnable work) {
        if (queued.incrementAndGet() <= MOST_BLOCKS_QUEUED) {
            files.execute(work);
            return;
        }
        ended = true;
        files.execute(() -> {
            onFile(() -> {
                throw new IOException("the disk is more than a minute behind");
            });
            finished.complete(null);
        });
    }

    private long place(long nanos) {
        return Math.max(0, format.samplesIn(Math.max(0, nanos - startNanos)));
    }

    private void onFile(FileWork work) {
        if (broken) {
            return;
        }
        try {
            work.run();
        } catch (IOException | RuntimeException | Error e) {
            broken = true;
            closeQuietly();
            failed.accept(new IOException("the recording " + path + " cannot be written: " + Reason.of(e), e));
        }
    }

    /** The recording has failed, and the listener is told why: how its file closes adds nothing. */
    private void closeQuietly() {
        try {
            if (writer != null) {
                writer.close();
            }
        } catch (IOException e) {
            // the descriptor is gone all the same
        }
    }

    /** Something that touches the file. */
    private interface FileWork {
        void run() throws IOException;
    }

    /** Some frames on their way to the file, and back to hold others. */
    private final class Block implements Runnable {
        private final ByteBuffer held = ByteBuffer.allocate(blockFrames * FRAME_BYTES);
        private final FileWork write = () -> {
            if (writer != null) {
                writer.write(held);
            }
        };

        Block holding(byte[] frames, int bytes) {
            held.clear().put(frames, 0, bytes).flip();
            return this;
        }

        @Override
        public void run() {
            onFile(write);
            queued.decrementAndGet();
            spare.offer(this);
        }
    }

    /** So many frames of silence. */
    private final class Silence implements Runnable {
        private final long frameCount;

        Silence(long frameCount) {
            this.frameCount = frameCount;
        }

        @Override
        public void run() {
            onFile(() -> {
                ByteBuffer zeros = ByteBuffer.allocate(blockFrames * FRAME_BYTES);
                for (long left = frameCount; left > 0 && writer != null; left -= blockFrames) {
                    writer.write(zeros.clear().limit((int) Math.min(left, blockFrames) * FRAME_BYTES));
                }
            });
            queued.decrementAndGet();
        }
    }
}
