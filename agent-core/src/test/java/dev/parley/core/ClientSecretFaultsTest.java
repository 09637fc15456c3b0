package dev.parley.core;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.http.Fault;
import dev.parley.core.internal.HttpMint;
import dev.parley.core.provider.ClientSecrets;
import dev.parley.core.provider.Credential;
import dev.parley.core.provider.Swaram;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that are refused, or do not come: what is tried again, and what is told. */
@Timeout(60)
class ClientSecretFaultsTest extends MintStage {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | {} | CredentialRejectedException | swaram refused the key (HTTP 401). Check the key, and that it is for URL",
                "403 | no | CredentialRejectedException | swaram refused the key (HTTP 403). Check the key, and that it is for URL",
                "402 | | OutOfCreditsException | swaram gives no token (HTTP 402): the account has no credits left. Add credits",
                "429 | {'error':{'code':'insufficient_quota'}} | OutOfCreditsException |"
                        + " swaram gives no token (HTTP 429): the account has no credits left. Add credits",
                "429 | {'error':{'code':'rate_limit_exceeded'}} | ServerBusyException | swaram is busy (HTTP 429). Try again in a while",
                "404 | | SessionException | swaram at URL gives no tokens (HTTP 404). Check the endpoint, and that the provider has client secrets",
                "400 | {'error':{'code':'invalid_value'}} | SessionException |"
                        + " swaram gave no token (HTTP 400, invalid_value). Check the model and the locked session",
                "422 | {'error':{'code':'with swaram_the_key'}} | SessionException |"
                        + " swaram gave no token (HTTP 422). Check the model and the locked session"
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
}
