package dev.parley.audio.transcript;

import dev.parley.core.History;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * What was said and done in one session's conversation, complete entries only: {@code session.part(Transcript.class)}.
 *
 * <p>An assistant's turn is complete when the caller has heard it or it was cut, not when it was received; one that is still
 * being spoken is not here yet. Thread-safe; nothing waits. It stays readable after the session.
 */
public interface Transcript extends History {

    /** The id that entries are stored under. */
    String conversationId();

    /** When this session began; where its sound is played, {@link dev.parley.audio.Playback#startedAt()}. */
    Instant startedAt();

    /** All entries by position: with a store, those of earlier sessions of this conversation first. */
    List<TranscriptEntry> all();

    /** The turns alone, by position. */
    List<Turn> turns();

    /**
     * Tells each entry of this session as it completes; those that are complete already come first. Calls come one at a
     * time, in the order of completion, on a thread of their own; what a listener throws is logged.
     */
    void onEntry(Consumer<TranscriptEntry> listener);

    /**
     * Completes when the store has been given every entry that is complete now, whether or not it took them. What it refused before
     * is offered again.
     */
    CompletionStage<Void> saved();

    /** How many entries of this session are not in the store: on their way, refused and waiting to be offered again, or given up. */
    long unsaved();
}
