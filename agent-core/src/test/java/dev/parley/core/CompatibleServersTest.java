package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.SessionConfig;
import dev.parley.core.event.ToolDefinition;
import dev.parley.core.provider.AzureOpenAi;
import dev.parley.core.provider.Credential;
import dev.parley.core.provider.Dialect;
import dev.parley.core.provider.OpenAiCompatible;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers of OpenAI's family that are reached, or behave, in ways of their own. */
@Timeout(60)
class CompatibleServersTest extends SessionStage {
    @Test
    void azureIsReachedAtItsOwnAddressWithItsOwnHeader() {
        URI resource =
                URI.create("ws://localhost:" + provider.provider().endpoint().getPort());
        VoiceAgent agent = VoiceAgent.builder()
                .provider(AzureOpenAi.deployment(resource, "my-voice", "azure-key"))
                .build();
        try (VoiceSession session = agent.connect()) {
            var handshake = provider.handshakes.get(0);
            assertThat(handshake.getTarget()).isEqualTo("/openai/v1/realtime?model=my-voice");
            assertThat(handshake.getHeaders().get("api-key")).isEqualTo("azure-key");
            assertThat(handshake.getHeaders().get("Authorization")).isNull();
            assertThat(handshake.getHeaders().get("OpenAI-Beta")).isNull();
            assertThat(provider.nextJson().at("/session/type").asText()).isEqualTo("realtime");
            assertThat(session.state()).isEqualTo(SessionState.READY);
        }
    }

    @Test
    void aServerThatCannotCancelIsNotAskedToAndItsReplyIsNotHeardOut() {
        Dialect stubborn = OpenAiCompatible.beta("mine")
                .cancels(false)
                .cancelsWhenCallerSpeaks(false)
                .truncates(false)
                .build();
        VoiceAgent agent = agent().provider(
                        OpenAiCompatible.at(provider.provider().endpoint(), stubborn, Credential.none()))
                .build();
        try (VoiceSession session = agent.connect()) {
            provider.next();
            provider.send("{'type':'response.created','response':{'id':'r1'}}");
            provider.sendAudio("r1", "i1", 4_800);
            await().until(() -> recorded.part.contains("OutputAudio"));
            session.interrupt();
            await().until(() -> recorded.told.stream().anyMatch(line -> line.startsWith("interrupted")));
            provider.sendAudio("r1", "i1", 4_800);
            await().until(() -> session.counters().lateAudioDropped() == 4_800);
            assertThatThrownBy(() -> session.send(new ClientEvent.CancelResponse(null)))
                    .isInstanceOf(UnsupportedByProviderException.class)
                    .hasMessage("mine has no response.cancel: call interrupt(), which silences the reply all the same");
            assertThat(provider.unread()).isZero();
            assertThat(recorded.problems).isEmpty();
        }
    }

    @Test
    void aCompatibleServerIsSpokenToByItsOwnFacts() {
        Dialect flat = OpenAiCompatible.beta("mine")
                .truncates(false)
                .takesText(false)
                .completesItems(false)
                .locksConfiguration(true)
                .build();
        recorded.tools = List.of(new ToolDefinition("book", "", "{}"));
        VoiceAgent agent = VoiceAgent.builder()
                .provider(OpenAiCompatible.at(provider.provider().endpoint(), flat, Credential.none())
                        .model("my-model"))
                .voice("alloy")
                .with(recorded)
                .build();
        try (VoiceSession session = agent.connect()) {
            assertThat(provider.handshakes.get(0).getTarget()).isEqualTo("/v1/realtime?model=my-model");
            assertThat(provider.handshakes.get(0).getHeaders().get("OpenAI-Beta"))
                    .isEqualTo("realtime=v1");
            assertThat(provider.nextJson().at("/session/voice").asText()).isEqualTo("alloy");
            assertThatThrownBy(() -> session.sendText("hello"))
                    .isInstanceOf(UnsupportedByProviderException.class)
                    .hasMessage("mine takes no text from the user: send the caller's voice with appendAudio");
            assertThatThrownBy(() -> session.send(
                            new ClientEvent.SessionUpdate(new SessionConfig("Be brief.", null, List.of()))))
                    .isInstanceOf(UnsupportedByProviderException.class)
                    .hasMessage("mine fixes the configuration once the session is ready: set it on the agent");
            provider.send(
                    "{'type':'response.created','response':{'id':'r1'}}",
                    "{'type':'response.audio.delta','response_id':'r1','item_id':'i1','delta':'" + "A".repeat(4_000)
                            + "'}",
                    "{'type':'response.function_call_arguments.done','response_id':'r1','call_id':'c1','name':'book',"
                            + "'arguments':'{}'}");
            await().until(() -> recorded.requests.size() == 1);
            session.interrupt();
            assertThat(provider.nextJson().at("/type").asText()).isEqualTo("response.cancel");
            recorded.answer("c1", "{}");
            assertThat(provider.nextJson().at("/item/type").asText()).isEqualTo("function_call_output");
        }
    }
}
