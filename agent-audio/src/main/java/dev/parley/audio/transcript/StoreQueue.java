package dev.parley.audio.transcript;

import dev.parley.core.Problem;
import dev.parley.core.SessionHandle;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The way from a session to its store: what the store refuses waits, and is offered again, in its order, before what comes next.
 *
 * <p>{@value #MOST_WAITING} entries wait, hours of a call; then the oldest is given up and counted. Entries come on the loop, and the
 * store is called on a lane of its own. What a store throws may quote what it was given, so that messages name the exception's class alone.
 */
final class StoreQueue {
    private static final int MOST_WAITING = 1_024;

    private final SessionHandle handle;
    private final TranscriptStore store;
    private final Executor lane;

    // Guarded by this object's monitor.
    private final Deque<TranscriptEntry> waiting = new ArrayDeque<>();
    private long givenUp;
    private boolean comes;

    /** Touched on the lane alone. */
    private boolean failing;

    StoreQueue(SessionHandle handle, TranscriptStore store) {
        this.handle = handle;
        this.store = store;
        this.lane = handle.serialExecutor("transcript");
    }

    void append(TranscriptEntry entry) {
        synchronized (this) {
            waiting.addLast(entry);
            if (waiting.size() > MOST_WAITING) {
                waiting.removeFirst();
                givenUp++;
            }
            if (comes) {
                return;
            }
            comes = true;
        }
        lane.execute(this::come);
    }

    /** Completes when the store has been offered what waits. */
    CompletionStage<Void> offered() {
        CompletableFuture<Void> offered = new CompletableFuture<>();
        lane.execute(() -> {
            offer();
            offered.complete(null);
        });
        return offered;
    }

    /** The last try. */
    void close() {
        lane.execute(() -> {
            offer();
            long missing = unsaved();
            if (missing > 0) {
                report(
                        missing
                                + " entries of this transcript are in no store: it failed until the session's end, or for"
                                + " too long; Transcript.all() still has them",
                        null);
            }
        });
    }

    /** Entries that the store does not have. Any thread. */
    synchronized long unsaved() {
        return waiting.size() + givenUp;
    }

    private void come() {
        synchronized (this) {
            comes = false;
        }
        offer();
    }

    private void offer() {
        try {
            for (TranscriptEntry entry = first(); entry != null; entry = first()) {
                store.append(handle.session().conversationId(), entry);
                stored(entry);
                failing = false;
            }
        } catch (IOException | RuntimeException | LinkageError e) {
            if (!failing) {
                failing = true;
                report(
                        "the transcript store failed (" + e.getClass().getName()
                                + "); entries wait in memory, and are stored in order once it works again",
                        e);
            }
        }
    }

    private synchronized @Nullable TranscriptEntry first() {
        return waiting.peekFirst();
    }

    private synchronized void stored(TranscriptEntry entry) {
        if (waiting.peekFirst() == entry) {
            waiting.removeFirst();
        } else {
            // it was given up while the store took it
            givenUp--;
        }
    }

    private void report(String message, @Nullable Throwable error) {
        handle.report(new Problem(Problem.Kind.EXTENSION_FAILED, message, error));
    }
}
