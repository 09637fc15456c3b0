package dev.parley.core;

import static dev.parley.core.OpenAiCall.OK;
import static dev.parley.core.OpenAiCall.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.testkit.Call;
import dev.parley.testkit.FakeClock;
import dev.parley.testkit.HangUp;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Turn;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions that outlive their connection: renewed before the provider's limit, or connected anew after it. */
@Timeout(60)
class OpenAiReconnectTest {
    private static final ReconnectPolicy AT_ONCE = ReconnectPolicy.exponential().delays(Duration.ZERO, Duration.ZERO);

    private final Desk desk = new Desk().answers("check", OK);

    private static Script twoTurns() {
        return Script.named("two turns")
                .turn(Turn.hear("Is the doctor in?")
                        .calls(Call.to("check").expectOk())
                        .says("She is."))
                .turn(Turn.hear("Thanks.").says(" Bye."))
                .build();
    }

    /** A question, what the desk said, and the answer: as text, since the voice of another connection cannot be carried. */
    private static final List<String> QUESTION_AND_ANSWER = List.of(
            item("user", "input_text", "Is the doctor in?"),
            item("system", "input_text", "A tool was called: check{} -> {\\\"ok\\\":true,\\\"result\\\":null}"),
            item("assistant", "output_text", "She is."));

    private static String item(String role, String type, String text) {
        return "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\",\"role\":\"" + role
                + "\",\"content\":[{\"type\":\"" + type + "\",\"text\":\"" + text + "\"}]}}";
    }

    private void awaitSaid(String text) {
        await().atMost(SOON).until(() -> desk.said().equals(text));
    }

    private static void awaitReconnected(VoiceSession session) {
        await().atMost(SOON).until(() -> session.counters().reconnects() == 1 && session.state() == SessionState.READY);
    }

    @Test
    void aSessionMovesToAFreshConnectionBeforeItsTimeIsUp() {
        FakeClock clock = new FakeClock();
        try (RehearsalServer server =
                        RehearsalServer.openAi().script(twoTurns()).speed(100).start();
                VoiceSession session =
                        OpenAiCall.agent(server, desk).clock(clock).build().connect()) {
            OpenAiCall.say(session);
            awaitSaid("She is.");
            server.connection(0).awaitCallersTurn(1, SOON);
            clock.advance(Duration.ofMinutes(53));
            assertThat(server.connections()).hasSize(1);
            clock.advance(Duration.ofMinutes(1));
            await().until(() -> {
                clock.advance(Duration.ofSeconds(1)); // it looks again each second until nobody speaks
                return server.connections().size() == 2;
            });
            awaitReconnected(session);
            // this run of the script begins anew, and so do the server's ids
            session.sendText("Is the doctor in?");
            awaitSaid("She is.She is.");

            server.connection(0).awaitClosed(SOON);
            assertThat(server.connection(1).received("conversation.item.create"))
                    .startsWith(QUESTION_AND_ANSWER.toArray(String[]::new));
            assertThat(desk.requests).extracting(ToolRequest::connection).containsExactly(1, 2);
            assertThat(desk.problems).isEmpty();
        }
    }

    @Test
    void aSessionThatExpiredGoesOnWithItsHistory() {
        FakeClock serversClock = new FakeClock();
        try (RehearsalServer server = RehearsalServer.openAi()
                        .script(twoTurns())
                        .clock(serversClock)
                        .sessionLimit(Duration.ofMinutes(30))
                        .start();
                VoiceSession session = OpenAiCall.agent(server, desk)
                        .reconnect(AT_ONCE)
                        .build()
                        .connect()) {
            OpenAiCall.say(session);
            await().until(() -> desk.heard().length > 0);
            serversClock.advance(Duration.ofSeconds(10));
            awaitSaid("She is.");
            server.connection(0).awaitCallersTurn(1, SOON);
            serversClock.advance(
                    Duration.ofMinutes(30).minusSeconds(10)); // no further: a server waits for goodbye by it
            awaitReconnected(session);
            int before = desk.heard().length;
            OpenAiCall.say(session);
            await().until(() -> desk.heard().length > before);
            serversClock.advance(Duration.ofSeconds(10));
            awaitSaid("She is. Bye.");
            server.connection(1).awaitFinished(SOON);

            assertThat(server.connection(1).received("conversation.item.create"))
                    .isEqualTo(QUESTION_AND_ANSWER);
            assertThat(desk.problems).extracting(Problem::message).containsExactly("OpenAI reports session_expired");
            assertThat(desk.losses)
                    .extracting(CloseReason::error)
                    .hasExactlyElementsOfTypes(SessionExpiredException.class);
            server.assertPassed();
        }
    }

    @Test
    void aReplyThatTheEndOfTheSessionCutIsAskedForAgain() {
        FakeClock serversClock = new FakeClock();
        Script script = Script.named("cut by the end")
                .turn(Turn.hear("Tell me.").says("It was long ago."))
                .build();
        try (RehearsalServer server = RehearsalServer.openAi()
                        .script(script)
                        .clock(serversClock)
                        .sessionLimit(Duration.ofMillis(40))
                        .start();
                VoiceSession session = OpenAiCall.agent(server, desk)
                        .reconnect(AT_ONCE)
                        .build()
                        .connect()) {
            OpenAiCall.say(session);
            await().until(() -> desk.heard().length > 0);
            serversClock.advance(Duration.ofMillis(40));
            server.awaitConnection(1).awaitReceived("response.create", SOON);

            assertThat(server.connection(1).received("conversation.item.create"))
                    .containsExactly(
                            item("user", "input_text", "Tell me."), item("assistant", "output_text", "It was "));
        }
    }

    @Test
    void aLostConnectionIsReplacedAndAnOpenCallIsNotRunAgain() {
        Script script = Script.named("lost in a call")
                .turn(Turn.hear("Book it.").calls(Call.to("book").expectOk()).says("Booked."))
                .build();
        try (RehearsalServer server =
                        RehearsalServer.openAi().script(script).speed(100).start();
                VoiceSession session = OpenAiCall.agent(server, desk)
                        .reconnect(AT_ONCE)
                        .build()
                        .connect()) {
            OpenAiCall.say(session);
            await().until(() -> desk.requests.size() == 1);
            server.connection(0).abort();
            await().until(() -> session.state() == SessionState.RECONNECTING);
            desk.answer("call_1", OK);
            awaitReconnected(session);

            server.connection(1).awaitReceived("conversation.item.create", SOON);
            await().until(() -> server.connection(1).received("response.create").size() == 1);
            assertThat(server.connection(1).received("conversation.item.create"))
                    .containsExactly(
                            item("user", "input_text", "Book it."),
                            item(
                                    "system",
                                    "input_text",
                                    "A tool was called: book{} -> {\\\"ok\\\":true,\\\"result\\\":null}"));
            assertThat(desk.requests)
                    .filteredOn(request -> request.connection() == 1)
                    .hasSize(1);
        }
    }

    /** The owed reply was a turn of the script, and the caller said a line for it all the same. */
    @Test
    void theServersCallerLeavesOutTheTurnThatTheSessionAskedForAgain() {
        Script script = Script.named("lost before the answer")
                .turn(Turn.hear("Is the doctor in?")
                        .calls(Call.to("check").expectOk())
                        .then(HangUp.dropped()))
                .turn(Turn.hear("Is the doctor in?").says("She is."))
                .turn(Turn.hear("Thanks.")
                        .spokenAs(Recording.tone(Duration.ofSeconds(3)))
                        .says(" Bye."))
                .build();
        try (RehearsalServer server =
                        RehearsalServer.openAi().script(script).speed(100).start();
                VoiceSession session = OpenAiCall.agent(server, desk)
                        .reconnect(AT_ONCE)
                        .build()
                        .connect()) {
            server.connection(0).playCaller(session, SOON);
            awaitReconnected(session);
            server.awaitConnection(1).awaitCallersTurn(2, SOON);
            server.connection(1).playCaller(session, SOON);
            server.connection(1).awaitFinished(SOON);
            awaitSaid("She is. Bye.");

            server.assertPassed();
        }
    }
}
