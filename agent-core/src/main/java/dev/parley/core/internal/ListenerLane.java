package dev.parley.core.internal;

import dev.parley.core.SessionListener;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where listeners run: in order, one call at a time, away from the loop. A listener that falls far behind misses events
 * and problems (they are counted) and nothing else: states, tool calls, interruptions and the end always arrive.
 */
final class ListenerLane {
    private static final Logger log = LoggerFactory.getLogger(ListenerLane.class);
    private static final int MOST_EVENTS_WAITING = 4096;

    private final List<SessionListener> listeners;
    private final SerialLane lane;
    private final AtomicLong eventsDropped = new AtomicLong();

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

    /** As {@link #tell}, for what comes many times a second. */
    void tellEvent(Consumer<SessionListener> call) {
        if (lane.pending() < MOST_EVENTS_WAITING) {
            tell(call);
        } else {
            eventsDropped.incrementAndGet();
        }
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

    private static void tell(SessionListener listener, Consumer<SessionListener> call) {
        try {
            call.accept(listener);
        } catch (RuntimeException | Error e) {
            log.error("the listener {} threw", listener.getClass().getName(), e);
        }
    }
}
