package dev.parley.reliability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What is expected of each cell: a table of the page on faults, read as it stands. */
record OutcomeTable(Map<Stage, Map<Trouble, String>> cells) {

    private static final Path PAGE = Path.of("../docs/faults.md");

    static OutcomeTable of(Rehearsed rehearsed) {
        String title = "## " + rehearsed.title();
        List<List<String>> rows = new ArrayList<>();
        boolean inside = false;
        for (String line : page()) {
            if (line.startsWith("## ")) {
                inside = line.equals(title);
            } else if (inside && line.startsWith("|") && !line.startsWith("|--")) {
                List<String> row = new ArrayList<>(Arrays.asList(line.split("\\|")));
                row.remove(0);
                rows.add(row.stream().map(String::strip).toList());
            }
        }
        List<String> head = new ArrayList<>(List.of("stage"));
        for (Trouble trouble : Trouble.values()) {
            head.add(trouble.title());
        }
        if (rows.isEmpty() || !rows.get(0).equals(head) || rows.size() != Stage.values().length + 1) {
            throw new IllegalStateException(
                    PAGE + ", " + title + ", must have the columns " + head + " and a row for each stage");
        }
        Map<Stage, Map<Trouble, String>> cells = new EnumMap<>(Stage.class);
        Iterator<List<String>> left = rows.listIterator(1);
        for (Stage stage : Stage.values()) {
            List<String> row = left.next();
            if (!row.get(0).equals(stage.title()) || row.size() != head.size()) {
                throw new IllegalStateException(PAGE + ", row " + row + ": it should be " + stage.title());
            }
            Map<Trouble, String> outcomes = new EnumMap<>(Trouble.class);
            Iterator<String> cell = row.listIterator(1);
            for (Trouble trouble : Trouble.values()) {
                outcomes.put(trouble, cell.next());
            }
            cells.put(stage, outcomes);
        }
        return new OutcomeTable(cells);
    }

    private static List<String> page() {
        try {
            return Files.readAllLines(PAGE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String expected(Stage stage, Trouble trouble) {
        return Objects.requireNonNull(cells.get(stage)).get(trouble);
    }

    /** The same table with what was seen; a cell that has not been run has a dash. */
    static String printed(Map<Stage, Map<Trouble, String>> seen) {
        StringBuilder table = new StringBuilder("| stage |");
        for (Trouble trouble : Trouble.values()) {
            table.append(' ').append(trouble.title()).append(" |");
        }
        table.append("\n|---|").append("---|".repeat(Trouble.values().length)).append('\n');
        for (Stage stage : Stage.values()) {
            table.append("| ").append(stage.title()).append(" |");
            for (Trouble trouble : Trouble.values()) {
                table.append(' ')
                        .append(seen.getOrDefault(stage, Map.of()).getOrDefault(trouble, "–"))
                        .append(" |");
            }
            table.append('\n');
        }
        return table.toString();
    }
}
