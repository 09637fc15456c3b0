package dev.parley.core.internal;

import dev.parley.core.Clock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent, in two lanes. Control messages (a cancel, a tool's output) overtake audio that still waits here,
 * and are never dropped. Audio is bounded.
 *
 * <p>The socket has a first-in first-out queue of its own, which nothing can overtake and which kills the connection when
 * it passes 16 MiB. So audio is handed to it only while it holds little; the rest waits here. The socket does not say when
 * it has drained, so while something waits the outbox looks again every few milliseconds.
 *
 * <p>Audio may be offered from any thread. All else happens on the loop.
 */
final class Outbox {
    /** Half a second of speech in base64: enough to keep the socket busy, little enough to be overtaken by. */
    private static final long SOCKET_FULL_FOR_AUDIO = 32 * 1024;

    /** Half of what OkHttp refuses. */
    private static final long SOCKET_FULL_FOR_CONTROL = 8 * 1024 * 1024;

    /** In bytes; so much fits beside what the socket may hold already. */
    static final long LONGEST_CONTROL = 16 * 1024 * 1024 - SOCKET_FULL_FOR_CONTROL;

    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

    private final Clock clock;
    private final Executor loop;
    private final long laneLimit;
    private final long keepBeforeReady;

    private final ConcurrentLinkedQueue<Control> control = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Frame> audio = new ConcurrentLinkedQueue<>();
    private final WholeSamples samples = new WholeSamples();
    private final AtomicLong audioQueued = new AtomicLong();
    private final AtomicLong audioSent = new AtomicLong();
    private final AtomicLong audioUnsent = new AtomicLong();
    private final AtomicLong audioRefused = new AtomicLong();
    private final AtomicLong audioDroppedBeforeReady = new AtomicLong();
    private final AtomicBoolean pumpQueued = new AtomicBoolean();

    /** Written on the loop. Nothing but the configuration goes out before the provider has confirmed it. */
    private volatile boolean flows;

    private volatile boolean closed;

    /** All owned by the loop, from here on. */
    private @Nullable Wire wire;

    /** Whether this connection has audio since the last message that ended a turn or took it back, and when it was sent. */
    private boolean unended;

    private long lastAudio;

    private Clock.@Nullable Timer lookAgain;

    /** PCM that the socket has taken since the caller's turn was last ended or taken back. Owned by the loop. */
    private long sentOfTurn;

    /** The part of a socket that the outbox needs. */
    interface Wire {
        /** Queues a message; false if the socket takes none any more. */
        boolean send(String message);

        /** Bytes that the socket has queued and not yet written. */
        long queued();
    }

    /** @param outlives whether it was not about the connection that was there, or coming, when it was queued */
    private record Control(String message, boolean outlives) {}

    /** One piece of audio, or a message that stands in its order. No record: two frames of silence are equal, and are two. */
    private static final class Frame {
        final String message;
        final int pcmBytes;
        final @Nullable LongConsumer whenSent;

        /** @param whenSent runs on the loop once the socket has the message, told how much audio of its turn went before */
        Frame(String message, int pcmBytes, @Nullable LongConsumer whenSent) {
            this.message = message;
            this.pcmBytes = pcmBytes;
            this.whenSent = whenSent;
        }
    }

    /**
     * @param laneLimit how many bytes of PCM may wait once audio flows
     * @param keepBeforeReady how many bytes of PCM are kept before that; the oldest go first
     */
    Outbox(Clock clock, Executor loop, long laneLimit, long keepBeforeReady) {
        this.clock = clock;
        this.loop = loop;
        this.laneLimit = laneLimit;
        this.keepBeforeReady = keepBeforeReady;
    }

    /** Offers a piece of audio, from any thread. False if it was not taken. */
    boolean offerAudio(ByteBuffer pcm16) {
        // One lock a frame, around no I/O: samples are put together in the order in which pieces come.
        synchronized (samples) {
            if (closed) {
                return false;
            }
            ByteBuffer whole = samples.take(pcm16);
            int bytes = whole.remaining();
            boolean full = flows ? audioQueued.get() + bytes > laneLimit : bytes > keepBeforeReady;
            if (full) {
                samples.refused(whole);
            }
            audioRefused.addAndGet(samples.takeLost());
            if (full) {
                return false;
            }
            if (bytes == 0) {
                return true;
            }
            audio.add(new Frame(EventCodec.encodeAppend(whole), bytes, null));
            audioQueued.addAndGet(bytes);
        }
        if (flows) {
            pumpSoon();
        } else {
            dropOldest();
        }
        return true;
    }

    /** Queues a control message and sends what the socket takes. On the loop. */
    void sendControl(String message) {
        queue(new Control(message, false));
    }

    /** As {@link #sendControl}; what is asked for while there is no connection waits for one, however many fail before. */
    void sendOnceReady(String message) {
        queue(new Control(message, !flows));
    }

    private void queue(Control message) {
        if (!closed) {
            control.add(message);
            pump();
        }
    }

    /**
     * Queues a message behind the audio that came before it, because it is about that audio: it ends the caller's turn, or takes
     * it back. From any thread.
     *
     * @param whenSent told on the loop how many bytes of PCM of that turn were sent
     */
    void sendAfterAudio(String message, LongConsumer whenSent) {
        if (!closed) {
            audio.add(new Frame(message, 0, whenSent));
            pumpSoon();
        }
    }

    /**
     * Queues the message that takes back what the caller said. Audio of that turn that still waits is not sent; what comes
     * later is no part of it. From any thread.
     */
    void sendTakingBack(String message, Runnable whenSent) {
        if (!closed) {
            Frame takingBack = new Frame(message, 0, sent -> whenSent.run());
            audio.add(takingBack);
            loop.execute(() -> {
                dropTurnBefore(takingBack);
                pump();
            });
        }
    }

    /** Drops the audio between a message and the one before it; nothing if it is sent already. On the loop. */
    private void dropTurnBefore(Frame message) {
        if (!flows || !audio.contains(message)) {
            // Before the session is ready other threads drop what is too old; the server forgets the turn in any case.
            return;
        }
        int begin = 0;
        int end = 0;
        for (Frame frame : audio) {
            if (frame == message) {
                break;
            }
            end++;
            if (frame.whenSent != null) {
                begin = end;
            }
        }
        Iterator<Frame> frames = audio.iterator();
        for (int i = 0; i < end; i++) {
            Frame frame = frames.next();
            if (i >= begin) {
                frames.remove();
                audioQueued.addAndGet(-frame.pcmBytes);
            }
        }
    }

    /**
     * The connection is gone. Control messages that were about it are forgotten; audio is kept as before the session was
     * ready. On the loop.
     */
    void detach() {
        flows = false;
        wire = null;
        unended = false;
        control.removeIf(message -> !message.outlives());
        dropOldest();
    }

    /** The socket is open: the configuration goes out, ahead of everything. On the loop. */
    void open(Wire opened, String configuration) {
        wire = opened;
        sentOfTurn = 0;
        opened.send(configuration);
    }

    /** The provider is configured: what was kept goes out now, behind what it must know first. On the loop. */
    void flow(List<String> first) {
        Wire open = wire;
        if (open != null) {
            first.forEach(open::send);
        }
        flows = true;
        pump();
    }

    /** Forgets what waits; whatever the socket has already taken still goes out. On the loop. */
    void close() {
        closed = true;
        if (lookAgain != null) {
            lookAgain.cancel();
            lookAgain = null;
        }
        wire = null;
        control.clear();
        synchronized (samples) {
            samples.end();
            audioUnsent.addAndGet(samples.takeLost());
        }
        for (Frame frame = audio.poll(); frame != null; frame = audio.poll()) {
            audioUnsent.addAndGet(frame.pcmBytes);
        }
    }

    /**
     * Whether audio was sent since a turn was ended or taken back. On the loop.
     *
     * @param within how long ago at most: who has sent none for longer has let the turn go
     */
    boolean hasUnendedAudio(Duration within) {
        return unended && clock.nanoTime() - lastAudio < within.toNanos();
    }

    long audioUnsent() {
        return audioUnsent.get();
    }

    long audioSent() {
        return audioSent.get();
    }

    long audioRefused() {
        return audioRefused.get();
    }

    long audioDroppedBeforeReady() {
        return audioDroppedBeforeReady.get();
    }

    private void dropOldest() {
        Iterator<Frame> oldest = audio.iterator();
        while (!flows && audioQueued.get() > keepBeforeReady && oldest.hasNext()) {
            Frame frame = oldest.next();
            // What ends a turn or takes it back is no audio, and stays. Another thread may drop the same frame: once
            // counts.
            if (frame.pcmBytes > 0 && audio.remove(frame)) {
                audioQueued.addAndGet(-frame.pcmBytes);
                audioDroppedBeforeReady.addAndGet(frame.pcmBytes);
            }
        }
    }

    private void pumpSoon() {
        if (pumpQueued.compareAndSet(false, true)) {
            loop.execute(() -> {
                pumpQueued.set(false);
                pump();
            });
        }
    }

    private void pump() {
        Wire open = wire;
        if (open == null || !flows) {
            return;
        }
        while (!control.isEmpty() && open.queued() < SOCKET_FULL_FOR_CONTROL) {
            if (!open.send(control.element().message())) {
                return;
            }
            control.remove();
        }
        while (control.isEmpty() && open.queued() < SOCKET_FULL_FOR_AUDIO) {
            Frame frame = audio.peek();
            if (frame == null) {
                break;
            }
            if (!open.send(frame.message)) {
                // The connection is at its end: the next one takes it.
                return;
            }
            if (audio.remove(frame)) {
                audioQueued.addAndGet(-frame.pcmBytes);
            }
            audioSent.addAndGet(frame.pcmBytes);
            unended = frame.pcmBytes > 0;
            lastAudio = clock.nanoTime();
            sentOfTurn += frame.pcmBytes;
            if (frame.whenSent != null) {
                long sent = sentOfTurn;
                sentOfTurn = 0;
                frame.whenSent.accept(sent);
            }
        }
        boolean waiting = !control.isEmpty() || !audio.isEmpty();
        if (waiting && lookAgain == null) {
            lookAgain = clock.schedule(
                    LOOK_AGAIN,
                    () -> loop.execute(() -> {
                        lookAgain = null;
                        pump();
                    }));
        }
    }
}
