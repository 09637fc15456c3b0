package dev.parley.audio;

import dev.parley.core.Clock;
import dev.parley.core.Interruption;
import dev.parley.core.SessionListener;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.testkit.RehearsalConnection;
import dev.parley.testkit.RehearsalDialect;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Turn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How long the agent goes on talking, by the wall clock, while many sessions are alive: each streams a caller and plays a reply over a loopback
 * WebSocket, and one after the other is interrupted. Server and sessions share the JVM, and the machine.
 *
 * <p>{@code serverDriven}: from the server's sending of {@code speech_started} to the flush of the sink. {@code local}: from the first loud sample
 * at the source to the flush, which has the confirming 120 ms in it.
 *
 * <p>Run: {@code java -cp benchmarks/target/benchmarks.jar dev.parley.audio.BargeInLatency [sessions] [seconds]}; 100 sessions and 60 s for each
 * policy unless said.
 */
public final class BargeInLatency {
    private static final PcmFormat FORMAT = new PcmFormat(24_000);
    private static final Duration BETWEEN_INTERRUPTIONS = Duration.ofMillis(50);
    private static final Duration REPLY_BEFORE = Duration.ofMillis(300);
    private static final int REPLY_PIECES = 8;
    private static final String PIECE = Base64.getEncoder().encodeToString(piece());
    private static final long WARM_UP_SECONDS = 5;

    private final boolean local;
    private final RehearsalServer server;
    private final List<Call> calls = new ArrayList<>();
    private final Queue<Long> took = new ConcurrentLinkedQueue<>();
    /** One for each of them. */
    private final Semaphore told = new Semaphore(0);

    private final ScheduledExecutorService stage = Executors.newSingleThreadScheduledExecutor();

    private BargeInLatency(boolean local, int sessions) {
        this.local = local;
        // a turn that does not end, so that the server has nothing to say by itself
        this.server = RehearsalServer.builder()
                .dialect(local ? RehearsalDialect.OPENAI : RehearsalDialect.SWARAM)
                .script(Script.named("interrupted")
                        .turn(Turn.hear("wait").says("yes"))
                        .build())
                .silence(Duration.ofSeconds(10))
                .start();
        VoiceAgent agent = VoiceAgent.builder().provider(server.provider()).build();
        for (int i = 0; i < sessions; i++) {
            calls.add(new Call(agent, i));
        }
    }

    public static void main(String[] args) throws InterruptedException {
        int sessions = args.length > 0 ? Integer.parseInt(args[0]) : 100;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 60;
        System.out.println("| policy | sessions | interruptions | missed | p50 | p99 | worst |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (boolean local : new boolean[] {false, true}) {
            BargeInLatency latency = new BargeInLatency(local, sessions);
            int asked = latency.run(seconds);
            latency.print(asked);
            latency.close();
        }
    }

    /** @return how many interruptions were counted on */
    private int run(int seconds) throws InterruptedException {
        int asked = 0;
        long every = BETWEEN_INTERRUPTIONS.toMillis();
        long rounds = (WARM_UP_SECONDS + seconds) * 1_000 / every;
        long begin = System.nanoTime();
        for (int round = 0; round < rounds; round++) {
            Call call = calls.get(round % calls.size());
            long at = begin + TimeUnit.MILLISECONDS.toNanos(round * every) - System.nanoTime();
            boolean counts = round * every >= WARM_UP_SECONDS * 1_000;
            asked += counts ? 1 : 0;
            var unused = stage.schedule(call::reply, at, TimeUnit.NANOSECONDS);
            var unusedToo =
                    stage.schedule(() -> call.interrupt(counts), at + REPLY_BEFORE.toNanos(), TimeUnit.NANOSECONDS);
        }
        stage.shutdown();
        if (!stage.awaitTermination(seconds + 60L, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the machine cannot keep up: take fewer sessions");
        }
        // the last ones are still to be confirmed; what does not come by then is missed
        var unused = told.tryAcquire(asked, 10, TimeUnit.SECONDS);
        return asked;
    }

    private void print(int asked) {
        long[] nanos = took.stream().mapToLong(Long::longValue).sorted().toArray();
        if (nanos.length == 0) {
            throw new IllegalStateException("nobody was interrupted");
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %d | %d | %s | %s | %s |%n",
                local ? "local, from the first loud sample" : "serverDriven, from the server's word",
                calls.size(),
                nanos.length,
                asked - nanos.length,
                millis(nanos[nanos.length / 2]),
                millis(nanos[(int) Math.ceil(nanos.length * 0.99) - 1]),
                millis(nanos[nanos.length - 1]));
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.2f ms", nanos / 1e6);
    }

    private void close() {
        calls.forEach(call -> call.session.close());
        server.close();
    }

    private static byte[] piece() {
        byte[] piece = new byte[(int) FORMAT.bytes(Duration.ofMillis(200))];
        Arrays.fill(piece, (byte) 8);
        return piece;
    }

    /** One session, its server's side, and the instant of its interruption. */
    private final class Call implements SessionListener {
        private final StampedSink sink = new StampedSink(FORMAT);
        private final LiveCaller caller = new LiveCaller(FORMAT);
        private final VoiceSession session;
        private final RehearsalConnection connection;
        private int replies;
        private volatile long began;
        private volatile boolean counts;

        Call(VoiceAgent agent, int index) {
            BargeIn policy = local ? BargeIn.local(EnergySpeechDetector.create()) : BargeIn.serverDriven();
            this.session = agent.session()
                    .listener(this)
                    .with(AudioLink.between(caller, sink).bargeIn(policy))
                    .connect();
            this.connection = server.awaitConnection(index);
        }

        /** As the server speaks: faster than real time. */
        void reply() {
            String id = "bench_" + ++replies;
            sink.forget();
            connection.sendRaw("{\"type\":\"input_audio_buffer.speech_stopped\"}");
            connection.sendRaw("{\"type\":\"response.created\",\"response\":{\"id\":\"" + id + "\"}}");
            for (int i = 0; i < REPLY_PIECES; i++) {
                connection.sendRaw("{\"type\":\"response.output_audio.delta\",\"response_id\":\"" + id
                        + "\",\"item_id\":\"item_" + id + "\",\"delta\":\"" + PIECE + "\"}");
            }
        }

        void interrupt(boolean isCounted) {
            counts = isCounted;
            began = System.nanoTime();
            if (local) {
                caller.speakFrom(began);
            } else {
                connection.sendRaw("{\"type\":\"input_audio_buffer.speech_started\"}");
            }
        }

        @Override
        public void onInterrupted(VoiceSession who, Interruption interruption) {
            // the last flush before this is told is the one that silenced; one before it only made the agent quieter
            long silent = sink.flushedAt();
            caller.fallSilent();
            if (counts) {
                counts = false;
                took.add(silent - began);
                told.release();
            }
        }
    }

    /** Plays to nobody, and knows when it was flushed. */
    private static final class StampedSink implements AudioSink {
        private final MemorySink sink;
        private volatile long flushedAt;

        StampedSink(PcmFormat format) {
            this.sink = AudioSink.inMemory(format, Clock.system());
        }

        long flushedAt() {
            return flushedAt;
        }

        void forget() {
            sink.forget();
        }

        @Override
        public PcmFormat format() {
            return sink.format();
        }

        @Override
        public int write(ByteBuffer pcm16) throws IOException {
            return sink.write(pcm16);
        }

        @Override
        public long played() {
            return sink.played();
        }

        @Override
        public long flush() {
            long at = sink.flush();
            flushedAt = System.nanoTime();
            return at;
        }

        @Override
        public void close() {
            sink.close();
        }
    }
}
