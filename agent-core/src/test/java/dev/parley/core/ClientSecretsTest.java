package dev.parley.core;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.core.event.SessionConfig;
import dev.parley.core.event.ToolDefinition;
import dev.parley.core.provider.ClientSecret;
import dev.parley.core.provider.ClientSecrets;
import dev.parley.core.provider.Credential;
import dev.parley.core.provider.OpenAi;
import dev.parley.core.provider.Provider;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Minting short-lived tokens: what is asked for, and how the answer is read. */
@Timeout(60)
class ClientSecretsTest extends MintStage {
    @Test
    void asksAsSwaramDocumentsIt() {
        answer(okJson("{\"value\":\"swaram_ek_1\"}"));
        SessionConfig locked = new SessionConfig(
                "You are Asha.",
                "mal-female",
                List.of(new ToolDefinition("book", "Books.", "{\"type\":\"object\",\"properties\":{}}")));

        assertThat(ClientSecrets.of(provider()).mint(locked))
                .isEqualTo(new ClientSecret("swaram_ek_1", Optional.empty()));

        server.verify(
                1,
                postRequestedFor(urlEqualTo(PATH))
                        .withHeader("Authorization", equalTo("Bearer " + KEY))
                        .withHeader("Content-Type", equalTo("application/json"))
                        .withRequestBody(equalToJson("""
                                {"model": "mal-realtime-simple",
                                 "session": {
                                   "instructions": "You are Asha.",
                                   "voice": "mal-female",
                                   "tools": [{"type": "function", "name": "book", "description": "Books.",
                                              "parameters": {"type": "object", "properties": {}}}],
                                   "tool_choice": "auto"}}""")));
    }

    @Test
    void aLifetimeGoesBesideTheSessionWhereTheProviderTakesOne() {
        answer(okJson("{\"value\":\"ek_1\"}"));
        Provider openAi = OpenAi.realtime("gpt-realtime", "sk-test")
                .endpoint(URI.create("ws://localhost:" + server.port() + "/v1/realtime"));
        ClientSecrets.of(openAi).expiresAfter(Duration.ofMinutes(2)).mint(NOTHING);
        server.verify(postRequestedFor(urlEqualTo(PATH))
                .withRequestBody(equalToJson(
                        "{\"expires_after\":{\"anchor\":\"created_at\",\"seconds\":120},\"session\":{\"type\":"
                                + "\"realtime\",\"model\":\"gpt-realtime\",\"audio\":{\"input\":{\"format\":{\"type\":"
                                + "\"audio/pcm\",\"rate\":24000}},\"output\":{\"format\":{\"type\":\"audio/pcm\","
                                + "\"rate\":24000}}}}}")));
        ClientSecrets swaram = ClientSecrets.of(provider());
        assertThatThrownBy(() -> swaram.expiresAfter(Duration.ofMinutes(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("swaram alone decides how long its tokens live: leave expiresAfter out");
        assertThatThrownBy(() -> ClientSecrets.of(openAi).expiresAfter(Duration.ofMillis(999)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a token lives for whole seconds, at least one, not PT0.999S");
    }

    @Test
    void whatIsNotLockedIsNotSaid() {
        answer(okJson("{\"value\":\"swaram_ek_1\"}"));
        mint();
        server.verify(
                1,
                postRequestedFor(urlEqualTo(PATH))
                        .withRequestBody(equalToJson("{\"model\":\"mal-realtime-simple\",\"session\":{}}")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'value':'ek_1'}",
                "{'object':'x','session':{'value':'other','client_secret':{'value':'other'}},'value':'ek_1'}",
                "{'token':'ek_1'}",
                "{'client_secret':'ek_1'}",
                "{'client_secret':{'value':'ek_1'}}",
                "{'client_secret':{'value':'other'},'token':'another','value':'ek_1'}",
                "{'value':null,'token':['other'],'client_secret':'ek_1'}"
            })
    void theTokenMayStandWhereServersPutIt(String body) {
        answer(okJson(body.replace('\'', '"')));
        assertThat(mint().value()).isEqualTo("ek_1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'value':'ek_1','expires_at':1756310470}            | 2025-08-27T16:01:10Z",
                "{'client_secret':{'value':'ek_1','expires_at':60}}  | 1970-01-01T00:01:00Z",
                "{'value':'ek_1','expires_at':null}                  |",
                "{'value':'ek_1','expires_at':'soon'}                |",
                "{'value':'ek_1','expires_at':-1}                    |",
                "{'value':'ek_1','expires_at':9223372036854775807}   |",
                "{'value':'ek_1','expires_at':92233720368547758070}  |"
            })
    void itsExpiryIsToldWhereTheServerTellsIt(String body, Instant expiresAt) {
        answer(okJson(body.replace('\'', '"')));
        assertThat(mint().expiresAt()).isEqualTo(Optional.ofNullable(expiresAt));
    }

    @Test
    void neitherKeyNorTokenShows() {
        answer(aResponse()
                .withStatus(401)
                .withBody("{\"error\":{\"code\":\"" + KEY + "\",\"message\":\"" + KEY + "\"}}"));
        ClientSecrets secrets = ClientSecrets.of(provider());
        assertThat(secrets.toString()).doesNotContain(KEY);
        assertThatThrownBy(() -> secrets.mint(NOTHING)).satisfies(e -> {
            for (Throwable t = e; t != null; t = t.getCause()) {
                assertThat(String.valueOf(t)).doesNotContain(KEY);
            }
        });
        assertThat(new ClientSecret("ek_1", Optional.empty()))
                .hasToString("ClientSecret[value=****, expiresAt=unknown]");
        assertThat(new ClientSecret("ek_1", Optional.of(Instant.EPOCH)))
                .hasToString("ClientSecret[value=****, expiresAt=1970-01-01T00:00:00Z]");
    }

    @Test
    void aKeyThatIsNoHeaderCannotMint() {
        assertThatThrownBy(() -> ClientSecrets.of(provider().credential(Credential.query("api_key", KEY))))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("tokens are minted with the key in a header, not as QUERY: give the provider"
                        + " Credential.bearer(key)");
    }

    @Test
    void aServerWithoutKeysMintsToo() {
        answer(okJson("{\"value\":\"ek_1\"}"));
        assertThat(ClientSecrets.of(provider().credential(Credential.none()))
                        .mint(NOTHING)
                        .value())
                .isEqualTo("ek_1");
        server.verify(1, postRequestedFor(urlEqualTo(PATH)).withoutHeader("Authorization"));
    }

    @Test
    void eachConnectionMintsAnew() {
        answer(
                okJson("{\"value\":\"ek_1\"}"),
                okJson("{\"value\":\"ek_2\"}"),
                aResponse().withStatus(401));
        try (ProviderDouble realtime = new ProviderDouble()) {
            VoiceAgent agent = VoiceAgent.builder()
                    .provider(realtime.provider()
                            .credential(Credential.bearer(
                                    ClientSecrets.of(provider()).supplier(NOTHING))))
                    .build();
            agent.connect().close();
            agent.connect().close();
            assertThat(realtime.handshakes)
                    .extracting(request -> request.getHeaders().get("Authorization"))
                    .containsExactly("Bearer ek_1", "Bearer ek_2");

            assertThatThrownBy(agent::connect)
                    .isExactlyInstanceOf(CredentialRejectedException.class)
                    .hasMessage("swaram refused the key (HTTP 401). Check the key, and that it is for " + url());
            assertThat(realtime.handshakes).hasSize(2);
        }
    }
}
