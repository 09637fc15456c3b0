package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.audio.transcript.Transcript;
import dev.parley.audio.transcript.TranscriptMemory;
import dev.parley.audio.transcript.TranscriptStore;
import dev.parley.audio.transcript.Turn;
import dev.parley.core.History;
import dev.parley.core.ReconnectPolicy;
import dev.parley.core.SessionState;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A caller who writes, over a real socket. OpenAI's servers tell each item that a client makes twice, added and done; what is
 * told to a server of an earlier conversation comes back in the same way. Each is one turn, or none.
 */
@Timeout(60)
class WrittenConversationTest {
    private static final Script SCRIPT = Script.named("written")
            .turn(dev.parley.testkit.Turn.hear("One?").says("First."))
            .turn(dev.parley.testkit.Turn.hear("Two?").says("Second."))
            .build();

    @TempDir
    Path folder;

    @Test
    void whatTheCallerWritesIsOneTurnEach() throws Exception {
        TranscriptStore store = TranscriptStore.directory(folder);
        try (RehearsalServer server = server();
                VoiceSession session = agent(server, store).session().connect()) {
            writes(session, "One?", 2);
            writes(session, "Two?", 4);
            assertThat(told(session)).containsExactly("One?", "First.", "Two?", "Second.");
            server.assertPassed();
        }
    }

    @Test
    void anEarlierConversationIsToldToTheServerAndIsNotSaidAgain() throws Exception {
        TranscriptStore store = TranscriptStore.directory(folder);
        History earlier = () -> List.of(
                new History.Entry(History.Speaker.USER, "Well?"),
                new History.Entry(History.Speaker.ASSISTANT, "Well."),
                new History.Entry(History.Speaker.USER, "One?"));
        try (RehearsalServer server = server();
                VoiceSession session =
                        agent(server, store).session().history(earlier).connect()) {
            writes(session, "One?", 2);
            assertThat(server.connection(0).received("conversation.item.create"))
                    .hasSize(4);
            assertThat(told(session)).containsExactly("One?", "First.");
        }
    }

    @Test
    void aConversationThatChangesItsConnectionIsStoredOnce() throws Exception {
        TranscriptStore store = TranscriptStore.directory(folder);
        try (RehearsalServer server = server();
                VoiceSession session =
                        agent(server, store).session().conversationId("call-1").connect()) {
            writes(session, "One?", 2);
            for (int connection = 0; connection < 2; connection++) {
                server.connection(connection).abort();
                int next = connection + 1;
                await().until(() -> session.counters().reconnects() == next && session.state() == SessionState.READY);
                // this run of the script begins anew
                writes(session, "One?", 2 * (next + 1));
            }
            List<String> all = List.of("One?", "First.", "One?", "First.", "One?", "First.");
            assertThat(told(session)).isEqualTo(all);
            session.part(Transcript.class).saved().toCompletableFuture().get();
            assertThat(store.read("call-1"))
                    .extracting(entry -> ((Turn) entry).text())
                    .isEqualTo(all);
        }
    }

    private static RehearsalServer server() {
        return RehearsalServer.openAi().script(SCRIPT).speed(100).start();
    }

    private static VoiceAgent agent(RehearsalServer server, TranscriptStore store) {
        return VoiceAgent.builder()
                .provider(server.provider())
                .reconnect(ReconnectPolicy.exponential().delays(Duration.ZERO, Duration.ZERO))
                .with(TranscriptMemory.to(store))
                .build();
    }

    /** @param turns how many there are once it has been answered */
    private static void writes(VoiceSession session, String words, int turns) {
        session.sendText(words);
        Transcript transcript = session.part(Transcript.class);
        await().until(() -> transcript.turns().size() >= turns);
    }

    private static List<String> told(VoiceSession session) {
        return session.part(Transcript.class).turns().stream().map(Turn::text).toList();
    }
}
