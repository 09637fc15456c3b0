package dev.parley.audio;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One frame of 20 ms at a time, as in a call. Real time is 20,000 µs for each operation.
 *
 * <p>Run: {@code java -jar benchmarks/target/benchmarks.jar AudioBenchmark -prof gc}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AudioBenchmark {
    private static final PcmFormat WIDE = new PcmFormat(24_000);

    private final Resampler resampler = Resampler.between(WIDE, new PcmFormat(16_000));
    private final Reframer reframer = new Reframer(1_024, Reframer.Tail.SEND_SHORT);
    private final SpeechDetector.Stream detector = EnergySpeechDetector.create().open(WIDE);
    private final ByteBuffer frame = ByteBuffer.allocate(960);
    private final ByteBuffer out = ByteBuffer.allocate(960);
    private final ByteBuffer line = ByteBuffer.allocate(320);
    private final ByteBuffer codes = ByteBuffer.allocate(160);
    private long framed;
    /** Held, since a lambda made for each call would be counted with the re-framing. */
    private final Consumer<ByteBuffer> count = this::count;

    public AudioBenchmark() {
        Random random = new Random(1);
        for (int i = 0; i < 480; i++) {
            short sample = (short) (3_000 * random.nextGaussian());
            frame.put(2 * i, (byte) sample).put(2 * i + 1, (byte) (sample >> 8));
        }
        line.put(0, frame, 0, 320);
    }

    @Benchmark
    public int resample24To16() {
        resampler.push(frame.clear(), out.clear());
        return out.position();
    }

    @Benchmark
    public long reframe() {
        reframer.push(frame.clear(), count);
        return framed;
    }

    @Benchmark
    public int muLawThereAndBack() {
        return thereAndBack(G711.MU_LAW);
    }

    @Benchmark
    public int aLawThereAndBack() {
        return thereAndBack(G711.A_LAW);
    }

    @Benchmark
    public boolean detectSpeech() {
        return detector.isSpeech(frame.clear());
    }

    private void count(ByteBuffer whole) {
        framed += whole.remaining();
    }

    private int thereAndBack(G711 law) {
        law.encode(line.clear(), codes.clear());
        law.decode(codes.flip(), out.clear());
        return out.position();
    }
}
