package dev.parley.audio;

import dev.parley.core.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A sink that does not get away with waiting: a call that takes longer than a second is interrupted, and fails. Otherwise it would hold up the
 * session's loop, and nobody could interrupt the agent or hang up. One that does not heed {@link Thread#interrupt()}, as a write to a socket or
 * to native code, is closed a second later from another thread, which such a call does not outlive. What outlives that too is beyond help, and
 * is told past the loop, which is what waits.
 *
 * <p>Called on the session's loop; the watch looks from the clock's thread. A call allocates nothing.
 */
final class WatchedSink implements AudioSink {
    private static final Duration LONGEST = Duration.ofSeconds(1);

    /** What was done about a call that waits. */
    private enum Measure {
        NONE(LONGEST),
        INTERRUPTED(LONGEST.multipliedBy(2)),
        CLOSED(LONGEST.multipliedBy(3));

        /** How long a call has lasted when the next one is taken. */
        private final Duration until;

        Measure(Duration until) {
            this.until = until;
        }
    }

    private final AudioSink sink;
    private final Clock clock;
    private final Executor closer;
    private final Runnable beyondHelp;
    private final Runnable look = this::look;
    private final AtomicBoolean closing = new AtomicBoolean();
    /** How the close went. */
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private Clock.@Nullable Timer watch;
    private @Nullable Thread working;
    private long since;
    private Measure measure = Measure.NONE;

    /**
     * @param closer runs what may wait; nothing waits for it
     * @param beyondHelp runs on the clock's thread when a call outlives the sink's close
     */
    WatchedSink(AudioSink sink, Clock clock, Executor closer, Runnable beyondHelp) {
        this.sink = sink;
        this.clock = clock;
        this.closer = closer;
        this.beyondHelp = beyondHelp;
    }

    @Override
    public PcmFormat format() {
        return sink.format();
    }

    @Override
    public int write(ByteBuffer pcm16) throws IOException {
        begin();
        Throwable failure = null;
        try {
            return sink.write(pcm16);
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
            throw e;
        } finally {
            end(failure);
        }
    }

    @Override
    public long played() throws IOException {
        begin();
        Throwable failure = null;
        try {
            return sink.played();
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
            throw e;
        } finally {
            end(failure);
        }
    }

    @Override
    public long flush() throws IOException {
        begin();
        Throwable failure = null;
        try {
            return sink.flush();
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
            throw e;
        } finally {
            end(failure);
        }
    }

    @Override
    public boolean canTakeBack() {
        return sink.canTakeBack();
    }

    /**
     * Off the loop: it may take its time. The sink is closed once; whoever comes later waits until it is, and hears of how that
     * failed.
     */
    @Override
    public void close() throws IOException {
        if (!closing.getAndSet(true)) {
            try {
                sink.close();
                closed.complete(null);
            } catch (IOException | RuntimeException | Error e) {
                closed.completeExceptionally(e);
            }
        }
        try {
            closed.join();
        } catch (CompletionException e) {
            Throwable why = e.getCause() == null ? e : e.getCause();
            throw new IOException(Reason.of(why), why);
        }
    }

    /** Nothing will be called for a while. */
    synchronized void rest() {
        if (watch != null) {
            watch.cancel();
            watch = null;
        }
    }

    private synchronized void begin() {
        working = Thread.currentThread();
        since = clock.nanoTime();
        if (watch == null) {
            watch = clock.schedule(LONGEST, look);
        }
    }

    /** Also after an Error: the watch must not take this thread, which has other work by then, for one that waits. */
    private synchronized void end(@Nullable Throwable failure) throws IOException {
        working = null;
        if (measure == Measure.NONE) {
            return;
        }
        boolean wasClosed = measure == Measure.CLOSED;
        measure = Measure.NONE;
        // whatever the loop does next is not meant
        Thread.interrupted();
        throw new IOException(
                "it held up the session for " + LONGEST.toMillis() + " ms"
                        + (wasClosed ? ", heeded no interrupt, and was closed" : "")
                        + "; a sink takes what there is room for and never waits",
                failure);
    }

    private synchronized void look() {
        if (watch == null) {
            return;
        }
        watch = null;
        if (working == null) {
            return;
        }
        long left = measure.until.toNanos() - (clock.nanoTime() - since);
        if (left > 0) {
            watch = clock.schedule(Duration.ofNanos(left), look);
            return;
        }
        switch (measure) {
            case NONE -> {
                measure = Measure.INTERRUPTED;
                working.interrupt();
                watch = clock.schedule(LONGEST, look);
            }
            case INTERRUPTED -> {
                measure = Measure.CLOSED;
                closer.execute(this::closeUnderACall);
                watch = clock.schedule(LONGEST, look);
            }
            case CLOSED -> beyondHelp.run();
        }
    }

    /** How it fails, if it does, is told when the session closes it. */
    private void closeUnderACall() {
        try {
            close();
        } catch (IOException ignored) {
            // kept for then
        }
    }
}
