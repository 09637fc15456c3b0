package dev.parley.audio;

import dev.parley.core.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A sink that does not get away with waiting: a call that takes longer than a second is interrupted, and fails. Otherwise it would hold up the
 * session's loop, and nobody could interrupt the agent or hang up. One that does not heed {@link Thread#interrupt()} cannot be helped.
 *
 * <p>Called on the session's loop; the watch looks from the clock's thread.
 */
final class WatchedSink implements AudioSink {
    private static final Duration LONGEST = Duration.ofSeconds(1);

    /** A call of the sink. */
    private interface Work {
        long run() throws IOException;
    }

    private final AudioSink sink;
    private final Clock clock;
    private Clock.@Nullable Timer watch;
    private @Nullable Thread working;
    private long since;
    private boolean interrupted;

    WatchedSink(AudioSink sink, Clock clock) {
        this.sink = sink;
        this.clock = clock;
    }

    @Override
    public PcmFormat format() {
        return sink.format();
    }

    @Override
    public int write(ByteBuffer pcm16) throws IOException {
        return (int) watched(() -> sink.write(pcm16));
    }

    @Override
    public long played() throws IOException {
        return watched(sink::played);
    }

    @Override
    public long flush() throws IOException {
        return watched(sink::flush);
    }

    @Override
    public boolean canTakeBack() {
        return sink.canTakeBack();
    }

    /** Off the loop: it may take its time. */
    @Override
    public void close() throws IOException {
        sink.close();
    }

    /** Nothing will be called for a while. */
    synchronized void rest() {
        if (watch != null) {
            watch.cancel();
            watch = null;
        }
    }

    private long watched(Work work) throws IOException {
        begin();
        long result = 0;
        Exception failure = null;
        boolean late;
        try {
            result = work.run();
        } catch (IOException | RuntimeException e) {
            failure = e;
        } finally {
            // after an Error too: the watch must not take this thread, which has other work by then, for one that waits
            late = end();
        }
        if (late) {
            throw new IOException(
                    "it held up the session for " + LONGEST.toMillis() + " ms; a sink takes what there is room for"
                            + " and never waits",
                    failure);
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof IOException e) {
            throw e;
        }
        return result;
    }

    private synchronized void begin() {
        working = Thread.currentThread();
        since = clock.nanoTime();
        if (watch == null) {
            watch = clock.schedule(LONGEST, this::look);
        }
    }

    /** @return whether the call was interrupted */
    private synchronized boolean end() {
        working = null;
        boolean was = interrupted;
        interrupted = false;
        if (was) {
            // whatever the loop does next is not meant
            Thread.interrupted();
        }
        return was;
    }

    private synchronized void look() {
        if (watch == null) {
            return;
        }
        watch = null;
        if (working == null) {
            return;
        }
        long left = LONGEST.toNanos() - (clock.nanoTime() - since);
        if (left <= 0) {
            interrupted = true;
            working.interrupt();
        } else {
            watch = clock.schedule(Duration.ofNanos(left), this::look);
        }
    }
}
