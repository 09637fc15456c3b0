package dev.parley.audio;

import dev.parley.audio.internal.ReplyIds;
import dev.parley.core.Clock;
import dev.parley.core.Problem;
import dev.parley.core.SessionHandle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a session's sink fed and tells what was heard. It steps every 20 ms for as long as there is something to play.
 * Loop-confined, but for the readings.
 */
final class Player {

    private static final Duration STEP = Duration.ofMillis(20);
    private static final long STEP_NANOS = STEP.toNanos();
    private static final Duration FADE = Duration.ofMillis(5);
    private static final int KNOWN_ITEMS = 256;

    private final SessionHandle handle;
    private final WatchedSink sink;
    private final PcmFormat format;
    private final PlaybackQueue queue;
    private final long stepSamples;
    /** Made once, since a step allocates nothing. */
    private final Clock.Alarm wake;

    /** How far each item was heard, in nanoseconds. */
    private final Map<String, AtomicLong> heard = new ConcurrentHashMap<>();
    /** The same items in the order of their coming. */
    private final Deque<String> known = new ArrayDeque<>();

    private final List<CompletableFuture<Void>> awaitingDrained = new ArrayList<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    // readings, each for itself: a step allocates no snapshot that hardly anybody reads
    private volatile boolean playing;
    private volatile long queuedBytes;
    private volatile long heardSamples;
    private volatile long overflowed;
    private volatile long unplayed;
    /** Told at each look whether the agent's audio plays. Set before anything plays. */
    private Consumer<Boolean> onPlaying = playing -> {};

    private int connection = 1;
    private boolean stepping;
    private long takenAtLastStep;
    private boolean broken;
    private boolean closing;
    private long lost;

    Player(SessionHandle handle, AudioSink sink, Duration room, @Nullable CallRecorder recorder) {
        this.handle = handle;
        this.sink = new WatchedSink(
                sink, handle.clock(), handle.unawaitedExecutor("audio-sink-stuck"), this::holdsUpForGood);
        this.format = new PcmFormat(handle.sampleRate());
        this.stepSamples = format.samples(STEP);
        Runnable next = this::nextStep;
        this.wake = handle.clock().alarm(() -> handle.loop().execute(next));
        // where the flush is not exact, what comes after it as a fade would be heard as an echo
        int fade = sink.canTakeBack() ? (int) format.samples(FADE) : 0;
        this.queue = new PlaybackQueue(this.sink, new HeardEvents(recorder), format.bytes(room), fade);
    }

    /** @return false if the queue had no room for all of it */
    boolean add(String itemId, ByteBuffer audio) {
        if (broken || closing) {
            lost += audio.remaining();
            publish();
            return true;
        }
        if (!queue.knows(itemId)) {
            remember(itemId);
        }
        boolean fits = queue.add(itemId, audio);
        step();
        return fits;
    }

    /** Falls silent now. @return whether anything was cut */
    boolean cut() {
        if (broken || closing) {
            return false;
        }
        try {
            return queue.cut();
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
            return true;
        } finally {
            publish();
            scheduleStep();
        }
    }

    /** A position is zero until it moves; an id that an earlier connection had is another item from now on. */
    private void remember(String itemId) {
        if (heard.put(itemId, new AtomicLong()) == null) {
            known.addLast(itemId);
            if (known.size() > KNOWN_ITEMS) {
                heard.remove(known.removeFirst());
            }
        }
    }

    /** What was received plays on, under other names. */
    void onConnectionLost() {
        queue.onConnectionLost();
        connection++;
        publish();
    }

    void onPlaying(Consumer<Boolean> told) {
        onPlaying = told;
    }

    /** Plays on louder or quieter, with nothing lost. */
    void gain(double gain) {
        if (broken || closing || !sink.canTakeBack()) {
            return;
        }
        try {
            queue.gain(gain);
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
        } finally {
            publish();
            scheduleStep();
        }
    }

    /** Falls silent for good and closes the sink, off the loop. */
    void close() {
        if (closing) {
            return;
        }
        cut();
        closing = true;
        sink.rest();
        settle();
        handle.serialExecutor("audio-sink").execute(this::closeSink);
    }

    private void closeSink() {
        try {
            sink.close();
        } catch (IOException | RuntimeException | Error e) {
            handle.report(
                    new Problem(Problem.Kind.AUDIO_DEVICE, "the audio sink could not be closed: " + Reason.of(e), e));
        }
        closed.complete(null);
    }

    CompletableFuture<Void> closed() {
        return closed;
    }

    // Readings, on any thread. Each is of the last step; two of them may be of two.

    boolean playing() {
        return playing;
    }

    Duration queued() {
        return format.durationOfBytes(queuedBytes);
    }

    Duration heard() {
        return format.duration(heardSamples);
    }

    /** What was heard and what is still to be, in all items together. */
    Duration received() {
        return format.duration(heardSamples + queuedBytes / PcmFormat.BYTES_PER_SAMPLE);
    }

    long overflowed() {
        return overflowed;
    }

    long unplayed() {
        return unplayed;
    }

    Duration heard(String itemId) {
        AtomicLong position = heard.get(itemId);
        return position == null ? Duration.ZERO : Duration.ofNanos(position.get());
    }

    CompletionStage<Void> drained() {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        handle.loop().execute(() -> {
            awaitingDrained.add(drained);
            settle();
        });
        return drained;
    }

    /** Brings the readings up to date. */
    void look() {
        step();
    }

    private void step() {
        if (broken || closing) {
            return;
        }
        try {
            queue.step();
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
        }
        publish();
        scheduleStep();
    }

    private void scheduleStep() {
        if (stepping || broken || closing || queue.idle()) {
            if (!stepping) {
                sink.rest();
            }
            return;
        }
        stepping = true;
        // the last step comes just when the last sample has been played; a sink that is behind is asked no more often
        // than others
        long taken = queue.takenSamples();
        boolean behind = taken == takenAtLastStep;
        takenAtLastStep = taken;
        boolean whole = queue.hasWaiting() || behind || taken >= stepSamples;
        wake.set(whole ? STEP_NANOS : format.nanos(taken) + 1);
    }

    private void nextStep() {
        stepping = false;
        step();
    }

    private void fail(Throwable error) {
        broken = true;
        sink.rest();
        queue.drop();
        handle.report(new Problem(
                Problem.Kind.AUDIO_DEVICE,
                "the audio sink failed and the caller no longer hears the agent: " + Reason.of(error),
                error));
    }

    /** The loop, which tells of problems, is what waits: so it is not what tells of this one. */
    private void holdsUpForGood() {
        handle.reportPastLoop(new Problem(
                Problem.Kind.AUDIO_DEVICE,
                "the audio sink holds up the session for good: it neither heeds an interrupt nor returns when it is closed, so"
                        + " nothing of this session happens any more, its end included. A sink takes what there is room for"
                        + " and never waits",
                null));
    }

    private void publish() {
        playing = queue.playing();
        queuedBytes = queue.unplayedBytes();
        heardSamples = queue.heardSamples();
        overflowed = queue.overflowed();
        unplayed = queue.unplayed() + lost;
        settle();
        onPlaying.accept(playing);
    }

    private void settle() {
        if (!awaitingDrained.isEmpty() && (broken || closing || !queue.playing())) {
            List<CompletableFuture<Void>> all = List.copyOf(awaitingDrained);
            awaitingDrained.clear();
            all.forEach(each -> each.complete(null));
        }
    }

    /** Passes on what the sink has played. */
    private final class HeardEvents implements PlaybackQueue.Heard {
        private final @Nullable CallRecorder recorder;

        HeardEvents(@Nullable CallRecorder recorder) {
            this.recorder = recorder;
        }

        @Override
        public void samples(ByteBuffer pcm16, long first) {
            if (recorder != null) {
                recorder.agent(pcm16, first, handle.clock().nanoTime());
            }
        }

        @Override
        public void run() {
            if (recorder != null) {
                recorder.agentBegins(handle.clock().nanoTime());
            }
        }

        @Override
        public void item(String itemId, int receivedOver, long samples) {
            long position = format.nanos(samples);
            boolean former = receivedOver != connection;
            AtomicLong known = former && queue.knows(itemId) ? null : heard.get(itemId);
            if (known != null) {
                known.set(position);
            }
            handle.playedUpToNanos(former ? ReplyIds.former(itemId, receivedOver) : itemId, position);
        }
    }
}
