package dev.parley.audio.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TranscriptStoreTest {
    @TempDir
    Path folder;

    @Test
    void entriesAreLinesOfJsonWithWhatAppliesOnly() throws IOException {
        Path file = folder.resolve("made/t.jsonl");
        Conversation c = Conversation.played(TranscriptStore.file(file));
        c.speaks("u").after(1_000).pauses("u").begins("r").calls("c", "f", "{\"a\":\"ആ\"}");
        c.returns("c", "f", "{\"a\":\"ആ\"}", "{\"ok\":true}", 20);
        c.words("u", "hi \"you\"")
                .text("r", "i", "one two")
                .sound("r", "i", 2_000)
                .after(1_100)
                .bargesIn("r", "i");
        c.ends("r", "cancelled");
        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "{\"position\":3,\"kind\":\"tool\",\"name\":\"f\",\"arguments\":\"{\\\"a\\\":\\\"ആ\\\"}\","
                                + "\"output\":\"{\\\"ok\\\":true}\",\"ok\":true,"
                                + "\"startedAt\":\"2026-03-01T09:00:00.980Z\",\"endedAt\":\"2026-03-01T09:00:01Z\"}",
                        "{\"position\":1,\"kind\":\"turn\",\"role\":\"user\",\"text\":\"hi \\\"you\\\"\","
                                + "\"startedAt\":\"2026-03-01T09:00:00Z\",\"endedAt\":\"2026-03-01T09:00:01Z\"}",
                        "{\"position\":2,\"kind\":\"turn\",\"role\":\"assistant\",\"text\":\"one\",\"unheard\":\"two\","
                                + "\"interrupted\":true,\"startedAt\":\"2026-03-01T09:00:01Z\","
                                + "\"endedAt\":\"2026-03-01T09:00:02.100Z\"}");
        assertThat(TranscriptStore.file(file).read("any")).isEqualTo(c.transcript.all());
        assertThat(c.transcript.saved().toCompletableFuture()).isDone();
    }

    @Test
    void aConversationGoesOnWhereItStopped() throws IOException {
        TranscriptStore store = TranscriptStore.directory(folder);
        Conversation first = Conversation.unplayed(store);
        first.words("u", "hello")
                .begins("r")
                .text("r", "i", "hi there")
                .ends("r", "completed")
                .session
                .hangUp();

        assertThat(store.history("c1").entries())
                .extracting(entry -> entry.speaker() + " " + entry.text())
                .containsExactly("USER hello", "ASSISTANT hi there");
        Conversation second = Conversation.unplayed(store);
        second.words("u", "me again");
        assertThat(second.told()).containsExactly("USER: hello", "ASSISTANT: hi there", "USER: me again");
        assertThat(store.read("c1")).extracting(TranscriptEntry::position).containsExactly(1L, 2L, 3L);
        assertThat(store.read("unknown")).isEmpty();
    }

    @Test
    void aLineThatWasCutOffHidesNoOther() throws IOException {
        Path file = folder.resolve("c1.jsonl");
        TranscriptStore store = TranscriptStore.directory(folder);
        Conversation.unplayed(store).words("u", "one");
        byte[] half = "{\"position\":2,\"kind\":\"turn\",\"text\":\"ആ".getBytes(StandardCharsets.UTF_8);
        Files.write(file, java.util.Arrays.copyOf(half, half.length - 1), StandardOpenOption.APPEND);
        Files.writeString(file, "", StandardOpenOption.APPEND);
        Conversation.unplayed(store).words("u", "two");
        assertThat(store.read("c1")).extracting(Conversation::line).containsExactly("USER: one", "USER: two");
        assertThat(Files.readAllBytes(file)).endsWith((byte) '\n');
    }

    @Test
    void idsThatAreNoFileNamesStayInTheFolder() throws IOException {
        TranscriptStore store = TranscriptStore.directory(folder);
        String malayalam = "ആ".repeat(90);
        List<String> ids = List.of(
                "../x",
                ".",
                "a/b",
                "ആ",
                "CON:1",
                "a%2Fb",
                "Call-A",
                "call-a",
                "con",
                "con.1",
                "console",
                malayalam,
                malayalam + "x");
        for (String id : ids) {
            Conversation c = Conversation.unplayed();
            c.words("u", id);
            store.append(id, c.transcript.all().get(0));
            assertThat(store.read(id)).extracting(Conversation::line).containsExactly("USER: " + id);
        }
        try (var files = Files.list(folder)) {
            List<String> names =
                    files.map(path -> path.getFileName().toString()).sorted().toList();
            assertThat(names).extracting(name -> name.toLowerCase(Locale.ROOT)).doesNotHaveDuplicates();
            assertThat(names).allSatisfy(name -> assertThat(name).hasSizeLessThan(200));
            assertThat(names)
                    .filteredOn(name -> !name.contains("~"))
                    .containsExactlyInAnyOrder(
                            "%2E.%2Fx.jsonl",
                            "%2E.jsonl",
                            "a%2Fb.jsonl",
                            "%E0%B4%86.jsonl",
                            "%43%4F%4E%3A1.jsonl",
                            "a%252%46b.jsonl",
                            "%43all-%41.jsonl",
                            "call-a.jsonl",
                            "%63on.jsonl",
                            "%63on.1.jsonl",
                            "console.jsonl");
            assertThat(names).filteredOn(name -> name.contains("~")).hasSize(2);
        }
    }

    @Test
    void whatAStoreRefusesWaitsAndIsStoredInOrder() {
        Refusing store = new Refusing();
        Conversation c = Conversation.unplayed(store);
        store.refuses = true;
        c.words("u1", "one").words("u2", "two");
        assertThat(c.told()).containsExactly("USER: one", "USER: two");
        assertThat(c.transcript.unsaved()).isEqualTo(2);
        assertThat(c.session.problems)
                .extracting(problem -> problem.kind() + ": " + problem.message())
                .containsExactly(Problem.Kind.EXTENSION_FAILED
                        + ": the transcript store failed (java.io.IOException); entries wait in memory, and are stored"
                        + " in order once it works again");
        store.refuses = false;
        c.words("u3", "three");
        assertThat(store.lines).containsExactly("USER: one", "USER: two", "USER: three");
        assertThat(c.transcript.unsaved()).isZero();
        store.refuses = true;
        c.words("u4", "four");
        assertThat(c.session.problems).as("it is told anew").hasSize(2);
        store.refuses = false;
        assertThat(c.transcript.saved().toCompletableFuture()).isDone();
        assertThat(store.lines).hasSize(4).endsWith("USER: four");
    }

    @Test
    void whatIsStillRefusedAtTheEndIsTold() {
        Refusing store = new Refusing();
        store.refuses = true;
        Conversation c = Conversation.unplayed(store);
        for (int i = 0; i < 1_030; i++) {
            c.words("u" + i, "word " + i);
        }
        store.refuses = false;
        c.session.hangUp();
        assertThat(store.lines).hasSize(1_024).startsWith("USER: word 6");
        assertThat(c.transcript.unsaved()).isEqualTo(6);
        assertThat(c.session.problems)
                .extracting(Problem::message)
                .hasSize(2)
                .last()
                .isEqualTo("6 entries of this transcript are in no store: it failed until the session's end, or for too"
                        + " long; Transcript.all() still has them");
    }

    @Test
    void aStoreThatCannotBeReadIsToldAndTheSessionBeginsWithoutItsPast() throws IOException {
        Refusing store = new Refusing();
        Conversation.unplayed(store).words("u1", "one").words("u2", "two");
        store.unreadable = true;
        Conversation c = Conversation.unplayed(store);
        c.words("u1", "three");
        assertThat(c.told()).containsExactly("USER: three");
        assertThat(c.session.problems)
                .extracting(problem -> problem.kind() + ": " + problem.message())
                .containsExactly(Problem.Kind.EXTENSION_FAILED
                        + ": what this conversation has so far could not be read from the transcript store"
                        + " (java.lang.IllegalStateException); the session begins without it, and its entries are"
                        + " stored behind it");
        store.unreadable = false;
        Conversation next = Conversation.unplayed(store);
        next.words("u1", "four");
        assertThat(next.told()).containsExactly("USER: one", "USER: two", "USER: three", "USER: four");
    }

    @Test
    void aFolderInAFilesPlaceTurnsNobodyAway() throws IOException {
        Files.createDirectory(folder.resolve("c1.jsonl"));
        Conversation c = Conversation.unplayed(TranscriptStore.directory(folder));
        c.words("u1", "one");
        assertThat(c.told()).containsExactly("USER: one");
        assertThat(c.session.problems).hasSize(2);
    }

    /** A store that quotes what it was given, as databases do. */
    private static final class Refusing implements TranscriptStore {
        private final List<TranscriptEntry> entries = new ArrayList<>();
        private final List<String> lines = new ArrayList<>();
        private boolean refuses;
        private boolean unreadable;

        @Override
        public void append(String conversationId, TranscriptEntry entry) throws IOException {
            if (refuses) {
                throw new IOException("too long: " + Conversation.line(entry));
            }
            entries.add(entry);
            lines.add(Conversation.line(entry));
        }

        @Override
        public List<TranscriptEntry> read(String conversationId) {
            if (unreadable) {
                throw new IllegalStateException("no such column: " + lines);
            }
            return entries;
        }
    }

    @Test
    void aListenerHearsWhatIsThereAndWhatComesAndMayThrow() {
        Conversation c = Conversation.unplayed();
        c.words("u1", "one");
        List<String> heard = new ArrayList<>();
        c.transcript.onEntry(entry -> {
            throw new IllegalStateException("not my day");
        });
        c.transcript.onEntry(entry -> heard.add(Conversation.line(entry)));
        c.words("u2", "two");
        assertThat(heard).containsExactly("USER: one", "USER: two");
    }

    @Test
    void noWordsShowInToString() {
        Conversation c = Conversation.unplayed();
        c.words("u", "secret").returns("c", "f", "secret", "secret", 0);
        assertThat(c.transcript.all())
                .asString()
                .isEqualTo("[Turn[position=1, role=USER, 6 chars], ToolEntry[position=2, name=f, ok=true]]");
    }
}
