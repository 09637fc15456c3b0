package dev.parley.audio;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
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
 * A frame of 20 ms all the way through agent-audio: from the source to {@code appendAudio}, and from a piece of a reply
 * through the player to the sink, with the step that fills it and tells how far it is. Both are recorded too where
 * asked, but for the disk.
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
    private final DeafHandle handle = new DeafHandle(session, new HandClock());
    private Player player = new Player(handle, sink, Duration.ofMinutes(1), null);
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
        sink = AudioSink.inMemory(line, handle.clock(), Duration.ofMillis(500));
        player = new Player(handle, ResamplingSink.of(sink, SESSION), Duration.ofMinutes(1), recorder);
        for (int i = 0; i < 10; i++) {
            player.add("item", delta);
        }
    }

    @Benchmark
    public long wayIn() {
        clock.next();
        return session.bytes();
    }

    @Benchmark
    public long wayOut() {
        player.add("item", delta);
        handle.clock().next();
        if (++frames % 40 == 0) {
            // it keeps what was heard until then
            sink.forget();
        }
        return handle.heardNanos();
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

        @Override
        public void broken(Throwable error) {}
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
