package dev.parley.audio;

import dev.parley.core.Clock;
import dev.parley.core.SessionState;
import dev.parley.core.VoiceSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the caller's voice from a source and sends it at real-time pace, in frames of 20 ms.
 *
 * <p>Pace is kept against absolute deadlines: frame n goes out n × 20 ms after the start, however late a timer fires, so
 * nothing drifts. A source that had nothing for a while catches up, by at most a second; what is behind by more is never made up
 * for. A source that had nothing for longer than that has stalled; one whose clock is slow comes to be a second behind too,
 * in hours, and has not. Its own executor runs everything but the flags, so a source that blocks holds up nobody
 * else. What comes after the source's end is silence, for a while: a server that detects turns waits for it.
 */
final class SourcePump {

    /** Hears how the pump fares, on the pump's executor. */
    interface Events {
        /** What is sent for a frame of the source: itself, or as much silence. */
        ByteBuffer outgoing(ByteBuffer frame);

        /** Samples that the session took, the last of them due at a time of the clock; good until the call returns. */
        void sent(ByteBuffer pcm16, long nanos);

        /** The session's lane is full: a piece was refused. Told once until pieces are taken again. */
        void refused();

        /** Nothing but silence will be sent; {@code error} is null where the source just ended. Told once. */
        void ended(@Nullable Throwable error);

        /** The silence cannot be sent, nor what the source had left at its end: nothing more will be. Told once. */
        void broken(Throwable error);
    }

    static final Duration FRAME = Duration.ofMillis(20);
    private static final Duration CATCH_UP = Duration.ofSeconds(1);
    /** The session keeps 5 s of what comes before it is ready: what is held back here stays in the source. */
    private static final Duration BEFORE_READY = Duration.ofSeconds(4);

    private final AudioSource source;
    private final PcmFormat format;
    private final VoiceSession session;
    private final Clock clock;
    private final Events events;
    private final Reframer reframer;
    private final ByteBuffer read;
    private final long frameSamples;
    private final long catchUpSamples;
    private final ByteBuffer silence;
    /** How many samples of silence are still to be sent once the source is over. */
    private long silenceLeft;

    private boolean sourceOver;
    /** What the session took in this round. */
    private ByteBuffer batch;
    // made once, since a frame allocates nothing
    private final Consumer<ByteBuffer> send = this::send;
    private final Runnable round = this::round;
    private final Clock.Alarm wake;
    private volatile boolean ready;
    private volatile boolean stopped;
    /** Guards the two below, and that no read begins once stopped. */
    private final Object reading = new Object();
    /** Who is in the source now. */
    private @Nullable Thread reader;

    private boolean interrupted;
    private final AtomicLong sentBytes = new AtomicLong();
    private final AtomicLong refusedBytes = new AtomicLong();
    private final AtomicLong madeUpBytes = new AtomicLong();
    private final AtomicLong stalls = new AtomicLong();
    private boolean refusing;
    private boolean stalled;
    /** When the round began that last got something of the source. */
    private long gotAt;

    private boolean ended;
    /** When the count began, and how many samples have been taken from the source since. */
    private long anchor;

    private long taken;

    /** @param silenceAfter how long silence is sent once the source has ended or failed */
    SourcePump(
            AudioSource source,
            Duration silenceAfter,
            VoiceSession session,
            Clock clock,
            Executor executor,
            Events events) {
        this.source = source;
        this.format = source.format();
        this.session = session;
        this.clock = clock;
        this.events = events;
        int frameBytes = (int) Math.max(PcmFormat.BYTES_PER_SAMPLE, format.bytes(FRAME));
        this.reframer = new Reframer(frameBytes, Reframer.Tail.SEND_SHORT);
        this.read = ByteBuffer.allocate(frameBytes);
        this.frameSamples = format.samples(FRAME);
        this.catchUpSamples = format.samples(CATCH_UP);
        this.silenceLeft = format.samples(silenceAfter);
        this.silence = ByteBuffer.allocate(frameBytes).asReadOnlyBuffer();
        this.batch = ByteBuffer.allocate(2 * frameBytes);
        this.wake = clock.alarm(() -> executor.execute(round));
    }

    void start() {
        anchor = clock.nanoTime();
        gotAt = anchor;
        scheduleNext(anchor);
    }

    void onReady() {
        ready = true;
    }

    /**
     * Sends nothing more. A read that waits is interrupted.
     *
     * @return whether a read is under way, so that the executor may be held up
     */
    boolean stop() {
        synchronized (reading) {
            stopped = true;
            if (reader == null) {
                return false;
            }
            interrupted = true;
            reader.interrupt();
            return true;
        }
    }

    private int read() throws IOException {
        synchronized (reading) {
            if (stopped) {
                return 0;
            }
            reader = Thread.currentThread();
        }
        try {
            return source.read(read);
        } finally {
            synchronized (reading) {
                reader = null;
                if (interrupted) {
                    // the thread is borrowed, and has other work after this
                    Thread.interrupted();
                }
            }
        }
    }

    long sentBytes() {
        return sentBytes.get();
    }

    long refusedBytes() {
        return refusedBytes.get();
    }

    long madeUpBytes() {
        return madeUpBytes.get();
    }

    long stalls() {
        return stalls.get();
    }

    private void scheduleNext(long now) {
        long frame = FRAME.toNanos();
        long next = anchor + ((now - anchor) / frame + 1) * frame;
        // the next timer is set only after this round's work: rounds never pile up behind a source that blocks
        wake.set(next - now);
    }

    private void round() {
        if (stopped || ended) {
            return;
        }
        long now = clock.nanoTime();
        try {
            if (!ready && format.durationOfBytes(sentBytes.get()).compareTo(BEFORE_READY) >= 0) {
                anchor = now;
                gotAt = now;
                taken = 0;
            } else {
                sendWhatIsDue(now);
            }
        } catch (IOException | RuntimeException | Error e) {
            if (stopped) {
                // the session closed the source under a read that waited: no fault of the source
                ended = true;
            } else if (sourceOver) {
                // not the source's doing: what takes the silence fails, and would again
                ended = true;
                events.broken(e);
            } else {
                sourceOver(now, e);
            }
        }
        if (!ended && !stopped) {
            scheduleNext(clock.nanoTime());
        }
    }

    private void sendWhatIsDue(long now) throws IOException {
        long before = sentBytes.get();
        long due = format.samplesIn(now - anchor);
        long behind = due - taken - catchUpSamples;
        if (behind > 0) {
            taken += behind;
            if (!stalled && !sourceOver && now - gotAt > CATCH_UP.toNanos()) {
                stalled = true;
                stalls.incrementAndGet();
            }
        }
        while (taken + frameSamples <= due && !stopped && !ended) {
            if (sourceOver) {
                sendSilence();
                continue;
            }
            read.clear().limit(read.capacity() - reframer.carried());
            int got = read();
            if (got < 0) {
                sourceOver(now, null);
                return;
            }
            if (got == 0) {
                break;
            }
            stalled = false;
            gotAt = now;
            reframer.push(read.flip(), send);
        }
        madeUpBytes.addAndGet(Math.max(0, sentBytes.get() - before - read.capacity()));
        tellSent(now);
    }

    private void sourceOver(long now, @Nullable Throwable error) {
        sourceOver = true;
        // half a sample at the end is nothing that can be sent
        refusedBytes.addAndGet(reframer.carried() % PcmFormat.BYTES_PER_SAMPLE);
        Throwable unsent = null;
        try {
            reframer.finish(send);
            tellSent(now);
        } catch (RuntimeException | Error e) {
            unsent = e;
        }
        // whatever the source was late by, silence has nothing to catch up with
        anchor = now;
        taken = 0;
        ended = silenceLeft == 0 || unsent != null;
        events.ended(error);
        if (unsent != null && unsent != error) {
            events.broken(unsent);
        }
    }

    private void sendSilence() {
        int samples = (int) Math.min(frameSamples, silenceLeft);
        send(silence.clear().limit(samples * PcmFormat.BYTES_PER_SAMPLE));
        silenceLeft -= samples;
        ended = silenceLeft == 0;
    }

    private void send(ByteBuffer source) {
        ByteBuffer frame = events.outgoing(source);
        taken += frame.remaining() / PcmFormat.BYTES_PER_SAMPLE;
        if (session.appendAudio(frame)) {
            sentBytes.addAndGet(frame.remaining());
            refusing = false;
            keep(frame);
            return;
        }
        if (session.state() == SessionState.CLOSED) {
            // Hung up between two rounds: there is nobody to hear this, and nothing is lost by it.
            stopped = true;
            return;
        }
        refusedBytes.addAndGet(frame.remaining());
        if (!refusing && !stopped) {
            refusing = true;
            events.refused();
        }
    }

    private void keep(ByteBuffer frame) {
        if (batch.remaining() < frame.remaining()) {
            batch = ByteBuffer.allocate(2 * (batch.position() + frame.remaining()))
                    .put(batch.flip());
        }
        batch.put(frame);
    }

    private void tellSent(long now) {
        if (batch.position() > 0) {
            events.sent(batch.flip(), now);
            batch.clear();
        }
    }
}
