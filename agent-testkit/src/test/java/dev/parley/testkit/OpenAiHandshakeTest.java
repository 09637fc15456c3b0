package dev.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who may connect to a server that speaks as OpenAI's does. */
class OpenAiHandshakeTest {
    private static final Script SCRIPT = Script.named("rules")
            .greeting("Hello to all of you.")
            .turn(Turn.hear("Book it.").calls(Call.to("book")).says("Booked."))
            .build();

    @Test
    void aClientThatIsTurnedAwayIsToldAsOpenAiTells() {
        try (RehearsalServer server = FastServer.openAi(SCRIPT)) {
            server.refuseNext(Refusal.closeCode(1013));
            try (BareClient refused =
                    BareClient.connect(server, "?model=gpt-realtime", Map.of("Authorization", "Bearer sk-test"))) {
                assertThat(refused.awaitClose()).isEqualTo(1013);
                assertThat(refused.await("error").toString())
                        .isEqualTo("{\"type\":\"error\",\"event_id\":\"event_1\",\"error\":{\"type\":\"server_error\","
                                + "\"code\":\"server_error\",\"message\":\"the server is busy\",\"param\":null,"
                                + "\"event_id\":null}}");
            }
            assertThat(server.refused()).isEqualTo(1);
        }
    }

    @Test
    void aHandshakeIsRefusedWithoutTheRightKeyWithoutAModelAndInTheBetaShape() {
        try (RehearsalServer server =
                RehearsalServer.openAi().script(SCRIPT).apiKey("sk-right").start()) {
            Map<String, String> right = Map.of("Authorization", "Bearer sk-right");
            for (BareClient refused : List.of(
                    BareClient.connect(server, "?model=m", Map.of("Authorization", "Bearer sk-wrong")),
                    BareClient.connect(server, "?model=m", Map.of()),
                    BareClient.connect(server, "?model=m&api_key=sk-right", Map.of()))) {
                refused.awaitClose();
                assertThat(refused.httpStatus()).isEqualTo(401);
            }
            BareClient nameless = BareClient.connect(server, "", right);
            nameless.awaitClose();
            assertThat(nameless.httpStatus()).isEqualTo(400);
            BareClient beta = BareClient.connect(
                    server, "?model=m", Map.of("Authorization", "Bearer sk-right", "OpenAI-Beta", "realtime=v1"));
            beta.awaitClose();
            assertThat(beta.httpStatus()).isEqualTo(400);
            assertThat(server.connections()).isEmpty();

            try (BareClient header = BareClient.connect(server, "?model=m", right);
                    BareClient subprotocol = BareClient.connect(
                            server,
                            "?model=m",
                            Map.of("Sec-WebSocket-Protocol", "realtime, openai-insecure-api-key.sk-right"))) {
                header.await("session.created");
                subprotocol.await("session.created");
                assertThat(subprotocol.subprotocol()).isEqualTo("realtime");
            }
            assertThat(server.connections())
                    .extracting(RehearsalConnection::credentialCarrier)
                    .containsExactlyInAnyOrder("header", "subprotocol");
        }
    }

    @Test
    void aScriptMayNameItsDialectAndTheServerMayOverruleIt() {
        Script script = Script.named("theirs")
                .dialect(RehearsalDialect.OPENAI)
                .greeting("Hi.")
                .build();
        try (RehearsalServer server = RehearsalServer.start(script);
                BareClient client = BareClient.openAi(server);
                RehearsalServer other = RehearsalServer.builder()
                        .script(script)
                        .dialect(RehearsalDialect.SWARAM)
                        .start();
                BareClient swaram = BareClient.ready(other)) {
            assertThat(client.events("conversation.created")).hasSize(1);
            assertThat(swaram.events("conversation.created")).isEmpty();
        }
    }
}
