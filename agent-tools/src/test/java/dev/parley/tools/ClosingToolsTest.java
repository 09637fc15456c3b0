package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.Tool;
import dev.parley.core.Problem;
import dev.parley.core.SessionListener;
import dev.parley.core.ToolOutcome;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.core.provider.Swaram;
import dev.parley.testkit.Call;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Turn;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A tool that closes its own session. The end of a session waits for its tools, and {@code close()} for the end: it once
 * waited 2 s for the very tool that had called it, whose outcome was then told to nobody.
 */
@Timeout(60)
class ClosingToolsTest {
    private final CompletableFuture<VoiceSession> session = new CompletableFuture<>();
    private final List<String> problemsAndOutcomes = new CopyOnWriteArrayList<>();

    final class Tools {
        @Tool
        String hangUp() {
            session.join().close();
            return "closed";
        }
    }

    @Test
    void closeReturnsAtOnceInsideATool() {
        Script script = Script.named("hangs up")
                .turn(Turn.hear("Goodbye.").calls(Call.to("hangUp")).says("Not heard."))
                .build();
        try (RehearsalServer server = RehearsalServer.start(script)) {
            VoiceSession connected = VoiceAgent.builder()
                    .provider(Swaram.simple("swaram_test").endpoint(server.url()))
                    .with(Toolbox.of(new Tools()))
                    .listener(new SessionListener() {
                        @Override
                        public void onToolOutcome(VoiceSession ended, ToolOutcome outcome) {
                            problemsAndOutcomes.add(outcome.output());
                        }

                        @Override
                        public void onProblem(VoiceSession of, Problem problem) {
                            problemsAndOutcomes.add(problem.message());
                        }
                    })
                    .build()
                    .connect();
            session.complete(connected);
            connected.appendAudio(Recording.tone(Duration.ofMillis(600))
                    .then(Recording.silence(Duration.ofMillis(900)))
                    .pcm16());

            await().until(() -> connected.closeReason() != null);
            assertThat(connected.awaitClosed(Duration.ofSeconds(20))).isTrue();
        }
        assertThat(problemsAndOutcomes).containsExactly("{\"ok\":true,\"result\":\"closed\"}");
    }
}
