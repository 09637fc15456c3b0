package dev.parley.audio.transcript;

import java.time.Instant;

/**
 * A tool call and its outcome. Sensitive arguments are masked.
 *
 * @param arguments JSON text as the model wrote it; it may fail to parse
 * @param output the JSON text that the model got
 * @param ok whether the tool ran and returned
 */
public record ToolEntry(
        long position, String name, String arguments, String output, boolean ok, Instant startedAt, Instant endedAt)
        implements TranscriptEntry {

    /** Shows neither arguments nor output. */
    @Override
    public String toString() {
        return "ToolEntry[position=" + position + ", name=" + name + ", ok=" + ok + "]";
    }
}
