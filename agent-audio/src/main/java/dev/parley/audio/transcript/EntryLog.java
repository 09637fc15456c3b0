package dev.parley.audio.transcript;

import dev.parley.core.SessionHandle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entries of one session in the order of their positions, the positions that are given out, and who is told: the store, on an
 * executor of its own, and listeners, on another. Loop-confined, but for the readings.
 */
final class EntryLog {
    private static final Logger log = LoggerFactory.getLogger(EntryLog.class);

    private final SessionHandle handle;
    private final @Nullable StoreQueue store;
    private final Executor telling;
    private final Instant startedAt;
    private final List<TranscriptEntry> ofThisSession = new ArrayList<>();
    private final List<Consumer<TranscriptEntry>> listeners = new ArrayList<>();
    /** By position. Changed on the loop alone, under its monitor, since any thread reads. */
    private final List<TranscriptEntry> sorted;

    private long lastPosition;

    EntryLog(SessionHandle handle, @Nullable TranscriptStore store, Past past) {
        this.handle = handle;
        this.store = store == null ? null : new StoreQueue(handle, store);
        this.telling = handle.serialExecutor("transcript-listener");
        this.startedAt = handle.clock().instant();
        this.sorted = new ArrayList<>(past.entries());
        this.lastPosition = past.lastPosition();
    }

    long nextPosition() {
        return ++lastPosition;
    }

    Instant startedAt() {
        return startedAt;
    }

    /** Any thread. */
    List<TranscriptEntry> all() {
        synchronized (sorted) {
            return List.copyOf(sorted);
        }
    }

    /** Whether somebody said just this, or something longer of which it is the beginning, up to an ellipsis. */
    boolean hasTurn(String words) {
        String said = CallerSpeech.normalized(words);
        boolean shortened = said.endsWith("…");
        String beginning = said.substring(0, said.length() - (shortened ? 1 : 0));
        return sorted.stream()
                .anyMatch(entry -> entry instanceof Turn turn
                        && (turn.text().equals(said)
                                || (shortened && turn.text().startsWith(beginning))));
    }

    void add(@Nullable TranscriptEntry entry) {
        if (entry == null) {
            return;
        }
        synchronized (sorted) {
            // most belong at the end, or near it
            int at = sorted.size();
            while (at > 0 && sorted.get(at - 1).position() > entry.position()) {
                at--;
            }
            sorted.add(at, entry);
        }
        ofThisSession.add(entry);
        if (store != null) {
            store.append(entry);
        }
        listeners.forEach(listener -> tell(listener, entry));
    }

    void listen(Consumer<TranscriptEntry> listener) {
        handle.loop().execute(() -> {
            ofThisSession.forEach(entry -> tell(listener, entry));
            listeners.add(listener);
        });
    }

    CompletionStage<Void> saved() {
        CompletableFuture<Void> saved = new CompletableFuture<>();
        handle.loop().execute(() -> {
            if (store == null) {
                saved.complete(null);
            } else {
                var unused = store.offered().thenAccept(saved::complete);
            }
        });
        return saved;
    }

    /** Any thread. */
    long unsaved() {
        return store == null ? 0 : store.unsaved();
    }

    /** Nothing more comes. */
    void close() {
        if (store != null) {
            store.close();
        }
    }

    private void tell(Consumer<TranscriptEntry> listener, TranscriptEntry entry) {
        telling.execute(() -> {
            try {
                listener.accept(entry);
            } catch (RuntimeException e) {
                log.warn("a listener of the transcript threw", e);
            }
        });
    }
}
