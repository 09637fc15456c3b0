package dev.parley.audio.transcript;

import dev.parley.core.SessionExtension;
import dev.parley.core.SessionHandle;
import dev.parley.core.SessionPart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
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
     * with its transcript.
     */
    public static TranscriptMemory to(TranscriptStore store) {
        return new TranscriptMemory(Objects.requireNonNull(store));
    }

    /** @throws UncheckedIOException if the store cannot read what this conversation has so far */
    @Override
    public SessionPart open(SessionHandle session) {
        return new TranscriptPart(session, store, earlier(session.session().conversationId()));
    }

    private List<TranscriptEntry> earlier(String conversationId) {
        if (store == null) {
            return List.of();
        }
        try {
            return store.read(conversationId);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the transcript of conversation " + conversationId + " cannot be read: " + e.getMessage(), e);
        }
    }
}
