package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.SessionConfig;
import dev.parley.core.event.SessionSettings;
import dev.parley.core.event.ToolDefinition;
import dev.parley.core.provider.OpenAi;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tools that are laid over a session as JSON, and tools that are not. What was laid over it once used to cover all
 * later tools, on the connection that followed: the model had none, and nobody was told.
 */
@Timeout(30)
class ToolsInExtraTest {
    private static final ToolDefinition BOOK = new ToolDefinition("book", "", "{}");
    private static final ToolDefinition MOVE = new ToolDefinition("move", "", "{}");
    private static final String REFUSAL =
            "the settings' extra has \"tools\", which would take the place of %s: the model could"
                    + " call none of them. Leave \"tools\" out of the extra, or the tools out of the agent";

    private final ProviderDouble provider = new ProviderDouble();
    private final Recorded recorded = new Recorded();

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void anAgentsToolsAreNotCoveredInSilence() {
        recorded.tools = List.of(BOOK, MOVE);
        VoiceAgent agent = agent().settings(extra("{\"tools\":[]}")).build();
        assertThatThrownBy(agent::connect)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(REFUSAL.formatted("book, move"));
    }

    @Test
    void neitherAreThoseOfAChange() {
        try (VoiceSession session = agent().build().connect()) {
            assertThatThrownBy(() -> session.send(change(List.of(MOVE), extra("{\"tools\":[]}"))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(REFUSAL.formatted("move"));
        }
    }

    @Test
    void theLaterToolsCountOnTheNextConnectionToo() {
        recorded.tools = List.of(BOOK);
        try (VoiceSession session = agent().build().connect()) {
            assertThat(provider.nextJson().at("/session/tools/0/name").asText()).isEqualTo("book");
            session.send(change(List.of(), extra("{\"tools\":[],\"truncation\":\"disabled\"}")));
            assertThat(provider.nextJson().at("/session/tools")).isEmpty();
            lose();
            JsonNode without = provider.nextJson();
            assertThat(without.at("/session/tools").isArray()).isTrue();
            assertThat(without.at("/session/tools")).isEmpty();

            session.send(change(List.of(MOVE), extra("{\"tracing\":\"auto\"}")));
            assertThat(provider.nextJson().at("/session/tools/0/name").asText()).isEqualTo("move");
            lose();
            JsonNode with = provider.nextJson();
            assertThat(with.at("/session/tools")).hasSize(1);
            assertThat(with.at("/session/tools/0/name").asText()).isEqualTo("move");
            assertThat(with.at("/session/truncation").asText()).isEqualTo("disabled");
            assertThat(with.at("/session/tracing").asText()).isEqualTo("auto");
        }
    }

    private void lose() {
        provider.socket().close(1011, null);
        provider.expectAnother();
    }

    private VoiceAgent.Builder agent() {
        return VoiceAgent.builder()
                .provider(OpenAi.realtime("gpt-realtime", "sk-test")
                        .endpoint(provider.provider().endpoint()))
                .with(recorded)
                .reconnect(ReconnectPolicy.exponential().delays(Duration.ZERO, Duration.ZERO));
    }

    private static SessionSettings extra(String json) {
        return SessionSettings.builder().extra(json).build();
    }

    private static ClientEvent change(List<ToolDefinition> tools, SessionSettings settings) {
        return new ClientEvent.SessionUpdate(new SessionConfig(null, null, tools, settings));
    }
}
