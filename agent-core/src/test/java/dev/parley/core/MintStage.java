package dev.parley.core;

import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.parley.core.event.SessionConfig;
import dev.parley.core.internal.HttpMint;
import dev.parley.core.provider.ClientSecret;
import dev.parley.core.provider.ClientSecrets;
import dev.parley.core.provider.Provider;
import dev.parley.core.provider.Swaram;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An HTTP server that answers as a test says, and a provider whose tokens it mints. */
class MintStage {
    static final String PATH = "/v1/realtime/client_secrets";
    static final String KEY = "swaram_the_key";
    static final SessionConfig NOTHING = new SessionConfig(null, null, List.of());

    final WireMockServer server = new WireMockServer(options().dynamicPort());
    final ManualClock clock = new ManualClock();

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    Provider provider() {
        return Swaram.simple(KEY).endpoint(URI.create("ws://localhost:" + server.port() + "/v1/realtime?x=y"));
    }

    String url() {
        return "http://localhost:" + server.port() + PATH;
    }

    void answer(ResponseDefinitionBuilder... answers) {
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

    ClientSecret mint() {
        return ClientSecrets.of(provider()).mint(NOTHING);
    }

    /** With pauses that go by the test's clock. */
    CompletableFuture<ClientSecret> minting(Provider provider) {
        return CompletableFuture.supplyAsync(
                () -> new HttpMint(clock).mint(provider, NOTHING, null, new OkHttpClient()));
    }

    void pauseOf(Duration span) {
        await().until(() -> clock.waiting() == 1);
        clock.advance(span.minusMillis(1));
        assertThat(clock.waiting()).isEqualTo(1);
        clock.advance(Duration.ofMillis(1));
    }

    void assertAskedTimes(int count) {
        server.verify(count, postRequestedFor(urlEqualTo(PATH)));
    }
}
