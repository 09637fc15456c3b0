package dev.parley.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.core.CloseReason;
import dev.parley.core.SessionExtension;
import dev.parley.core.SessionHandle;
import dev.parley.core.SessionPart;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ServerEvent;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class ConcurrencySnippetsTest {
    private static final List<String> archive = new CopyOnWriteArrayList<>();

    // region writer
    /** Archives what the agent says: decides on the loop, writes on an executor of its own. */
    record Archive() implements SessionExtension {
        @Override
        public SessionPart open(SessionHandle session) {
            Executor writer = session.serialExecutor("archive");
            return new SessionPart() {
                private final StringBuilder reply = new StringBuilder(); // the loop's alone: no lock

                @Override
                public void onServerEvent(ServerEvent event) {
                    if (event instanceof ServerEvent.OutputTranscript words) {
                        reply.append(words.delta());
                    } else if (event instanceof ServerEvent.ResponseDone) {
                        String line = reply.toString();
                        reply.setLength(0);
                        writer.execute(() -> write(line)); // may block
                    }
                }

                @Override
                public void onClosed(CloseReason reason) {
                    writer.execute(() -> write("(end)")); // the session's end waits for it, 2 s at most
                }
            };
        }
    }
    // endregion

    private static void write(String line) {
        archive.add(Thread.currentThread().getName() + ": " + line);
    }

    @Test
    void writesOffTheLoop() {
        try (RehearsalServer server = RehearsalServer.builder()
                .script(Script.named("greeting").greeting("നമസ്കാരം").build())
                .speed(1_000)
                .start()) {
            VoiceAgent agent = VoiceAgent.builder()
                    .provider(server.provider())
                    .with(new Archive())
                    .build();
            try (VoiceSession session = agent.connect()) {
                session.requestResponse();
                await().until(() -> archive.size() == 1);
            }
            assertThat(archive.get(0)).matches("parley-\\d+ archive: നമസ്കാരം.*");
            assertThat(archive.get(1)).endsWith("archive: (end)");
        }
    }
}
