package dev.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Responses out of band. */
class OpenAiAsidesTest {
    @Test
    void anOutOfBandResponseRunsBesideTheConversationAndLeavesNoTraceInIt() {
        Script script = Script.named("aside")
                .greeting(Speech.of("Hello.").soundingAs(Recording.tone(Duration.ofSeconds(20))))
                .aside("complaint")
                .build();
        FakeClock clock = new FakeClock(Instant.parse("2026-11-21T04:30:00Z"));
        try (RehearsalServer server =
                        RehearsalServer.openAi().script(script).clock(clock).start();
                BareClient client = BareClient.openAi(server)) {
            client.create();
            client.await("response.output_audio.delta");
            client.send("""
                    {"type":"response.create","response":{"conversation":"none","output_modalities":["text"],
                     "instructions":"Classify.","metadata":{"topic":"class"},
                     "input":[{"type":"item_reference","id":"item_1"},
                      {"type":"message","role":"user","content":[{"type":"input_text","text":"bad"}]}]}}""");
            // the session's end, and the two replies' next pieces
            Awaitility.await("both").until(() -> clock.pendingTimers() == 3);
            clock.advance(Duration.ofSeconds(1));
            JsonNode done = client.await("response.done").path("response");

            assertThat(done.path("id").asText()).isEqualTo("resp_2");
            assertThat(done.path("conversation_id").isNull()).isTrue();
            assertThat(done.path("metadata").toString()).isEqualTo("{\"topic\":\"class\"}");
            assertThat(done.path("output_modalities").toString()).isEqualTo("[\"text\"]");
            assertThat(done.at("/output/0/content").toString())
                    .isEqualTo("[{\"type\":\"output_text\",\"text\":\"complaint\"}]");
            assertThat(client.await("response.output_text.done").path("text").asText())
                    .isEqualTo("complaint");
            assertThat(client.events("conversation.item.added")).hasSize(1);
            assertThat(client.events("error")).isEmpty();
            client.send("{\"type\":\"response.cancel\",\"response_id\":\"resp_1\"}");
            assertThat(client.await("response.done", 2)
                            .at("/response/conversation_id")
                            .asText())
                    .isEqualTo("conv_1");
        }
    }

    @Test
    void anAsideThatNobodyAskedForIsAMismatch() {
        Script script = Script.named("two asides")
                .turn(Turn.hear("a").says("b"))
                .aside("complaint")
                .aside("praise")
                .build();
        try (RehearsalServer server = FastServer.openAi(script);
                BareClient client = BareClient.openAi(server)) {
            client.send("{\"type\":\"response.create\",\"response\":{\"conversation\":\"none\"}}");
            client.await("response.done");
            client.say();
            client.await("response.done", 2);

            assertThat(server.report().toString())
                    .isEqualTo("mismatch: aside 2: no response.create out of band came for it");
            client.send("{\"type\":\"response.create\",\"response\":{\"conversation\":\"none\"}}");
            client.await("response.done", 3);
            server.assertPassed();
        }
    }

    @Test
    void asidesGoOnAtTheNextConnectionToo() {
        Script script = Script.named("two asides")
                .turn(Turn.hear("a").says("b").hangsUp(1013))
                .turn(Turn.hear("c").says("d"))
                .aside("complaint")
                .aside("praise")
                .build();
        try (RehearsalServer server = FastServer.openAi(script)) {
            for (String aside : List.of("complaint", "praise")) {
                try (BareClient client = BareClient.openAi(server)) {
                    client.send("{\"type\":\"response.create\",\"response\":{\"conversation\":\"none\"}}");
                    client.await("response.done");
                    assertThat(client.transcript()).isEqualTo(aside);
                    client.say();
                    client.await("response.done", 2);
                }
            }
            server.assertPassed();
        }
    }

    @Test
    void swaramCannotPlayThem() {
        Script script = Script.named("aside").aside("complaint").build();

        assertThatThrownBy(() -> RehearsalServer.start(script))
                .isInstanceOf(ScriptException.class)
                .hasMessage("aside has asides, and swaram answers no requests out of band: leave them out,"
                        + " or let the server speak OpenAI's dialect");
    }
}
