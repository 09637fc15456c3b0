package dev.parley.audio.transcript;

import java.time.Instant;

/**
 * One thing that happened in a conversation, complete: entries are never rewritten. New kinds come with minor versions:
 * readers keep a {@code default}.
 */
public sealed interface TranscriptEntry permits Turn, ToolEntry {

    /**
     * Its place in the conversation. Entries complete in another order than they stand in, since a caller's words may be
     * known only after the reply began: sort by this. Unique in a conversation; numbers may be missing.
     */
    long position();

    /** When it began: the speech, the sound of the reply, or the call. */
    Instant startedAt();

    /** When it was over. */
    Instant endedAt();
}
