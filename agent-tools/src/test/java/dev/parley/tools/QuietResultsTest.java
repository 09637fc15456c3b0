package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.ReturnBehavior;
import dev.langchain4j.agent.tool.Tool;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ResponseOptions;
import dev.parley.testkit.Call;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalConnection;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Turn;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Results that want no reply beside results that do, over a real socket, from a server that must be asked for its replies:
 * one is asked for if any result of the response wants one, and only when the last of them is told.
 */
@Timeout(60)
class QuietResultsTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Tools tools = new Tools();

    static final class Tools {
        final Queue<CompletableFuture<String>> quiet = new ConcurrentLinkedQueue<>();
        final Queue<CompletableFuture<String>> spoken = new ConcurrentLinkedQueue<>();

        @Tool(returnBehavior = ReturnBehavior.IMMEDIATE)
        CompletionStage<String> note() {
            return later(quiet);
        }

        @Tool(returnBehavior = ReturnBehavior.IMMEDIATE_IF_LAST)
        CompletionStage<String> noteIfLast() {
            return later(quiet);
        }

        @Tool
        CompletionStage<String> look() {
            return later(spoken);
        }

        private static CompletionStage<String> later(Queue<CompletableFuture<String>> calls) {
            CompletableFuture<String> result = new CompletableFuture<>();
            calls.add(result);
            return result;
        }

        void end(char kind) {
            Queue<CompletableFuture<String>> calls = kind == 'q' ? quiet : spoken;
            await().atMost(SOON).until(() -> !calls.isEmpty());
            calls.remove().complete("done");
        }
    }

    private VoiceSession call(RehearsalServer server) {
        VoiceSession session = VoiceAgent.builder()
                .provider(server.provider())
                .with(Toolbox.of(tools))
                .build()
                .connect();
        session.appendAudio(Recording.tone(Duration.ofMillis(600))
                .then(Recording.silence(Duration.ofMillis(600)))
                .pcm16());
        return session;
    }

    private static List<String> answersAndRequests(RehearsalConnection connection) {
        return connection.received().stream()
                .filter(message -> message.matches(".*\"type\":\"(conversation.item.create|response.create)\".*"))
                .map(message -> message.contains("\"type\":\"response.create\"") ? "asks" : "answers")
                .toList();
    }

    private static void awaitAnswers(RehearsalConnection connection, int count) {
        await().atMost(SOON)
                .until(() -> connection.received("conversation.item.create").size() == count);
    }

    /** @param ends the kinds of calls, quiet and spoken, in the order in which they end */
    @ParameterizedTest
    @ValueSource(strings = {"qqss", "ssqq", "qsqs", "sqqs"})
    void oneReplyIsAskedForOnceTheLastOfMixedResultsIsTold(String ends) {
        Script script = Script.named("mixed")
                .turn(Turn.hear("Note and look.")
                        .calls(
                                Call.to("note").expectOk(),
                                Call.to("look").expectOk(),
                                Call.to("noteIfLast").expectOk(),
                                Call.to("look").expectOk())
                        .says("All four are done."))
                .build();
        try (RehearsalServer server =
                        RehearsalServer.openAi().script(script).speed(100).start();
                VoiceSession session = call(server)) {
            RehearsalConnection connection = server.connection(0);
            for (int i = 0; i < ends.length(); i++) {
                assertThat(answersAndRequests(connection)).doesNotContain("asks");
                tools.end(ends.charAt(i));
                awaitAnswers(connection, i + 1);
            }
            connection.awaitFinished(SOON);

            assertThat(answersAndRequests(connection))
                    .containsExactly("answers", "answers", "answers", "answers", "asks");
            assertThat(session.closeReason()).isNull();
            server.assertPassed();
        }
    }

    @Test
    void noReplyIsAskedForWhereAllResultsAreQuiet() {
        Script script = Script.named("quiet")
                .turn(Turn.hear("Note both.")
                        .calls(Call.to("note").expectOk(), Call.to("noteIfLast").expectOk())
                        .says("Anything else?"))
                .build();
        try (RehearsalServer server =
                        RehearsalServer.openAi().script(script).speed(100).start();
                VoiceSession session = call(server)) {
            RehearsalConnection connection = server.connection(0);
            tools.end('q');
            tools.end('q');
            awaitAnswers(connection, 2);
            // It has options of its own, so it goes out behind whatever was asked for before, and never in its place.
            session.requestResponse(
                    ResponseOptions.builder().instructions("Go on.").build());
            connection.awaitFinished(SOON);

            assertThat(answersAndRequests(connection)).containsExactly("answers", "answers", "asks");
            assertThat(connection.received("response.create"))
                    .singleElement()
                    .asString()
                    .contains("\"response\":{\"instructions\":\"Go on.\"}");
            server.assertPassed();
        }
    }
}
