package dev.parley.core;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.parley.core.event.SessionConfig;
import dev.parley.core.event.ToolDefinition;
import dev.parley.core.internal.HttpMint;
import dev.parley.core.provider.ClientSecret;
import dev.parley.core.provider.ClientSecrets;
import dev.parley.core.provider.Credential;
import dev.parley.core.provider.OpenAi;
import dev.parley.core.provider.Provider;
import dev.parley.core.provider.Swaram;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Minting short-lived tokens, against an HTTP server that answers in every way a provider's might. */
@Timeout(60)
class ClientSecretsTest {
    private static final String PATH = "/v1/realtime/client_secrets";
    private static final String KEY = "swaram_the_key";
    private static final SessionConfig NOTHING = new SessionConfig(null, null, List.of());

    private final WireMockServer server = new WireMockServer(options().dynamicPort());
    private final ManualClock clock = new ManualClock();

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private Provider provider() {
        return Swaram.simple(KEY).endpoint(URI.create("ws://localhost:" + server.port() + "/v1/realtime?x=y"));
    }

    private String url() {
        return "http://localhost:" + server.port() + PATH;
    }

    private void answer(ResponseDefinitionBuilder... answers) {
        String state = Scenario.STARTED;
        for (int i = 0; i < answers.length; i++) {
            String next = i == answers.length - 1 ? state : "after " + (i + 1);
            server.stubFor(post(PATH)
                    .inScenario("answers")
                    .whenScenarioStateIs(state)
                    .willReturn(answers[i])
                    .willSetStateTo(next));
            state = next;
        }
    }

    private ClientSecret mint() {
        return ClientSecrets.of(provider()).mint(NOTHING);
    }

    /** With pauses that go by the test's clock. */
    private CompletableFuture<ClientSecret> minting(Provider provider) {
        return CompletableFuture.supplyAsync(
                () -> new HttpMint(clock).mint(provider, NOTHING, null, new OkHttpClient()));
    }

    private void pauseOf(Duration span) {
        await().until(() -> clock.waiting() == 1);
        clock.advance(span.minusMillis(1));
        assertThat(clock.waiting()).isEqualTo(1);
        clock.advance(Duration.ofMillis(1));
    }

    private void assertAskedTimes(int count) {
        server.verify(count, postRequestedFor(urlEqualTo(PATH)));
    }

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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | {}                                        | CredentialRejectedException | swaram refused the key (HTTP 401). Check the key, and that it is for URL",
                "403 | no                                        | CredentialRejectedException | swaram refused the key (HTTP 403). Check the key, and that it is for URL",
                "402 |                                           | OutOfCreditsException       | swaram gives no token (HTTP 402): the account has no credits left. Add credits",
                "429 | {'error':{'code':'insufficient_quota'}}   | OutOfCreditsException       | swaram gives no token (HTTP 429): the account has no credits left. Add credits",
                "429 | {'error':{'code':'rate_limit_exceeded'}}  | ServerBusyException         | swaram is busy (HTTP 429). Try again in a while",
                "404 |                                           | SessionException            | swaram at URL gives no tokens (HTTP 404). Check the endpoint, and that the provider has client secrets",
                "400 | {'error':{'code':'invalid_value'}}        | SessionException            | swaram gave no token (HTTP 400, invalid_value). Check the model and the locked session",
                "422 | {'error':{'code':'with swaram_the_key'}}  | SessionException            | swaram gave no token (HTTP 422). Check the model and the locked session"
            })
    void aRefusalIsTypedByItsStatusAndNotTriedAgain(int status, String body, String type, String message) {
        answer(aResponse().withStatus(status).withBody(body == null ? "" : body.replace('\'', '"')));
        assertThatThrownBy(this::mint)
                .isInstanceOf(SessionException.class)
                .hasMessage(message.replace("URL", url()))
                .satisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo(type))
                .satisfies(e -> assertThat(((SessionException) e).code()).isEqualTo(status));
        assertAskedTimes(1);
    }

    @Test
    void aLimitIsObeyedWhileTheWaitIsShort() {
        answer(aResponse().withStatus(429).withHeader("Retry-After", "5"), okJson("{\"value\":\"ek_1\"}"));
        var minting = minting(provider());
        pauseOf(Duration.ofSeconds(5));
        assertThat(minting.join().value()).isEqualTo("ek_1");
        assertAskedTimes(2);
    }

    @Test
    void aLimitThatStaysIsGivenUpAfterThreeAttempts() {
        answer(aResponse().withStatus(429).withHeader("Retry-After", "1"));
        var minting = minting(provider());
        pauseOf(Duration.ofSeconds(1));
        pauseOf(Duration.ofSeconds(1));
        assertThatThrownBy(minting::join)
                .hasCauseExactlyInstanceOf(ServerBusyException.class)
                .hasMessageEndingWith("swaram is busy (HTTP 429). Try again in 1 s");
        assertAskedTimes(3);
    }

    @ParameterizedTest
    @CsvSource({"6, 6 s", "3600, 3600 s", "'Wed, 21 Oct 2026 07:28:00 GMT', a while"})
    void aLongWaitIsLeftToTheCaller(String retryAfter, String told) {
        answer(aResponse().withStatus(429).withHeader("Retry-After", retryAfter));
        assertThatThrownBy(this::mint)
                .isExactlyInstanceOf(ServerBusyException.class)
                .hasMessage("swaram is busy (HTTP 429). Try again in " + told);
        assertAskedTimes(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503})
    void aFaultOfTheServerGetsOneMoreChance(int status) {
        answer(aResponse().withStatus(status), okJson("{\"value\":\"ek_1\"}"));
        var minting = minting(provider());
        pauseOf(Duration.ofMillis(500));
        assertThat(minting.join().value()).isEqualTo("ek_1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "500 | SessionException    | swaram failed to give a token (HTTP 500). Try again in a while",
                "503 | ServerBusyException | swaram is busy (HTTP 503). Try again in a while"
            })
    void aFaultOfTheServerGetsNoThirdChance(int status, String type, String message) {
        answer(aResponse().withStatus(status));
        var minting = minting(provider());
        pauseOf(Duration.ofMillis(500));
        assertThatThrownBy(minting::join)
                .cause()
                .hasMessage(message)
                .satisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo(type));
        assertAskedTimes(2);
    }

    @Test
    void aSlowAnswerIsNotAskedForAgain() {
        answer(okJson("{\"value\":\"ek_1\"}").withFixedDelay(5_000));
        ClientSecrets impatient = ClientSecrets.of(provider())
                .httpClient(new OkHttpClient.Builder()
                        .callTimeout(Duration.ofMillis(300))
                        .build());
        assertThatThrownBy(() -> impatient.mint(NOTHING))
                .isExactlyInstanceOf(ConnectionLostException.class)
                .hasMessage("swaram at " + url() + " did not answer in 300 ms. Check the address, or try again");
        assertAskedTimes(1);
    }

    @Test
    void aConnectionThatBreaksAfterTheRequestIsNotTriedAgain() {
        answer(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
        assertThatThrownBy(this::mint)
                .isExactlyInstanceOf(ConnectionLostException.class)
                .hasMessage("no connection to swaram at " + url()
                        + ": Connection reset. Check the address and the network");
        assertAskedTimes(1);
    }

    @Test
    void aConnectionThatCannotBeMadeIsTriedThreeTimes() {
        var minting = minting(Swaram.simple(KEY).endpoint(URI.create("wss://localhost:1/v1/realtime/")));
        pauseOf(Duration.ofMillis(500));
        pauseOf(Duration.ofMillis(500));
        assertThatThrownBy(minting::join)
                .hasCauseExactlyInstanceOf(ConnectionLostException.class)
                .hasMessageContaining("no connection to swaram at https://localhost:1/v1/realtime/client_secrets: ")
                .hasMessageEndingWith(". Check the address and the network");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "{\"value\":\"ek_1\"", "[\"ek_1\"]", "\"ek_1\"", "{\"value\":\"ek", "{{"})
    void anAnswerThatIsNoJsonObjectSaysSo(String body) {
        answer(aResponse().withBody(body));
        assertThatThrownBy(this::mint)
                .isExactlyInstanceOf(SessionException.class)
                .hasMessage(
                        "swaram at " + url() + " answered HTTP 200 with something other than JSON. Check the address");
        assertAskedTimes(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"value\":\"\"}",
                "{\"value\":7}",
                "{\"value\":{\"value\":\"ek_1\"}}",
                "{\"value\":\"two words\"}",
                "{\"value\":\"ek_1\\r\\nX-Admin: yes\"}",
                "{\"client_secret\":{}}"
            })
    void anAnswerWithoutAUsableTokenSaysSo(String body) {
        answer(okJson(body));
        assertThatThrownBy(this::mint)
                .isExactlyInstanceOf(SessionException.class)
                .hasMessage(
                        "swaram at " + url() + " answered HTTP 200 without a token in \"value\". Check the address");
    }

    /** OkHttp takes the Authorization header off a redirect to another host, and no other. */
    @Test
    void theKeyFollowsNoRedirect() {
        server.stubFor(any(anyUrl()).willReturn(okJson("{\"value\":\"stolen\"}")));
        answer(aResponse().withStatus(307).withHeader("Location", "/elsewhere"));
        assertThatThrownBy(() -> ClientSecrets.of(provider().credential(Credential.header("api-key", KEY)))
                        .mint(NOTHING))
                .isExactlyInstanceOf(ConnectionLostException.class)
                .hasMessage(
                        "swaram at " + url() + " sent us elsewhere (HTTP 307). Redirects are not followed, since the"
                                + " key would go along: give the final address");
        server.verify(0, postRequestedFor(urlEqualTo("/elsewhere")));
        server.verify(postRequestedFor(urlEqualTo(PATH)).withHeader("api-key", equalTo(KEY)));
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
    void whoWaitsForATokenMayBeInterrupted() {
        answer(aResponse().withStatus(500));
        AtomicBoolean stillInterrupted = new AtomicBoolean();
        Thread[] minter = new Thread[1];
        var minting = CompletableFuture.supplyAsync(() -> {
            minter[0] = Thread.currentThread();
            try {
                return new HttpMint(clock).mint(provider(), NOTHING, null, new OkHttpClient());
            } finally {
                stillInterrupted.set(Thread.interrupted());
            }
        });
        await().until(() -> clock.waiting() == 1);
        minter[0].interrupt();
        assertThatThrownBy(minting::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(SessionException.class)
                .hasMessageContaining("the thread was interrupted while it waited for a token");
        assertThat(stillInterrupted).isTrue();
        assertThat(clock.waiting()).isZero();
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
