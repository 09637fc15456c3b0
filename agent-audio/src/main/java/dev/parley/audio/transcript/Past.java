package dev.parley.audio.transcript;

import java.util.Comparator;
import java.util.List;

/**
 * What a conversation had before this session.
 *
 * @param entries by position
 * @param lastPosition behind which this session's begin
 */
record Past(List<TranscriptEntry> entries, long lastPosition) {

    static Past none() {
        return new Past(List.of(), 0);
    }

    static Past of(List<TranscriptEntry> entries) {
        List<TranscriptEntry> sorted = entries.stream()
                .sorted(Comparator.comparingLong(TranscriptEntry::position))
                .toList();
        return new Past(
                sorted, sorted.isEmpty() ? 0 : sorted.get(sorted.size() - 1).position());
    }

    /**
     * One that cannot be read: the new positions must stand behind those that nobody knows. No conversation has an entry each
     * millisecond.
     */
    static Past unreadable(long nowMillis) {
        return new Past(List.of(), nowMillis);
    }
}
