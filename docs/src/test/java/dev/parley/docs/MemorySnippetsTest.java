package dev.parley.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.parley.audio.transcript.Captions;
import dev.parley.audio.transcript.ChatMessages;
import dev.parley.audio.transcript.Transcript;
import dev.parley.audio.transcript.TranscriptMemory;
import dev.parley.audio.transcript.TranscriptStore;
import dev.parley.audio.transcript.Turn;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemorySnippetsTest {
    @TempDir
    Path folder;

    @Test
    void rememberedAndContinued() throws IOException {
        List<String> screen = new CopyOnWriteArrayList<>();
        Script script = Script.named("hello")
                .turn(dev.parley.testkit.Turn.hear("hello").says("good day"))
                .build();
        try (RehearsalServer server = RehearsalServer.start(script)) {
            Path vtt = folder.resolve("call.vtt");
            // region remember
            TranscriptStore store = TranscriptStore.directory(folder);
            VoiceAgent agent = VoiceAgent.builder()
                    .provider(server.provider())
                    .with(TranscriptMemory.to(store))
                    .build();

            VoiceSession session = agent.session().conversationId("call-42").connect();
            Transcript transcript = session.part(Transcript.class);
            transcript.onEntry(entry -> {
                if (entry instanceof Turn turn) {
                    screen.add(turn.text());
                }
            });
            // endregion
            session.appendAudio(Recording.tone(Duration.ofMillis(600))
                    .then(Recording.silence(Duration.ofMillis(700)))
                    .pcm16());
            await().until(() -> transcript.turns().size() == 2);
            session.close();
            assertThat(session.awaitClosed(Duration.ofSeconds(5))).isTrue();
            // region captions
            Captions.webVtt().names("Caller", "Asha").write(vtt, transcript);
            // endregion
            assertThat(Files.readString(vtt)).contains("<v Caller>hello", "<v Asha>good day");
            await().untilAsserted(() -> assertThat(screen).containsExactly("hello", "good day"));

            // region chat
            ChatMemory memory = MessageWindowChatMemory.withMaxMessages(50);
            ChatMessages.addTo(memory, transcript);
            // endregion
            assertThat(memory.messages()).hasSize(2);

            // region continue
            VoiceSession next = agent.session()
                    .conversationId("call-43")
                    .history(store.history("call-42"))
                    .connect();
            // endregion
            next.close();
            assertThat(store.read("call-42")).hasSize(2);
        }
    }
}
