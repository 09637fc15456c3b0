package dev.parley.core.internal;

import dev.parley.core.History;
import dev.parley.core.ToolRequest;
import dev.parley.core.event.ClientEvent;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How an earlier conversation reaches the model: behind the system prompt, or as items where the provider takes them. */
final class Instructions {
    /** The latest part counts most; an hour of talk is some 60,000 characters. */
    static final int MOST_HISTORY_CHARS = 16_000;

    /** Less says nothing. */
    private static final int LEAST_OF_AN_ENTRY = 80;

    private static final String BEFORE =
            "This conversation goes on from an earlier one. What was said and done so far:\n";
    private static final String CALLED = "A tool was called: ";
    private static final String LATE = "The outcome of the tool call ";

    private Instructions() {}

    static @Nullable String with(@Nullable String instructions, List<History.Entry> entries) {
        if (entries.isEmpty()) {
            return instructions;
        }
        StringBuilder lines = new StringBuilder();
        for (History.Entry entry : entries) {
            lines.append(entry.speaker().name().toLowerCase(Locale.ROOT))
                    .append(": ")
                    .append(entry.text())
                    .append('\n');
        }
        return (instructions == null ? "" : instructions + "\n\n") + BEFORE + lines;
    }

    /**
     * The latest part of a conversation, as much of it as a server should be told: {@value #MOST_HISTORY_CHARS} characters.
     * Of the oldest of these entries only the beginning may be left.
     */
    static List<History.Entry> latest(List<History.Entry> entries) {
        ArrayDeque<History.Entry> latest = new ArrayDeque<>();
        int room = MOST_HISTORY_CHARS;
        for (int i = entries.size() - 1; i >= 0 && room >= LEAST_OF_AN_ENTRY; i--) {
            History.Entry entry = entries.get(i);
            String text = beginning(entry.text(), room);
            latest.addFirst(new History.Entry(entry.speaker(), text));
            room -= text.length();
        }
        return List.copyOf(latest);
    }

    /** At most so many characters of a text, the last of them an ellipsis if it goes on; no code point is halved. */
    static String beginning(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        if (most <= 0) {
            return "";
        }
        int end = most - 1;
        if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end) + "…";
    }

    /** What was said or done, as an item of the new conversation. */
    static ClientEvent.Message message(History.Entry entry) {
        return switch (entry.speaker()) {
            case USER -> new ClientEvent.Message("user", entry.text(), null);
            case ASSISTANT -> new ClientEvent.Message("assistant", entry.text(), null);
            case TOOL -> new ClientEvent.Message("system", CALLED + entry.text(), null);
        };
    }

    /** Whether a text may hold arguments and outputs of tools, because it was made here. */
    static boolean tellsOfCalls(String text) {
        return text.contains(BEFORE.strip()) || text.contains(CALLED) || text.contains(LATE);
    }

    /** A text that was made here without the arguments and outputs that it may hold; any other as it is. */
    static String masked(String text) {
        for (String beginning : List.of(CALLED, LATE)) {
            if (text.startsWith(beginning)) {
                return beginning + JsonText.MASK;
            }
        }
        int end = text.lastIndexOf(BEFORE);
        return end < 0 ? text : text.substring(0, end + BEFORE.length()) + JsonText.MASK;
    }

    /** A call that ended when its conversation had already moved to another connection. */
    static ClientEvent.Message lateOutcome(ToolRequest request, String output) {
        return new ClientEvent.Message(
                "system", LATE + request.name() + request.argumentsJson() + " is known now: " + output, null);
    }
}
