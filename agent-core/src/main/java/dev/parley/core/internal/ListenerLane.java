package dev.parley.core.internal;

import dev.parley.core.SessionListener;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where listeners run: in order, one call at a time, away from the loop. A listener that falls far behind misses events
 * and problems (they are counted) and nothing else: states, tool calls, interruptions and the end always arrive.
 */
final class ListenerLane {
    private static final Logger log = LoggerFactory.getLogger(ListenerLane.class);
    private static final int MOST_EVENTS_WAITING = 4096;

    /** As long as one message may be: almost six minutes of voice. */
    private static final long MOST_BYTES_WAITING = EventCodec.LONGEST_MESSAGE;

    private final List<SessionListener> listeners;
    private final SerialLane lane;
    private final AtomicLong eventsDropped = new AtomicLong();
    private final AtomicLong bytesWaiting = new AtomicLong();

    /** The listener that is being told something. */
    private volatile @Nullable SessionListener inside;

    ListenerLane(List<SessionListener> listeners, Executor threads) {
        this.listeners = listeners;
        this.lane = new SerialLane(threads, e -> log.error("a listener's lane failed", e));
    }

    void tell(Consumer<SessionListener> call) {
        if (listeners.isEmpty()) {
            return;
        }
        lane.execute(() -> {
            for (SessionListener listener : listeners) {
                tell(listener, call);
            }
        });
    }

    /**
     * As {@link #tell}, for what comes many times a second.
     *
     * @param bytes how much memory it holds; one that is over the limit alone is told where nothing else waits
     */
    void tellEvent(long bytes, Consumer<SessionListener> call) {
        if (listeners.isEmpty()) {
            return;
        }
        long before = bytesWaiting.get();
        boolean fits = before == 0 || before + bytes <= MOST_BYTES_WAITING;
        if (!fits || lane.pending() >= MOST_EVENTS_WAITING) {
            eventsDropped.incrementAndGet();
            return;
        }
        bytesWaiting.addAndGet(bytes);
        lane.execute(() -> {
            for (SessionListener listener : listeners) {
                tell(listener, call);
            }
            bytesWaiting.addAndGet(-bytes);
        });
    }

    /** Runs after everything told so far. */
    void afterwards(Runnable task) {
        lane.execute(task);
    }

    boolean isCurrent() {
        return lane.isCurrent();
    }

    long eventsDropped() {
        return eventsDropped.get();
    }

    /** Somebody waited in vain for the end: the log names the listener that does not return, if one does not. */
    void warnOfWhoDoesNotReturn() {
        SessionListener stuck = inside;
        if (stuck != null) {
            log.warn(
                    "the listener {} has not returned for some seconds: until it does, no listener hears of the end",
                    stuck.getClass().getName());
        }
    }

    private void tell(SessionListener listener, Consumer<SessionListener> call) {
        inside = listener;
        try {
            call.accept(listener);
        } catch (RuntimeException | Error e) {
            log.error("the listener {} threw", listener.getClass().getName(), e);
        } finally {
            inside = null;
        }
    }
}
