package dev.parley.core.internal;

import dev.parley.core.event.ServerEvent;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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
 * 100 ms of audio in and out, beside the bare base64 of the same bytes.
 *
 * <p>Run: {@code java -jar benchmarks/target/benchmarks.jar CodecBenchmark -prof gc}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {
    private final EventCodec codec = new EventCodec();
    private final byte[] pcm = new byte[4_800];
    private final String base64;
    private final String message;

    public CodecBenchmark() {
        new Random(1).nextBytes(pcm);
        base64 = Base64.getEncoder().encodeToString(pcm);
        // The fields and the lengths of ids that OpenAI sends; swaram sends fewer.
        message = """
                {"type":"response.output_audio.delta","event_id":"event_CbA7hK2mLpQ9xYz4T8vWq",\
                "response_id":"resp_CbA7gF5nRsU3wXy6Z1aBc","item_id":"item_CbA7g8dEfGh2JkLm9NpQr",\
                "output_index":0,"content_index":0,"delta":"%s"}""".formatted(base64);
    }

    @Benchmark
    public ServerEvent deltaIn() throws MalformedEventException {
        return codec.decode(message);
    }

    @Benchmark
    public byte[] deltaInReference() {
        return Base64.getDecoder().decode(base64);
    }

    @Benchmark
    public String appendOut() {
        return EventCodec.encodeAppend(ByteBuffer.wrap(pcm));
    }

    @Benchmark
    public String appendOutReference() {
        return Base64.getEncoder().encodeToString(pcm);
    }
}
