package dev.parley.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.core.UnsupportedByProviderException;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import dev.parley.core.event.SessionConfig;
import dev.parley.core.event.SessionSettings;
import dev.parley.core.event.Transcription;
import dev.parley.core.event.TurnDetection;
import dev.parley.core.provider.AzureOpenAi;
import dev.parley.core.provider.ClientSecret;
import dev.parley.core.provider.ClientSecrets;
import dev.parley.core.provider.Credential;
import dev.parley.core.provider.Dialect;
import dev.parley.core.provider.OpenAi;
import dev.parley.core.provider.OpenAiCompatible;
import dev.parley.core.provider.Provider;
import dev.parley.core.provider.Swaram;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Turn;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.Test;

class ProvidersSnippetsTest {
    @Test
    void buildsEachProvider() {
        String key = "a-key";
        // region providers
        Provider simple = Swaram.simple(key);
        Provider premium = Swaram.premium("the-model-that-swaram-told-you", key);
        Provider openAi = OpenAi.realtime("gpt-realtime", key);
        Provider azure =
                AzureOpenAi.deployment(URI.create("https://my-resource.openai.azure.com"), "my-deployment", key);
        // endregion
        assertThat(List.of(simple, premium, openAi, azure))
                .extracting(provider -> provider.endpoint().toString())
                .containsExactly(
                        "wss://api.swaram.live/v1/realtime",
                        "wss://api.swaram.live/v1/realtime",
                        "wss://api.openai.com/v1/realtime",
                        "wss://my-resource.openai.azure.com/openai/v1/realtime");
        // region refine
        Provider refined = openAi.model("gpt-realtime-mini") // another model
                .endpoint(URI.create("wss://proxy.example.com/v1/realtime")) // another address
                .credential(Credential.bearer(this::mintToken)); // a fresh token at each connection
        // endregion
        assertThat(refined.model()).isEqualTo("gpt-realtime-mini");
    }

    private String mintToken() {
        return "ek_test";
    }

    @Test
    void describesACompatibleServer() {
        // region compatible
        Dialect speaches = OpenAiCompatible.beta("speaches") // a flat session and the older names
                .cancels(false) // it knows no response.cancel
                .truncates(false)
                .longestSession(Duration.ofMinutes(30))
                .build();
        Provider provider = OpenAiCompatible.at(
                        URI.create("ws://localhost:8000/v1/realtime"), speaches, Credential.none())
                .model("my-model");
        // endregion
        assertThat(provider.name()).isEqualTo("speaches");
        assertThat(provider.dialect().sessionShape()).isEqualTo(Dialect.SessionShape.FLAT);
        assertThat(provider.dialect().truncates()).isFalse();
    }

    @Test
    void holdsATextTurnWithSettings() {
        Script script = Script.named("text")
                .turn(Turn.hear("Is Dr Nair in?").says("She is in from ten."))
                .build();
        try (RehearsalServer server =
                RehearsalServer.openAi().script(script).speed(1_000).start()) {
            Provider provider = server.provider();
            // region settings
            SessionSettings settings = SessionSettings.builder()
                    .transcription(Transcription.by("gpt-4o-transcribe").in("ml"))
                    .turnDetection(TurnDetection.serverVad().silence(Duration.ofMillis(700)))
                    .maxOutputTokens(500)
                    .noNoiseReduction() // null on the wire: turned off. What is not named is left to the server
                    .extra("{\"truncation\":\"auto\"}") // what only one server has, laid over the rest
                    .build();
            VoiceAgent agent = VoiceAgent.builder()
                    .provider(provider)
                    .instructions("You are a clinic receptionist.")
                    .settings(settings)
                    .build();
            // endregion
            try (VoiceSession session = agent.connect()) {
                // region change
                SessionSettings patient = SessionSettings.builder()
                        .turnDetection(TurnDetection.serverVad().silence(Duration.ofSeconds(1)))
                        .build();
                session.send(new ClientEvent.SessionUpdate(
                        new SessionConfig(null, null, List.of(), patient))); // null and empty: as it was
                // endregion
                // region text
                session.sendText("Is Dr Nair in?"); // and asks for the reply
                // endregion
                server.awaitConnection(0).awaitFinished(Duration.ofSeconds(10));
            }
            assertThat(server.connection(0).received())
                    .filteredOn(message -> message.contains("\"session.update\""))
                    .last()
                    .asString()
                    .contains("\"silence_duration_ms\":1000")
                    .doesNotContain("instructions", "voice", "tools");
            server.assertPassed();
        }
    }

    @Test
    void refusesWhatAProviderDoesNotHave() {
        try (RehearsalServer server = RehearsalServer.start(
                Script.named("greeting").greeting("നമസ്കാരം").build())) {
            try (VoiceSession session =
                    VoiceAgent.builder().provider(server.provider()).build().connect()) {
                assertThatThrownBy(() -> session.requestResponse(summary()))
                        .isInstanceOf(UnsupportedByProviderException.class)
                        .hasMessage("swaram takes no options for a reply: ask for one with requestResponse()");
            }
        }
    }

    private static ResponseOptions summary() {
        // region options
        ResponseOptions summary = ResponseOptions.builder()
                .outOfBand() // beside the conversation, which never knows of it
                .textOnly()
                .instructions("Sum up the call in one sentence.")
                .metadata("purpose", "summary") // repeated in the reply's events
                .build();
        // endregion
        return summary;
    }

    @Test
    void mintsATokenWithALifetime() throws IOException, InterruptedException {
        try (MockWebServer server = new MockWebServer()) {
            server.enqueue(new MockResponse.Builder()
                    .body("{\"value\":\"ek_1\",\"expires_at\":1800000000}")
                    .build());
            server.start();
            Provider provider = OpenAi.realtime("gpt-realtime", "sk-test")
                    .endpoint(URI.create("ws://localhost:" + server.getPort() + "/v1/realtime"));
            SessionConfig locked = new SessionConfig("You are Asha.", "marin", List.of());
            // region lifetime
            ClientSecret secret = ClientSecrets.of(provider)
                    .expiresAfter(Duration.ofMinutes(2)) // OpenAI's family; swaram alone decides
                    .mint(locked);
            // endregion
            assertThat(secret.value()).isEqualTo("ek_1");
            assertThat(server.takeRequest().getBody().utf8())
                    .startsWith("{\"expires_after\":{\"anchor\":\"created_at\",\"seconds\":120},");
        }
    }
}
