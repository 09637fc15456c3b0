package dev.parley.audio;

import static org.awaitility.Awaitility.await;

import dev.parley.core.Clock;
import dev.parley.core.Interruption;
import dev.parley.core.Problem;
import dev.parley.core.SessionListener;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ServerEvent;
import dev.parley.testkit.FakeClock;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalConnection;
import dev.parley.testkit.RehearsalDialect;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A call over a real WebSocket in which time stands still while anything is under way: one clock drives the caller, the
 * server, the session and the sink, and moves by a frame only once the frame before has gone all the way round. So each
 * sample of the call has its place, on any machine.
 */
final class SteppedCall implements AutoCloseable {
    static final PcmFormat FORMAT = new PcmFormat(24_000);
    static final Duration FRAME = Duration.ofMillis(20);
    private static final int FRAME_SAMPLES = 480;

    final List<Interruption> interruptions = new CopyOnWriteArrayList<>();
    final List<Problem> problems = new CopyOnWriteArrayList<>();
    /**
     * When each of the server's replies was first heard of, and when the server told that the caller speaks; since the clock's
     * beginning.
     */
    final List<Duration> repliesAt = new CopyOnWriteArrayList<>();

    final List<Duration> speechStartedAt = new CopyOnWriteArrayList<>();
    /** Where the agent is heard, unless the test has a sink of its own. */
    final MemorySink sink;

    final RehearsalServer server;
    final VoiceSession session;
    private final FakeClock clock = new FakeClock();
    private final Caller caller;
    private final AtomicLong told = new AtomicLong();
    final RehearsalConnection connection;
    private long frames;

    /** @param voice what the caller says; silence follows it */
    SteppedCall(
            RehearsalDialect dialect,
            Script script,
            Recording voice,
            PcmFormat sinkFormat,
            BargeIn bargeIn,
            Path wav,
            VoiceAgent.Builder agent) {
        this(dialect, script, voice, sinkFormat, (memory, clock) -> memory, bargeIn, wav, agent);
    }

    /** @param played what plays, by the call's clock, in place of the sink in memory */
    SteppedCall(
            RehearsalDialect dialect,
            Script script,
            Recording voice,
            PcmFormat sinkFormat,
            BiFunction<MemorySink, Clock, AudioSink> played,
            BargeIn bargeIn,
            Path wav,
            VoiceAgent.Builder agent) {
        this.caller = new Caller(voice);
        this.sink = AudioSink.inMemory(sinkFormat, clock);
        // five times real time: a piece of 200 ms is due every other frame
        this.server = RehearsalServer.builder()
                .dialect(dialect)
                .script(script)
                .clock(clock)
                .speed(5)
                .start();
        this.session = agent.provider(server.provider())
                .clock(new FrameClock())
                .listener(new Ears())
                .build()
                .session()
                .conversationId("call-1")
                .with(AudioLink.between(caller, played.apply(sink, clock))
                        .bargeIn(bargeIn)
                        .record(wav))
                .connect();
        this.connection = server.awaitConnection(0);
    }

    /** Lets time go on until a moment since the beginning, a whole number of frames. */
    void until(Duration moment) {
        while (frames * FRAME.toMillis() < moment.toMillis()) {
            frames++;
            clock.advance(FRAME);
            settled(() -> caller.rounds.get() == frames);
            settled(() -> connection.samplesReceived() == frames * FRAME_SAMPLES);
            // what the server sent before this, and what it led to, is over once a listener hears of this
            connection.sendRaw("{\"type\":\"test.frame\",\"frame\":" + frames + "}");
            settled(() -> told.get() == frames);
        }
    }

    /** Since the beginning, a whole number of frames. */
    Duration now() {
        return FRAME.multipliedBy(frames);
    }

    /** What the caller says from now on. */
    void says(Recording line) {
        caller.voice = line.pcm16();
    }

    private static void settled(BooleanSupplier condition) {
        await().atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(condition::getAsBoolean);
    }

    @Override
    public void close() {
        session.close();
        server.close();
    }

    private final class Ears implements SessionListener {
        private @Nullable String lastItem;

        @Override
        public void onEvent(VoiceSession who, ServerEvent event) {
            if (event instanceof ServerEvent.Unrecognized step && step.type().equals("test.frame")) {
                told.incrementAndGet();
            } else if (event instanceof ServerEvent.SpeechStarted) {
                speechStartedAt.add(now());
            } else if (event instanceof ServerEvent.OutputAudio audio
                    && !audio.itemId().equals(lastItem)) {
                lastItem = audio.itemId();
                repliesAt.add(now());
            }
        }

        @Override
        public void onInterrupted(VoiceSession who, Interruption interruption) {
            interruptions.add(interruption);
        }

        @Override
        public void onProblem(VoiceSession who, Problem problem) {
            problems.add(problem);
        }
    }

    /** The recorded caller. A round of reading is over when its thread has set the timer of the next one. */
    private static final class Caller implements AudioSource {
        private volatile ByteBuffer voice;
        private final AtomicLong rounds = new AtomicLong();
        private volatile @Nullable Thread reading;

        Caller(Recording voice) {
            this.voice = voice.pcm16();
        }

        @Override
        public PcmFormat format() {
            return FORMAT;
        }

        @Override
        public int read(ByteBuffer target) {
            reading = Thread.currentThread();
            ByteBuffer voice = this.voice;
            int bytes = target.remaining();
            while (target.hasRemaining()) {
                target.put(voice.hasRemaining() ? voice.get() : 0);
            }
            return bytes;
        }

        void timerSet() {
            if (reading == Thread.currentThread()) {
                reading = null;
                rounds.incrementAndGet();
            }
        }

        @Override
        public void close() {}
    }

    private final class FrameClock implements Clock {
        @Override
        public long nanoTime() {
            return clock.nanoTime();
        }

        @Override
        public Instant instant() {
            return clock.instant();
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            Timer timer = clock.schedule(delay, task);
            caller.timerSet();
            return timer;
        }
    }
}
