package dev.parley.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Both sides of a call on one time line, as a stereo file: the caller left, the agent right.
 *
 * <p>Sample 0 is the moment when the link was opened. Each side places what it has by the clock, and goes on without a
 * seam for as long as pieces follow each other. The last two seconds stay open, since the two sides are not told of
 * at the same time; what is older goes to the file. Loop-confined; the file is written on an executor of its own.
 */
final class CallRecorder {
    private static final int FRAME_BYTES = 4;
    private static final Duration OPEN = Duration.ofSeconds(2);

    private final PcmFormat format;
    private final long startNanos;
    private final Executor files;
    private final Consumer<IOException> failed;
    private final Path path;
    private final CompletableFuture<Void> finished = new CompletableFuture<>();
    private ByteBuffer frames = ByteBuffer.allocate(0);
    /** The place on the time line of the first frame that is not yet on its way to the file. */
    private long base;

    private long leftEnd;
    private long rightEnd;
    private long runStart;
    private boolean ended;
    /** Touched by the files' executor alone. */
    private @Nullable WavWriter writer;

    private boolean broken;

    CallRecorder(Path path, PcmFormat format, long startNanos, Executor files, Consumer<IOException> failed) {
        this.path = path;
        this.format = format;
        this.startNanos = startNanos;
        this.files = files;
        this.failed = failed;
        files.execute(() -> onFile(() -> writer = WavWriter.stereo(path, format)));
    }

    /** The caller's samples as they were sent, the last of them at a time. */
    void caller(ByteBuffer pcm16, long endNanos) {
        long start = place(endNanos) - pcm16.remaining() / PcmFormat.BYTES_PER_SAMPLE;
        // timers come a little late: only a real gap is one
        long tolerance = format.samples(Duration.ofMillis(60));
        leftEnd = put(0, start - leftEnd <= tolerance ? leftEnd : start, pcm16);
        writeUpTo(place(endNanos) - format.samples(OPEN));
    }

    /** The sink begins to play after a silence. */
    void agentBegins(long nanos) {
        long start = place(nanos);
        long tolerance = format.samples(Duration.ofMillis(1));
        runStart = start - rightEnd <= tolerance ? rightEnd : start;
    }

    /**
     * The agent's samples as the sink played them.
     *
     * @param first their place in what played since {@link #agentBegins}
     */
    void agent(ByteBuffer pcm16, long first, long nowNanos) {
        rightEnd = put(1, runStart + first, pcm16);
        writeUpTo(place(nowNanos) - format.samples(OPEN));
    }

    /** Ends the file. Completes when it is whole, or has failed and the listener knows. */
    CompletableFuture<Void> finish() {
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
        ByteBuffer samples = pcm16.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int count = samples.remaining() / PcmFormat.BYTES_PER_SAMPLE;
        long from = Math.max(start, base);
        if (ended || count == 0) {
            return from;
        }
        writeUpTo(from - format.samples(OPEN));
        int need = Math.toIntExact((from + count - base) * FRAME_BYTES);
        if (need > frames.capacity()) {
            ByteBuffer larger =
                    ByteBuffer.allocate(Math.max(need, 2 * frames.capacity())).order(ByteOrder.LITTLE_ENDIAN);
            frames = larger.put(frames.clear()).clear();
        }
        int at = (int) (from - base) * FRAME_BYTES + side * PcmFormat.BYTES_PER_SAMPLE;
        for (int i = 0; i < count; i++) {
            frames.putShort(at + i * FRAME_BYTES, samples.getShort());
        }
        return from + count;
    }

    private void writeUpTo(long end) {
        int block = format.sampleRate() / 2;
        while (!ended && (end - base >= block || (end > base && end >= Math.max(leftEnd, rightEnd)))) {
            int count = (int) Math.min(end - base, block);
            byte[] out = new byte[count * FRAME_BYTES];
            int known = Math.min(out.length, frames.capacity());
            frames.get(0, out, 0, known);
            System.arraycopy(frames.array(), known, frames.array(), 0, frames.capacity() - known);
            java.util.Arrays.fill(frames.array(), frames.capacity() - known, frames.capacity(), (byte) 0);
            base += count;
            files.execute(() -> {
                WavWriter open = writer;
                if (open != null) {
                    onFile(() -> open.write(ByteBuffer.wrap(out)));
                }
            });
        }
    }

    private long place(long nanos) {
        return Math.max(0, format.samples(Duration.ofNanos(nanos - startNanos)));
    }

    private void onFile(FileWork work) {
        if (broken) {
            return;
        }
        try {
            work.run();
        } catch (IOException | RuntimeException e) {
            broken = true;
            failed.accept(new IOException("the recording " + path + " cannot be written: " + e.getMessage(), e));
        }
    }

    /** Something that touches the file. */
    private interface FileWork {
        void run() throws IOException;
    }
}
