package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.parley.testkit.Call;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Turn;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Parley's own client in conversation with the rehearsal server, as OpenAI's interface has it. */
@Timeout(60)
class OpenAiConversationTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String OK = "{\"ok\":true,\"result\":null}";

    private final Desk desk = new Desk();

    private VoiceAgent agent(RehearsalServer server) {
        return VoiceAgent.builder()
                .reconnect(ReconnectPolicy.never())
                .provider(server.provider())
                .instructions("Be kind.")
                .voice("marin")
                .with(desk)
                .listener(desk)
                .build();
    }

    private static RehearsalServer fast(Script script) {
        return RehearsalServer.openAi().script(script).speed(100).start();
    }

    private static void say(VoiceSession session) {
        session.appendAudio(Recording.tone(Duration.ofMillis(600))
                .then(Recording.silence(Duration.ofMillis(600)))
                .pcm16());
    }

    private void awaitSaid(String text) {
        await().atMost(SOON).until(() -> desk.said().equals(text));
    }

    @Test
    void aWholeConversationPassesWithoutAViolation() {
        Script script = Script.named("whole")
                .greeting("Welcome.")
                .turn(Turn.hear("Is the doctor in, and book me.")
                        .calls(
                                Call.to("check").with("doctor", "nair").expectOk(),
                                Call.to("book").expectOk())
                        .says(" Booked."))
                .turn(Turn.hear("Thanks.").says(" Bye."))
                .build();
        desk.answers("check", OK).answers("book", OK);
        try (RehearsalServer server = fast(script);
                VoiceSession session = agent(server).connect()) {
            session.requestResponse();
            awaitSaid("Welcome.");
            say(session);
            awaitSaid("Welcome. Booked.");
            say(session);
            awaitSaid("Welcome. Booked. Bye.");
            server.connection(0).awaitFinished(SOON);

            server.assertPassed();
            assertThat(desk.problems).isEmpty();
            assertThat(desk.requests)
                    .extracting(ToolRequest::callId, ToolRequest::name, ToolRequest::argumentsJson)
                    .containsExactly(tuple("call_1", "check", "{\"doctor\":\"nair\"}"), tuple("call_2", "book", "{}"));
            assertThat(server.connection(0).received("response.create")).hasSize(2);
        }
    }
}
