package dev.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectingTest {
    private static final Script SCRIPT =
            Script.named("hello").turn(Turn.hear("Hello.").says("Hello.")).build();
    private static final Duration SOON = Duration.ofSeconds(10);

    @ParameterizedTest
    @CsvSource({
        "'', Authorization, Bearer secret, header",
        "?model=m&api_key=secret, X-Other, x, query",
        "'', Sec-WebSocket-Protocol, 'realtime, openai-insecure-api-key.secret', subprotocol"
    })
    void theKeyMayComeInEachOfThreeWays(String query, String header, String value, String carrier) {
        try (RehearsalServer server = RehearsalServer.builder()
                        .script(SCRIPT)
                        .apiKey("secret")
                        .start();
                BareClient client = BareClient.connect(server, query, Map.of(header, value))) {
            client.await("session.created");

            assertThat(server.connection(0).credentialCarrier()).isEqualTo(carrier);
            assertThat(client.subprotocol()).isEqualTo(carrier.equals("subprotocol") ? "realtime" : null);
            assertThat(server.connection(0).toString()).doesNotContain("secret");
        }
    }

    @Test
    void theHeaderGoesBeforeTheQuery() {
        try (RehearsalServer server = RehearsalServer.builder()
                        .script(SCRIPT)
                        .apiKey("secret")
                        .start();
                BareClient client =
                        BareClient.connect(server, "?api_key=secret", Map.of("Authorization", "Bearer wrong"))) {
            assertThat(client.awaitClose()).isEqualTo(4001);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer wrong", "Basic secret", "Bearer "})
    void aBadKeyGetsAnErrorAndThen4001(String authorization) {
        try (RehearsalServer server = RehearsalServer.builder()
                        .script(SCRIPT)
                        .apiKey("secret")
                        .start();
                BareClient client = BareClient.connect(server, "", Map.of("Authorization", authorization))) {
            assertThat(client.awaitClose()).isEqualTo(4001);

            assertThat(client.types()).containsExactly("error");
            assertThat(client.await("error").path("error").toString())
                    .isEqualTo("{\"type\":\"server_error\",\"code\":\"invalid_api_key\","
                            + "\"message\":\"the API key is missing, wrong or expired\"}");
            assertThat(server.refused()).isEqualTo(1);
            assertThat(server.connections()).isEmpty();
        }
    }

    @Test
    void noKeyAtAllIsABadKeyEvenWhereAnyWillDo() {
        try (RehearsalServer server = RehearsalServer.start(SCRIPT);
                BareClient client = BareClient.connect(server, "", Map.of())) {
            assertThat(client.awaitClose()).isEqualTo(4001);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "4001, invalid_api_key",
        "4003, insufficient_credits",
        "4008, too_many_connections",
        "1013, server_error"
    })
    void clientsCanBeTurnedAwayWithACloseCodeAndTheNextOneIsServed(int code, String errorCode) {
        try (RehearsalServer server = RehearsalServer.start(SCRIPT)) {
            server.refuseNext(Refusal.closeCode(code));
            try (BareClient refused = BareClient.connect(server)) {
                assertThat(refused.awaitClose()).isEqualTo(code);
                assertThat(refused.await("error").at("/error/code").asText()).isEqualTo(errorCode);
            }
            try (BareClient served = BareClient.connect(server)) {
                served.await("session.created");
            }
            assertThat(server.refused()).isEqualTo(1);
            assertThat(server.connections()).hasSize(1);
        }
    }

    @Test
    void clientsCanBeTurnedAwayAtTheHandshake() {
        try (RehearsalServer server = RehearsalServer.start(SCRIPT)) {
            server.refuseNext(Refusal.httpStatus(503));
            try (BareClient refused = BareClient.connect(server)) {
                refused.awaitClose();
                assertThat(refused.httpStatus()).isEqualTo(503);
            }
        }
    }

    @Test
    void anotherPathIsNotFound() {
        try (RehearsalServer server = RehearsalServer.start(SCRIPT);
                BareClient client = BareClient.connect(server, "/other", Map.of("Authorization", "Bearer k"))) {
            client.awaitClose();
            assertThat(client.httpStatus()).isEqualTo(404);
            assertThat(server.refused()).isEqualTo(1);
        }
    }

    @Test
    void aTestCanCloseWithACode() {
        try (RehearsalServer server = RehearsalServer.start(SCRIPT);
                BareClient client = BareClient.ready(server)) {
            server.connection(0).close(4003, "out of credits");

            assertThat(client.awaitClose()).isEqualTo(4003);
            server.connection(0).awaitClosed(SOON);
        }
    }

    @Test
    void aTestCanDropTheSocket() {
        try (RehearsalServer server = RehearsalServer.start(SCRIPT);
                BareClient client = BareClient.ready(server)) {
            server.connection(0).abort();

            assertThat(client.awaitClose()).isEqualTo(1006);
            server.connection(0).awaitClosed(SOON);
            assertThat(server.connection(0).closeCode()).isEqualTo(1006);
        }
    }

    @Test
    void aTestCanSendWhatNoScriptHas() {
        try (RehearsalServer server = RehearsalServer.start(SCRIPT);
                BareClient client = BareClient.ready(server)) {
            server.connection(0).sendRaw("{broken");
            server.connection(0).sendBinary(new byte[] {1, 2});

            assertThat(client.await("broken").path("text").asText()).isEqualTo("{broken");
            assertThat(client.await("binary").path("text").asText()).isEqualTo("0102");
        }
    }

    @Test
    void eventsCanBeHeldBackAndReleasedInOrder() {
        try (RehearsalServer server =
                        RehearsalServer.builder().script(SCRIPT).speed(100).start();
                BareClient client = BareClient.connect(server)) {
            client.await("session.created");
            server.connection(0).hold();
            client.send(BareClient.CONFIGURE);
            client.say();
            server.connection(0).awaitFinished(SOON);
            assertThat(client.types()).containsExactly("session.created");
            server.connection(0).sendRaw("{\"type\":\"overtakes\"}");

            server.connection(0).release();
            client.await("response.done");

            assertThat(client.types())
                    .startsWith("session.created", "overtakes", "session.updated", "input_audio_buffer.speech_started");
            server.assertPassed();
        }
    }

    @Test
    void theClientsMessagesAreThereWithoutTheirAudio() {
        try (RehearsalServer server = RehearsalServer.start(SCRIPT);
                BareClient client = BareClient.connect(server)) {
            client.send(BareClient.CONFIGURE);
            client.append(Recording.silence(Duration.ofMillis(100)));
            client.send("nothing");
            client.await("error");

            assertThat(server.connection(0).received())
                    .containsExactly(
                            BareClient.CONFIGURE,
                            "{\"type\":\"input_audio_buffer.append\",\"audio\":\"<6400 characters>\"}",
                            "nothing");
            assertThat(server.connection(0).awaitReceived("session.update", SOON))
                    .isEqualTo(BareClient.CONFIGURE);
            assertThat(server.connection(0).samplesReceived()).isEqualTo(2_400);
            assertThatThrownBy(() -> server.connection(0).awaitReceived("response.create", Duration.ofMillis(20)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("no response.create came within PT0.02S; the client sent 3 messages");
        }
    }

    @Test
    void manyClientsRunTheirOwnCopyAtOnce() {
        try (RehearsalServer server =
                RehearsalServer.builder().script(SCRIPT).speed(100).start()) {
            BareClient[] clients = new BareClient[20];
            for (int i = 0; i < clients.length; i++) {
                clients[i] = BareClient.connect(server);
                clients[i].send(BareClient.CONFIGURE);
                clients[i].say();
            }
            for (BareClient client : clients) {
                client.await("response.done");
                client.close();
            }
            server.assertPassed();
            assertThat(server.connections()).hasSize(20);
        }
    }

    @Test
    void closingEndsOpenConnectionsAndIsIdempotent() {
        RehearsalServer server = RehearsalServer.start(SCRIPT);
        try (BareClient client = BareClient.ready(server)) {
            server.close();
            server.close();

            assertThat(client.awaitClose()).isEqualTo(1001);
        }
    }

    @Test
    void aClientThatVanishesEndsItsRunAlone() {
        Script longReply = Script.named("long")
                .greeting(Speech.of("On and on.").soundingAs(Recording.tone(Duration.ofMinutes(5))))
                .build();
        FakeClock clock = new FakeClock();
        try (RehearsalServer server =
                RehearsalServer.builder().script(longReply).clock(clock).start()) {
            try (BareClient client = BareClient.ready(server)) {
                client.send("{\"type\":\"response.create\"}");
                client.await("response.output_audio.delta");
            }
            server.connection(0).awaitClosed(SOON);

            Awaitility.await().until(() -> clock.pendingTimers() == 0);
            assertThat(server.report().mismatches()).containsExactly("greeting: the reply did not come to its end");
        }
    }

    @Test
    void aTakenPortIsSaidSo() {
        try (RehearsalServer server = RehearsalServer.start(SCRIPT)) {
            int port = server.url().getPort();

            assertThatThrownBy(() ->
                            RehearsalServer.builder().script(SCRIPT).port(port).start())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "cannot listen on port " + port + " of 127.0.0.1: choose another, or 0 for any free one");
        }
    }

    @Test
    void nobodyConnectedIsNotAPass() {
        try (RehearsalServer server = RehearsalServer.start(SCRIPT)) {
            assertThat(server.report().toString()).isEqualTo("""
                            mismatch: nobody connected
                            1 turn was not reached""");
            assertThatThrownBy(() -> server.connection(0))
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("there is no connection 0; so far there were 0, and 0 refused");
        }
    }
}
