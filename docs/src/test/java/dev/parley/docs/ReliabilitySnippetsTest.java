package dev.parley.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.core.Measurement;
import dev.parley.core.ReconnectPolicy;
import dev.parley.core.Reconnecting;
import dev.parley.core.SessionCounters;
import dev.parley.core.SessionListener;
import dev.parley.core.SessionState;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ReliabilitySnippetsTest {
    private final List<String> log = new CopyOnWriteArrayList<>();

    @Test
    void reconnectsAndTells() {
        try (RehearsalServer server = RehearsalServer.start(
                Script.named("greeting").greeting("നമസ്കാരം").build())) {
            var provider = server.provider();
            // region reconnect
            VoiceAgent agent = VoiceAgent.builder()
                    .provider(provider)
                    .reconnect(ReconnectPolicy.exponential() // the default
                            .attempts(5)
                            .delays(Duration.ofMillis(100), Duration.ofSeconds(2)))
                    .listener(new SessionListener() {
                        @Override
                        public void onReconnecting(VoiceSession session, Reconnecting attempt) {
                            log.add("attempt " + attempt.attempt() + ": "
                                    + attempt.cause().message());
                        }

                        @Override
                        public void onMeasured(VoiceSession session, Measurement measurement) {
                            log.add(measurement.what() + " took "
                                    + measurement.took().toMillis() + " ms");
                        }
                    })
                    .build();
            // endregion
            try (VoiceSession session = agent.connect()) {
                server.awaitConnection(0).close(1013, "busy");
                await().until(() -> session.counters().reconnects() == 1);
                await().until(() -> log.stream().anyMatch(line -> line.startsWith("RECONNECT took")));
                assertThat(log)
                        .contains(
                                "attempt 1: swaram closed the session (1013): the server is busy. Try again in a while");
                // region counters
                SessionCounters counters = session.counters();
                long lost = counters.audioRefused() + counters.audioDroppedBeforeReady() + counters.audioUnsent();
                long tokens = counters.inputTokens() + counters.outputTokens();
                // endregion
                assertThat(lost).isZero();
                assertThat(tokens).isZero();
                assertThat(session.state()).isEqualTo(SessionState.READY);
            }
        }
    }

    @Test
    void mayNotReconnectAtAll() {
        try (RehearsalServer server = RehearsalServer.start(
                Script.named("greeting").greeting("നമസ്കാരം").build())) {
            // region never
            VoiceAgent agent = VoiceAgent.builder()
                    .provider(server.provider())
                    .reconnect(ReconnectPolicy.never()) // a lost connection ends the session
                    .build();
            // endregion
            VoiceSession session = agent.connect();
            server.awaitConnection(0).close(1013, "busy");
            assertThat(session.awaitClosed(Duration.ofSeconds(10))).isTrue();
            assertThat(session.counters().reconnects()).isZero();
        }
    }
}
