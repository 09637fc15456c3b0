package dev.parley.audio.transcript;

import dev.parley.core.History;
import java.util.ArrayList;
import java.util.List;

/** Entries as a model that continues the conversation should know them. */
final class AsHistory {
    private AsHistory() {}

    static List<History.Entry> of(List<TranscriptEntry> entries) {
        List<History.Entry> history = new ArrayList<>();
        for (TranscriptEntry entry : entries) {
            if (entry instanceof Turn turn && !turn.text().isEmpty()) {
                History.Speaker speaker =
                        turn.role() == Turn.Role.USER ? History.Speaker.USER : History.Speaker.ASSISTANT;
                history.add(new History.Entry(speaker, turn.text()));
            } else if (entry instanceof ToolEntry tool) {
                history.add(new History.Entry(
                        History.Speaker.TOOL, tool.name() + " " + tool.arguments() + " -> " + tool.output()));
            }
        }
        return List.copyOf(history);
    }
}
