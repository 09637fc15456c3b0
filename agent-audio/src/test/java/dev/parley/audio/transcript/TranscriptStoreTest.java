package dev.parley.audio.transcript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.core.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
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
        for (String id : List.of("../x", ".", "a/b", "ആ", "CON:1", "a%2Fb")) {
            Conversation c = Conversation.unplayed();
            c.words("u", id);
            store.append(id, c.transcript.all().get(0));
            assertThat(store.read(id)).extracting(Conversation::line).containsExactly("USER: " + id);
        }
        try (var files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "%2E.%2Fx.jsonl",
                            "%2E.jsonl", "a%2Fb.jsonl", "%E0%B4%86.jsonl", "CON%3A1.jsonl", "a%252Fb.jsonl");
        }
    }

    @Test
    void aStoreThatFailsIsToldOnceAndTheTranscriptGoesOnInMemory() {
        Conversation c = Conversation.unplayed(new TranscriptStore() {
            @Override
            public void append(String conversationId, TranscriptEntry entry) throws IOException {
                throw new IOException("disk full");
            }

            @Override
            public List<TranscriptEntry> read(String conversationId) {
                return List.of();
            }
        });
        c.words("u1", "one").words("u2", "two");
        assertThat(c.told()).containsExactly("USER: one", "USER: two");
        assertThat(c.session.problems)
                .extracting(problem -> problem.kind() + ": " + problem.message())
                .containsExactly(Problem.Kind.EXTENSION_FAILED
                        + ": the transcript store failed; entries stay in memory only until it works again: disk full");
    }

    @Test
    void aStoreThatCannotBeReadRefusesTheSession() throws IOException {
        Files.createDirectory(folder.resolve("c1.jsonl"));
        assertThatThrownBy(() -> Conversation.unplayed(TranscriptStore.directory(folder)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("the transcript of conversation c1 cannot be read: ");
    }

    @Test
    void aListenerHearsWhatIsThereAndWhatComesAndMayThrow() {
        Conversation c = Conversation.unplayed();
        c.words("u1", "one");
        List<String> heard = new java.util.ArrayList<>();
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
