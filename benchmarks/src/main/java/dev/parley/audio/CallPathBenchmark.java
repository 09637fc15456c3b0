package dev.parley.audio;

import dev.parley.core.Clock;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A frame of 20 ms all the way through agent-audio: from the source to {@code appendAudio}, and from a piece of a reply to
 * the sink. Both are recorded too where asked, but for the disk.
 *
 * <p>Run: {@code java -jar benchmarks/target/benchmarks.jar CallPathBenchmark -prof gc}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CallPathBenchmark {
    private static final PcmFormat SESSION = new PcmFormat(24_000);

    /** The rate of source and sink. */
    @Param({"24000", "8000"})
    public int lineRate;

    @Param({"false", "true"})
    public boolean recorded;

    private final HandClock clock = new HandClock();
    private final DeafSession session = new DeafSession();
    private final ByteBuffer delta = noise(960);
    private MemorySink sink = AudioSink.inMemory(SESSION, clock);
    private PlaybackQueue queue = new PlaybackQueue(sink, new Ears(null, clock), 0, 0);
    private int frames;

    @Setup
    public void setUp() {
        PcmFormat line = new PcmFormat(lineRate);
        CallRecorder recorder =
                recorded ? new CallRecorder(Path.of("none.wav"), SESSION, 0, new NoDisk(), e -> {}) : null;
        SourcePump pump = new SourcePump(
                ResamplingSource.of(new Noise(line), SESSION),
                Duration.ZERO,
                session,
                clock,
                Runnable::run,
                new Events(recorder));
        pump.onReady();
        pump.start();
        sink = AudioSink.inMemory(line, clock, Duration.ofMillis(500));
        // a clock of its own, since this one has a single timer
        WatchedSink watched = new WatchedSink(ResamplingSink.of(sink, SESSION), new HandClock(), Runnable::run);
        queue = new PlaybackQueue(watched, new Ears(recorder, clock), 2_880_000, 120);
        for (int i = 0; i < 10; i++) {
            queue.add("item", delta);
        }
    }

    @Benchmark
    public long wayIn() {
        clock.next();
        return session.bytes();
    }

    @Benchmark
    public long wayOut() throws Exception {
        clock.nanos += HandClock.FRAME;
        queue.add("item", delta);
        queue.step();
        if (++frames % 40 == 0) {
            // it keeps what was heard until then
            sink.forget();
        }
        return queue.heardSamples();
    }

    private static ByteBuffer noise(int bytes) {
        ByteBuffer noise = ByteBuffer.allocate(bytes);
        Random random = new Random(1);
        for (int i = 0; i + 1 < bytes; i += 2) {
            short sample = (short) (3_000 * random.nextGaussian());
            noise.put(i, (byte) sample).put(i + 1, (byte) (sample >> 8));
        }
        return noise;
    }

    /** Time that moves by a frame, and has one timer at most: the source's. */
    private static final class HandClock implements Clock, Clock.Timer {
        private static final long FRAME = 20_000_000;
        private long nanos;
        private Runnable due = () -> {};

        void next() {
            nanos += FRAME;
            due.run();
        }

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH;
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            due = task;
            return this;
        }

        @Override
        public void cancel() {}
    }

    /** Takes what goes to the file, but for its opening. */
    private static final class NoDisk implements java.util.concurrent.Executor {
        private boolean opened;

        @Override
        public void execute(Runnable task) {
            if (opened) {
                task.run();
            }
            opened = true;
        }
    }

    private record Events(@Nullable CallRecorder recorder) implements SourcePump.Events {
        @Override
        public ByteBuffer outgoing(ByteBuffer frame) {
            return frame;
        }

        @Override
        public void sent(ByteBuffer pcm16, long nanos) {
            if (recorder != null) {
                recorder.caller(pcm16, nanos);
            }
        }

        @Override
        public void refused() {}

        @Override
        public void ended(@Nullable Throwable error) {}
    }

    private record Ears(@Nullable CallRecorder recorder, HandClock clock) implements PlaybackQueue.Heard {
        @Override
        public void samples(ByteBuffer pcm16, long first) {
            if (recorder != null) {
                recorder.agent(pcm16, first, clock.nanoTime());
            }
        }

        @Override
        public void run() {
            if (recorder != null) {
                recorder.agentBegins(clock.nanoTime());
            }
        }

        @Override
        public void item(String itemId, int connection, long samples) {}
    }

    /** A source that always has more. */
    private record Noise(PcmFormat format, ByteBuffer piece) implements AudioSource {
        Noise(PcmFormat format) {
            this(format, noise(960));
        }

        @Override
        public int read(ByteBuffer target) {
            int bytes = target.remaining();
            while (target.hasRemaining()) {
                piece.clear();
                piece.limit(Math.min(piece.capacity(), target.remaining()));
                target.put(piece);
            }
            return bytes;
        }

        @Override
        public void close() {}
    }
}
