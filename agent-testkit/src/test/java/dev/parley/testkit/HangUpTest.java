package dev.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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

    private static String heard(BareClient client) {
        return client.await("conversation.item.input_audio_transcription.completed")
                .path("transcript")
                .asText();
    }
}
