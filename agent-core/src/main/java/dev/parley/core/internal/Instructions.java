package dev.parley.core.internal;

import dev.parley.core.History;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The system prompt, with an earlier conversation behind it for providers that take no items. */
final class Instructions {
    /** The latest part counts most; an hour of talk is some 60,000 characters. */
    private static final int MOST_HISTORY_CHARS = 16_000;

    private Instructions() {}

    static @Nullable String with(@Nullable String instructions, @Nullable History history) {
        List<History.Entry> entries = history == null ? List.of() : history.entries();
        if (entries.isEmpty()) {
            return instructions;
        }
        StringBuilder lines = new StringBuilder();
        int from = entries.size();
        while (from > 0 && lines.length() < MOST_HISTORY_CHARS) {
            History.Entry entry = entries.get(--from);
            lines.insert(0, entry.speaker().name().toLowerCase(Locale.ROOT) + ": " + entry.text() + "\n");
        }
        String intro = "This conversation goes on from an earlier one. What was said and done so far"
                + (from > 0 ? ", without its beginning" : "") + ":\n";
        return (instructions == null ? "" : instructions + "\n\n") + intro + lines;
    }
}
