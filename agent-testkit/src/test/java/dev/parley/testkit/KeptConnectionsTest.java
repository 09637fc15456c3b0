package dev.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that runs for long keeps the latest of the connections that are over, and the findings of all. */
@Timeout(60)
class KeptConnectionsTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Script SCRIPT = Script.named("one turn")
            .turn(Turn.hear("Is the doctor in?").says("She is."))
            .build();

    private static void comesAndGoes(RehearsalServer server, int index) {
        try (BareClient client = BareClient.ready(server)) {
            client.send("{\"type\":\"weather.ask\"}");
            client.await("error");
        }
        server.awaitConnection(index).awaitClosed(SOON);
    }

    @Test
    void ofThoseThatAreOverTheLatestAreKeptAndTheFindingsOfAll() {
        try (RehearsalServer server = RehearsalServer.builder()
                        .script(SCRIPT)
                        .connectionsKept(2)
                        .start();
                BareClient open = BareClient.ready(server)) {
            for (int i = 1; i <= 3; i++) {
                comesAndGoes(server, i);
            }

            assertThat(server.connections())
                    .extracting(RehearsalConnection::index)
                    .containsExactly(0, 2, 3);
            assertThat(server.connection(3).received("weather.ask")).containsExactly("{\"type\":\"weather.ask\"}");
            assertThatThrownBy(() -> server.connection(1))
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("connection 1 is over, and the server keeps the latest 2 that are:"
                            + " let it keep more with connectionsKept");
            assertThat(server.report().violations())
                    .extracting(Violation::message)
                    .allMatch(message -> message.contains("weather.ask"))
                    .extracting(message -> message.substring(0, message.indexOf(',')))
                    .containsExactly("connection 1", "connection 2", "connection 3");
            assertThat(server.report().turnsLeft()).isEqualTo(4);
            open.close();
        }
    }

    @Test
    void aConnectionThatIsOverTellsWhatItTold() {
        try (RehearsalServer server =
                RehearsalServer.builder().script(SCRIPT).speed(100).start()) {
            try (BareClient client = BareClient.ready(server)) {
                client.say();
                client.await("response.done");
            }
            RehearsalConnection over = server.connection(0);
            over.awaitClosed(SOON);

            over.awaitFinished(SOON);
            assertThat(over.samplesReceived()).isEqualTo(28_800);
            assertThat(over.received("session.update")).hasSize(1);
            server.assertPassed();
        }
    }

    @Test
    void howManyAreKeptHasItsLimits() {
        assertThatThrownBy(() -> RehearsalServer.builder().connectionsKept(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the server keeps 1 to 1000000 connections that are over, not 0");
    }
}
