package dev.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the client writes into the conversation: turns, and what was said before. */
class OpenAiWrittenTurnsTest {
    @Test
    void aWrittenTurnIsAnsweredOnceItIsAskedFor() {
        Script script = Script.named("text")
                .greeting("Welcome.")
                .turn(Turn.hear("Is the doctor in?").says("She is."))
                .turn(Turn.hear("Thanks.").says("You are welcome."))
                .build();
        try (RehearsalServer server = FastServer.openAi(script);
                BareClient client = BareClient.openAi(server)) {
            client.send("""
                    {"type":"conversation.item.create","item":{"type":"message","role":"system",
                     "content":[{"type":"input_text","text":"The caller is Anil."}]}}""");
            client.create();
            client.await("response.done");
            client.write("Is the doctor in?");
            client.await("conversation.item.done", 3);
            assertThat(client.events("response.created")).hasSize(1);
            client.create();
            client.await("response.done", 2);
            client.write("No thanks.");
            client.create();
            client.await("response.done", 3);

            assertThat(client.transcript()).isEqualTo("Welcome.She is.You are welcome.");
            assertThat(server.report().mismatches())
                    .containsExactly("turn 2: the client wrote \"No thanks.\", and the script hears \"Thanks.\"");
        }
    }

    @Test
    void aConversationThatIsCarriedOverIsNoTurn() {
        try (RehearsalServer server = FastServer.booking();
                BareClient client = BareClient.openAi(server)) {
            client.write("Is the doctor in?");
            client.send("""
                    {"type":"conversation.item.create","item":{"type":"message","role":"assistant",
                     "content":[{"type":"output_text","text":"She is."}]}}""");
            client.send("""
                    {"type":"conversation.item.create","item":{"type":"function_call","name":"f","call_id":"old_1",
                     "arguments":"{}"}}""");
            client.answer("old_1", "done");
            client.await("conversation.item.done", 4);
            client.say();
            client.await("response.done");

            assertThat(client.events("error")).isEmpty();
            assertThat(server.report().violations()).isEmpty();
            assertThat(server.report().mismatches()).containsExactly("turn 1: no output of check, book came");
        }
    }
}
