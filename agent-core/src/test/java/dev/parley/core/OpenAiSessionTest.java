package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.core.event.SessionSettings;
import dev.parley.core.provider.OpenAi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a session does with a server that is asked to reply, and that can cut its items. */
@Timeout(60)
class OpenAiSessionTest {
    private final ProviderDouble provider = new ProviderDouble();
    private final Recorded recorded = new Recorded();

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void anItemThatTheServerCannotCutIsNoProblem() {
        VoiceAgent agent = VoiceAgent.builder()
                .provider(OpenAi.realtime("gpt-realtime", "sk-test")
                        .endpoint(provider.provider().endpoint()))
                .with(recorded)
                .listener(recorded)
                .build();
        try (VoiceSession session = agent.connect()) {
            provider.next();
            provider.send("{'type':'response.created','response':{'id':'r1'}}");
            provider.sendAudio("r1", "i1", 48_000);
            await().until(() -> recorded.part.contains("OutputAudio"));
            session.interrupt();
            assertThat(provider.nextJson().at("/type").asText()).isEqualTo("response.cancel");
            JsonNode truncate = provider.nextJson();
            assertThat(truncate.at("/type").asText()).isEqualTo("conversation.item.truncate");
            assertThat(truncate.at("/audio_end_ms").asInt()).isZero();
            provider.send("{'type':'error','error':{'type':'invalid_request_error','code':'invalid_value','message':"
                    + "'Audio content of 0ms is already shorter than 0ms','event_id':'"
                    + truncate.at("/event_id").asText() + "'}}");
            provider.send("{'type':'error','error':{'type':'invalid_request_error','code':'invalid_value'}}");
            await().until(() -> !recorded.problems.isEmpty());
            // The second, which answers nothing that is harmless, is the only one told.
            assertThat(recorded.problems).hasSize(1);
            assertThat(session.state()).isEqualTo(SessionState.READY);
        }
    }

    @Test
    void settingsThatCannotBeWrittenShowWhereTheyAreMade() {
        VoiceAgent.Builder agent =
                provider.agent().settings(SessionSettings.builder().extra("[1]").build());
        assertThatThrownBy(agent::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the settings' extra must be a JSON object, such as {\"truncation\":\"auto\"}");
    }
}
