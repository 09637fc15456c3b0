package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.SessionConfig;
import dev.parley.core.event.SessionSettings;
import dev.parley.core.event.TurnDetection;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Turn detection that is laid over a session as JSON. The server went by it and the session did not: with turns that the
 * application ends, no reply was ever asked for.
 */
@Timeout(30)
class TurnsInExtraTest extends SessionStage {
    private static final String REFUSAL =
            "the settings' extra has \"turn_detection\", of which the session would not know who ends turns, replies and"
                    + " interrupts. Say that with turnDetection(…) or manualTurns(); what only this server has may stand in"
                    + " the extra beside turnDetection(…), as an object without \"create_response\" and"
                    + " \"interrupt_response\"";
    private static final String OF_ITS_OWN =
            "{\"audio\":{\"input\":{\"turn_detection\":{\"type\":\"x_vad\",\"fillers\":[\"um\"]}}}}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"audio\":{\"input\":{\"turn_detection\":null}}}",
                "{\"audio\":{\"input\":{\"turn_detection\":{\"create_response\":false}}}}",
                "{\"audio\":{\"input\":{\"turn_detection\":{\"interrupt_response\":false}}}}",
                "{\"turn_detection\":null}",
                "{\"turn_detection\":{\"type\":\"x\"},\"audio\":{\"input\":{\"turn_detection\":null}}}"
            })
    void anExtraThatSaysWhoEndsTurnsIsRefused(String json) {
        VoiceAgent.Builder agent = agent().provider(openAi());
        SessionSettings alone = SessionSettings.builder().extra(json).build();
        assertThatThrownBy(() -> agent.settings(alone).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(REFUSAL);
        SessionSettings beside = SessionSettings.builder()
                .turnDetection(TurnDetection.serverVad())
                .extra(json)
                .build();
        assertThatThrownBy(() -> agent.settings(beside).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(REFUSAL);
    }

    /** The session believed that the application ends turns, and the server was told nothing of it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"audio\":null} | audio",
                "{\"audio\":{\"input\":null}} | audio.input",
                "{\"audio\":{\"input\":\"x\"}} | audio.input",
                "{\"audio\":{\"input\":{},\"output\":[]}} | audio.output"
            })
    void soIsWhatTakesItAwayWithAllThatStandsAroundIt(String json, String path) {
        VoiceAgent.Builder agent = agent().provider(openAi());
        SessionSettings settings =
                SessionSettings.builder().manualTurns().extra(json).build();
        assertThatThrownBy(() -> agent.settings(settings).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the settings' extra has \"" + path
                        + "\", and not as an object: it would take the place of all that"
                        + " the session says there. Give an object with what only this server has, or leave it out");
    }

    @Test
    void soIsOneBesideTurnsThatTheApplicationEnds() {
        VoiceAgent.Builder agent = agent().provider(openAi());
        SessionSettings settings =
                SessionSettings.builder().manualTurns().extra(OF_ITS_OWN).build();
        assertThatThrownBy(() -> agent.settings(settings).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(REFUSAL);
    }

    @Test
    void soIsTheOneOfAChange() {
        try (VoiceSession session = agent().provider(openAi()).build().connect()) {
            SessionSettings settings =
                    SessionSettings.builder().extra(OF_ITS_OWN).build();
            assertThatThrownBy(() -> session.send(change(settings)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(REFUSAL);
        }
    }

    @Test
    void whatOnlyOneServerHasIsLaidOverTheTurnDetectionUntilAChangeSaysAnother() {
        SessionSettings settings = SessionSettings.builder()
                .turnDetection(TurnDetection.serverVad().createsResponse(false))
                .extra(OF_ITS_OWN)
                .build();
        ReconnectPolicy atOnce = ReconnectPolicy.exponential().delays(Duration.ZERO, Duration.ZERO);
        try (VoiceSession session = agent().provider(openAi())
                .settings(settings)
                .reconnect(atOnce)
                .build()
                .connect()) {
            assertThat(turnDetection())
                    .isEqualTo("{\"type\":\"x_vad\",\"create_response\":false,\"fillers\":[\"um\"]}");
            session.send(change(SessionSettings.builder()
                    .turnDetection(TurnDetection.semanticVad())
                    .build()));
            assertThat(turnDetection()).isEqualTo("{\"type\":\"semantic_vad\"}");
            provider.socket().close(1011, null);
            assertThat(turnDetection()).isEqualTo("{\"type\":\"semantic_vad\"}");
        }
    }

    private String turnDetection() {
        return provider.nextJson().at("/session/audio/input/turn_detection").toString();
    }

    private static ClientEvent change(SessionSettings settings) {
        return new ClientEvent.SessionUpdate(new SessionConfig(null, null, List.of(), settings));
    }
}
