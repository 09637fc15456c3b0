package dev.parley.audio.transcript;

import dev.parley.core.History;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Where transcripts are kept. Entries are appended as they complete, never rewritten. One store serves many sessions at
 * once, so it is thread-safe; its methods may block, for they run on a thread for that.
 */
public interface TranscriptStore {

    /**
     * Appends one entry to a conversation. One for which this throws is offered again, before the next, and up to 1,024 wait for that: a
     * store that may throw after it has stored looks for the {@link TranscriptEntry#position position} first.
     */
    void append(String conversationId, TranscriptEntry entry) throws IOException;

    /** A conversation's entries so far, by position; none if it is not known. */
    List<TranscriptEntry> read(String conversationId) throws IOException;

    /** An earlier conversation, for {@code agent.session().history(…)}. */
    default History history(String conversationId) throws IOException {
        List<History.Entry> entries = AsHistory.of(read(conversationId));
        return () -> entries;
    }

    /**
     * JSON lines, one file for each conversation: {@code <id>.jsonl}, with whatever is unusual in a file name written as
     * {@code %XX}, upper case too, since some file systems know none; a long id ends in its hash. Folders are made.
     */
    static TranscriptStore directory(Path folder) {
        return JsonLinesStore.directory(folder);
    }

    /** JSON lines in one file, for a program with one conversation; a file that exists is appended to. */
    static TranscriptStore file(Path file) {
        return JsonLinesStore.file(file);
    }
}
