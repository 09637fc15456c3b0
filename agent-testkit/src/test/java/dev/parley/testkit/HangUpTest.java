package dev.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a script goes on after the server has ended a connection. */
class HangUpTest {
    private static RehearsalServer fast(Script script) {
        return RehearsalServer.builder().script(script).speed(100).start();
    }

    @Test
    void afterAHangUpTheScriptGoesOnAtTheNextConnection() {
        Script script = Script.named("two lines")
                .turn(Turn.hear("a").says("b").hangsUp(1013))
                .turn(Turn.hear("c").says("d").then(HangUp.dropped()))
                .turn(Turn.hear("e").says("f"))
                .build();
        try (RehearsalServer server = fast(script)) {
            int[] codes = {1013, 1006};
            String[] heard = {"a", "c", "e"};
            for (int i = 0; i < heard.length; i++) {
                try (BareClient client = BareClient.ready(server)) {
                    client.say();
                    assertThat(client.await("conversation.item.input_audio_transcription.completed")
                                    .path("transcript")
                                    .asText())
                            .isEqualTo(heard[i]);
                    if (i < codes.length) {
                        assertThat(client.awaitClose()).isEqualTo(codes[i]);
                    } else {
                        client.await("response.done");
                    }
                }
            }
            server.assertPassed();
        }
    }

    /** A server cannot know whose conversation a connection goes on with: two at once are two servers' work. */
    @Test
    void whoeverComesNextGetsTheNextTurn() {
        Script script = Script.named("two lines")
                .turn(Turn.hear("a").says("b").hangsUp(1013))
                .turn(Turn.hear("c").says("d"))
                .build();
        try (RehearsalServer server = fast(script);
                BareClient first = BareClient.ready(server);
                BareClient before = BareClient.ready(server)) {
            first.say();
            first.awaitClose();
            try (BareClient stranger = BareClient.ready(server);
                    BareClient again = BareClient.ready(server)) {
                stranger.say();
                assertThat(heard(stranger)).isEqualTo("c");
                again.say();
                assertThat(heard(again)).isEqualTo("a");
                before.say();
                assertThat(heard(before)).isEqualTo("a");
            }
        }
    }

    /** It is what OpenAI wants after an output, and came too late to be answered, or before the pause was over. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aReplyThatIsAskedForWhereTheServerHangsUpIsNoMismatch(boolean pauses) {
        Turn turn = Turn.hear("Book it.").calls(Call.to("book").expectOk());
        Turn paused = pauses ? turn.pauses(Duration.ofMillis(300)) : turn;
        Script script =
                Script.named("lost after a call").turn(paused.hangsUp(1012)).build();
        try (RehearsalServer server =
                        RehearsalServer.openAi().script(script).speed(100).start();
                BareClient client = BareClient.openAi(server)) {
            client.say();
            client.await("response.done");
            client.answer("call_1", "{\"ok\":true}");
            client.create();
            assertThat(client.awaitClose()).isEqualTo(1012);
            server.connection(0).awaitClosed(Duration.ofSeconds(10));

            assertThat(server.report()).hasToString("passed");
            assertThat(client.events("error")).isEmpty();
        }
    }

    private static String heard(BareClient client) {
        return client.await("conversation.item.input_audio_transcription.completed")
                .path("transcript")
                .asText();
    }
}
