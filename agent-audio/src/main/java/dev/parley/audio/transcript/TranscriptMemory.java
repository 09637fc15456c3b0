package dev.parley.audio.transcript;

import dev.parley.core.Problem;
import dev.parley.core.SessionExtension;
import dev.parley.core.SessionHandle;
import dev.parley.core.SessionPart;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Remembers each session's conversation: what was said, what of it was heard, and what the tools did.
 *
 * <pre>{@code
 * agent = VoiceAgent.builder()
 *     .with(TranscriptMemory.to(TranscriptStore.directory(Path.of("transcripts"))))
 *     …
 * List<Turn> turns = session.part(Transcript.class).turns();
 * }</pre>
 *
 * <p>Immutable and thread-safe; one serves any number of sessions.
 */
public final class TranscriptMemory implements SessionExtension {
    private final @Nullable TranscriptStore store;

    private TranscriptMemory(@Nullable TranscriptStore store) {
        this.store = store;
    }

    /** Keeps each transcript with its session. */
    public static TranscriptMemory inMemory() {
        return new TranscriptMemory(null);
    }

    /**
     * Appends entries to a store too, under the conversation's id. A session with the id of an earlier conversation goes on
     * with its transcript; where that cannot be read, the listener is told, and the session begins without it.
     */
    public static TranscriptMemory to(TranscriptStore store) {
        return new TranscriptMemory(Objects.requireNonNull(store));
    }

    @Override
    public SessionPart open(SessionHandle session) {
        return new TranscriptPart(session, store, past(session));
    }

    /** A caller is not turned away because what they said last time cannot be read. */
    private Past past(SessionHandle session) {
        if (store == null) {
            return Past.none();
        }
        try {
            return Past.of(store.read(session.session().conversationId()));
        } catch (IOException | RuntimeException | LinkageError e) {
            session.report(new Problem(
                    Problem.Kind.EXTENSION_FAILED,
                    "what this conversation has so far could not be read from the transcript store ("
                            + e.getClass().getName()
                            + "); the session begins without it, and its entries are stored behind it",
                    e));
            return Past.unreadable(session.clock().instant().toEpochMilli());
        }
    }
}
