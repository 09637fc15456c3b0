package dev.parley.audio.transcript;

import dev.parley.core.Problem;
import dev.parley.core.SessionHandle;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entries of one session in the order of their completion, the positions that are given out, and who is told: the
 * store, on an executor of its own, and listeners, on another. Loop-confined, but for {@link #all}.
 */
final class EntryLog {
    private static final Logger log = LoggerFactory.getLogger(EntryLog.class);
    private static final Comparator<TranscriptEntry> BY_POSITION = Comparator.comparingLong(TranscriptEntry::position);

    private final SessionHandle handle;
    private final @Nullable TranscriptStore store;
    private final Executor storing;
    private final Executor telling;
    private final Instant startedAt;
    private final List<TranscriptEntry> ofThisSession = new ArrayList<>();
    private final List<Consumer<TranscriptEntry>> listeners = new ArrayList<>();
    /** Sorted and immutable; replaced as a whole. */
    private volatile List<TranscriptEntry> all;

    private long lastPosition;
    /** Touched by the storing executor alone. */
    private boolean storeFailing;

    EntryLog(SessionHandle handle, @Nullable TranscriptStore store, List<TranscriptEntry> earlier) {
        this.handle = handle;
        this.store = store;
        this.storing = handle.serialExecutor("transcript");
        this.telling = handle.serialExecutor("transcript-listener");
        this.startedAt = handle.clock().instant();
        this.all = earlier.stream().sorted(BY_POSITION).toList();
        this.lastPosition = all.isEmpty() ? 0 : all.get(all.size() - 1).position();
    }

    long nextPosition() {
        return ++lastPosition;
    }

    Instant startedAt() {
        return startedAt;
    }

    List<TranscriptEntry> all() {
        return all;
    }

    void add(@Nullable TranscriptEntry entry) {
        if (entry == null) {
            return;
        }
        List<TranscriptEntry> next = new ArrayList<>(all);
        next.add(entry);
        next.sort(BY_POSITION);
        all = List.copyOf(next);
        ofThisSession.add(entry);
        if (store != null) {
            storing.execute(() -> store(store, entry));
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
        handle.loop().execute(() -> storing.execute(() -> saved.complete(null)));
        return saved;
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

    private void store(TranscriptStore target, TranscriptEntry entry) {
        try {
            target.append(handle.session().conversationId(), entry);
            storeFailing = false;
        } catch (IOException | RuntimeException e) {
            if (!storeFailing) {
                storeFailing = true;
                handle.report(new Problem(
                        Problem.Kind.EXTENSION_FAILED,
                        "the transcript store failed; entries stay in memory only until it works again: "
                                + e.getMessage(),
                        e));
            }
        }
    }
}
