package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.parley.core.provider.Credential;
import dev.parley.core.provider.Swaram;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import mockwebserver3.MockResponse;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How sessions end, and how connecting fails. */
@Timeout(60)
class SessionEndTest extends SessionStage {
    @ParameterizedTest
    @CsvSource({
        "4001, dev.parley.core.CredentialRejectedException, 'swaram closed the session (4001): the key or token is wrong,"
                + " missing or expired. Use another one'",
        "4003, dev.parley.core.OutOfCreditsException, 'swaram closed the session (4003): the account has no credits left."
                + " Add credits'",
        "4008, dev.parley.core.TooManySessionsException, 'swaram closed the session (4008): the plan allows no more"
                + " sessions at once. End one, or change the plan'",
        "1013, dev.parley.core.ServerBusyException, 'swaram closed the session (1013): the server is busy. Try again in a"
                + " while'",
        "4999, dev.parley.core.SessionException, 'swaram closed the session with code 4999 after the error server_error'",
    })
    void aCloseCodeHasItsOwnException(int code, Class<? extends SessionException> type, String message) {
        VoiceSession session =
                agent().reconnect(ReconnectPolicy.never()).build().connect();
        provider.send("{'type':'error','error':{'type':'server_error','code':'server_error','message':'m'}}");
        provider.socket().close(code, null);
        assertThat(session.awaitClosed(Duration.ofSeconds(5))).isTrue();
        CloseReason reason = session.closeReason();
        assertThat(reason).isNotNull();
        assertThat(reason.kind()).isEqualTo(CloseReason.Kind.FAILED);
        assertThat(reason.error()).isExactlyInstanceOf(type).hasMessage(message);
        assertThat(recorded.told).endsWith("closed FAILED " + code);
        assertThat(recorded.part).endsWith("closed " + code);
    }

    @Test
    void aNormalCloseByTheProviderIsNoError() {
        VoiceSession session = provider.agent().listener(recorded).build().connect();
        provider.socket().close(1000, null);
        assertThat(session.awaitClosed(Duration.ofSeconds(5))).isTrue();
        assertThat(session.closeReason())
                .isEqualTo(new CloseReason(CloseReason.Kind.CLOSED_BY_PROVIDER, 1000, "swaram hung up", null));
    }

    @Test
    void aConnectionThatBreaksSaysSo() {
        VoiceSession session = provider.agent()
                .listener(recorded)
                .reconnect(ReconnectPolicy.never())
                .build()
                .connect();
        provider.breakOff();
        assertThat(session.awaitClosed(Duration.ofSeconds(5))).isTrue();
        CloseReason reason = session.closeReason();
        assertThat(reason).isNotNull();
        assertThat(reason.error()).isInstanceOf(ConnectionLostException.class);
        assertThat(reason.code()).isEqualTo(1006);
    }

    @Test
    void aRefusedKeyFailsTheConnectAndTellsNoListener() {
        provider.confirmsConfiguration = false;
        var connecting = CompletableFuture.supplyAsync(() -> catchThrowableOfType(
                CredentialRejectedException.class, () -> agent().build().connect()));
        provider.next();
        provider.send("{'type':'error','error':{'code':'invalid_api_key','message':'m'}}");
        provider.socket().close(4001, null);
        assertThat(connecting.join().code()).isEqualTo(4001);
        assertThat(recorded.told).noneMatch(line -> line.startsWith("closed"));
        assertThat(recorded.part).endsWith("closed 4001");
    }

    @ParameterizedTest
    @CsvSource({
        "401, dev.parley.core.CredentialRejectedException, swaram refused the key (HTTP 401)",
        "403, dev.parley.core.CredentialRejectedException, swaram refused the key (HTTP 403)",
        "429, dev.parley.core.ServerBusyException, swaram is busy (HTTP 429)",
        "503, dev.parley.core.ServerBusyException, swaram is busy (HTTP 503)",
        "400, dev.parley.core.ConnectionLostException, 400 instead of opening a WebSocket. Check the address and the model",
        "500, dev.parley.core.ConnectionLostException, 500 instead of opening a WebSocket",
        "200, dev.parley.core.ConnectionLostException, 200 instead of opening a WebSocket",
    })
    void aRefusedHandshakeIsTypedByItsStatus(int status, Class<? extends SessionException> type, String message) {
        provider.refusal.set(new MockResponse.Builder().code(status).build());
        VoiceAgent agent = provider.agent().reconnect(ReconnectPolicy.never()).build();
        assertThatThrownBy(agent::connect)
                .isExactlyInstanceOf(type)
                .hasMessageContaining(message)
                .extracting(e -> ((SessionException) e).code())
                .isEqualTo(status);
    }

    @Test
    void nobodyListensThere() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        VoiceAgent agent = VoiceAgent.builder()
                .provider(Swaram.simple("secret-key").endpoint(URI.create("ws://localhost:" + port + "/x?y=z")))
                .build();
        assertThatThrownBy(agent::connect)
                .isInstanceOf(ConnectionLostException.class)
                .hasMessageStartingWith("no connection to swaram at ws://localhost:" + port + "/x: ")
                .hasMessageEndingWith("Check the address and the network");
    }

    @Test
    void aProviderThatNeverConfirmsIsGivenUpAfterTwentySeconds() {
        provider.confirmsConfiguration = false;
        ManualClock clock = new ManualClock();
        var connecting =
                provider.agent().clock(clock).build().session().connectAsync().toCompletableFuture();
        provider.next();
        clock.advance(Duration.ofSeconds(20));
        assertThatThrownBy(connecting::join)
                .hasCauseInstanceOf(ConnectionLostException.class)
                .hasMessageContaining("did not become ready in 20 s");
    }

    @Test
    void aRefusedConfigurationIsGivenUpSooner() {
        provider.confirmsConfiguration = false;
        ManualClock clock = new ManualClock();
        var connecting = provider.agent()
                .listener(recorded)
                .clock(clock)
                .build()
                .session()
                .connectAsync()
                .toCompletableFuture();
        provider.next();
        provider.send("{'type':'error','error':{'code':'bad_tools','message':'m'}}");
        await().until(() -> !recorded.problems.isEmpty());
        clock.advance(Duration.ofSeconds(2));
        URI endpoint = provider.provider().endpoint();
        assertThatThrownBy(connecting::join)
                .hasRootCauseExactlyInstanceOf(SessionException.class)
                .hasRootCauseMessage("swaram at " + endpoint
                        + " refused the configuration with the error bad_tools. Check the agent's voice, tools and settings,"
                        + " and that this server speaks the dialect of swaram: a flat session.update, with voice and tools"
                        + " beside the instructions");
    }

    @Test
    void anExtensionMayRefuseTheSession() {
        VoiceAgent agent = provider.agent()
                .with(recorded)
                .with(handle -> {
                    throw new IllegalStateException("no disk");
                })
                .build();
        assertThatThrownBy(agent::connect)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no disk");
        await().until(() -> recorded.part.contains("closed 0"));
    }

    @Test
    void anExtensionThatOpensNothingIsNamed() {
        SessionExtension nothing = handle -> null;
        VoiceAgent agent = provider.agent().with(recorded).with(nothing).build();
        assertThatThrownBy(agent::connect)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "the extension " + nothing.getClass().getName() + " opened no part: its open(…) returned null."
                                + " Return a SessionPart, or new SessionPart() {} if it has nothing to do");
        await().until(() -> recorded.part.contains("closed 0"));
    }

    @Test
    void theKeyIsNowhereToBeSeen() {
        var secret = Swaram.simple("swaram_secret").credential(Credential.query("api_key", "swaram_secret"));
        assertThat(secret.toString()).doesNotContain("secret");
        assertThatThrownBy(() -> VoiceAgent.builder()
                        .provider(secret.endpoint(URI.create("ws://localhost:1/x?api_key=swaram_secret")))
                        .build()
                        .connect())
                .satisfies(e -> {
                    for (Throwable t = e; t != null; t = t.getCause()) {
                        assertThat(String.valueOf(t)).doesNotContain("secret");
                    }
                });
    }

    @Test
    void keysTravelUnencryptedOnlyToThisMachine() {
        assertThatThrownBy(() -> Swaram.simple("k").endpoint(URI.create("ws://example.com/v1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ws:// to example.com would send the key and the call unencrypted: use wss://, or"
                        + " allowInsecure() first");
        assertThat(Swaram.simple("k").allowInsecure().endpoint(URI.create("ws://example.com/v1")))
                .isNotNull();
        assertThatThrownBy(() -> Swaram.simple("k").endpoint(URI.create("http://example.com/v1")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Swaram.simple(" "))
                .hasMessage(
                        "the API key is empty: pass the provider's key; if it comes from an environment variable, set that");
        assertThatThrownBy(() -> Swaram.simple("key\n")).hasMessageContaining("number 4: pass the key alone");
    }

    /** It takes the WebSocket and then says nothing more, not even a pong. */
    @Test
    void aHalfDeadProviderIsNoticedByPings() throws Exception {
        OkHttpClient pinging =
                new OkHttpClient.Builder().pingInterval(Duration.ofMillis(100)).build();
        try (ServerSocket server = new ServerSocket(0)) {
            VoiceAgent agent = VoiceAgent.builder()
                    .provider(Swaram.simple("k").endpoint(URI.create("ws://localhost:" + server.getLocalPort())))
                    .httpClient(pinging)
                    .build();
            var connecting = agent.session().connectAsync().toCompletableFuture();
            try (Socket peer = server.accept()) {
                upgrade(peer);
                assertThatThrownBy(connecting::join)
                        .hasCauseInstanceOf(ConnectionLostException.class)
                        .hasMessageContaining("pong");
            }
        }
    }

    private static void upgrade(Socket peer) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(peer.getInputStream(), StandardCharsets.US_ASCII));
        String key = "";
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            if (line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:")) {
                key = line.substring(line.indexOf(':') + 1).trim();
            }
        }
        // RFC 6455, section 4.2.2: the accept value is the key and a fixed GUID, hashed.
        byte[] hash = MessageDigest.getInstance("SHA-1")
                .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
        String answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(hash) + "\r\n\r\n";
        peer.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        peer.getOutputStream().flush();
    }

    /** OkHttp takes the Authorization header off a redirect, and no other: an api-key would go to a stranger. */
    @Test
    void theKeyFollowsNoRedirect() {
        try (ProviderDouble stranger = new ProviderDouble()) {
            provider.refusal.set(new MockResponse.Builder()
                    .code(307)
                    .addHeader(
                            "Location",
                            "http://localhost:" + stranger.provider().endpoint().getPort() + "/")
                    .build());
            VoiceAgent agent = VoiceAgent.builder()
                    .provider(provider.provider().credential(Credential.header("api-key", "secret")))
                    .build();
            assertThatThrownBy(agent::connect)
                    .isInstanceOf(ConnectionLostException.class)
                    .hasMessageContaining("sent us elsewhere (HTTP 307)");
            assertThat(stranger.handshakes).isEmpty();
        }
    }

    @Test
    void errorsWithoutEndDoNotPutTheEndOff() {
        provider.confirmsConfiguration = false;
        ManualClock clock = new ManualClock();
        var connecting = provider.agent()
                .listener(recorded)
                .clock(clock)
                .build()
                .session()
                .connectAsync()
                .toCompletableFuture();
        provider.next();
        for (int second = 1; second <= 2; second++) {
            provider.send("{'type':'error','error':{'code':'x'}}");
            int told = second;
            await().until(() -> recorded.problems.size() == told);
            clock.advance(Duration.ofSeconds(1));
        }
        assertThatThrownBy(connecting::join).hasMessageContaining("refused the configuration with the error x.");
    }

    @Test
    void aHangUpWhileConfiguringStays() {
        provider.confirmsConfiguration = false;
        provider.answersClose = false;
        SessionListener hangsUp = new SessionListener() {
            @Override
            public void onState(VoiceSession session, SessionState state) {
                if (state == SessionState.CONFIGURING) {
                    session.close();
                    provider.send("{'type':'session.updated'}");
                }
            }
        };
        assertThatThrownBy(() -> provider.agent().listener(hangsUp).build().connect())
                .isInstanceOf(SessionException.class)
                .hasMessage("the session ended before it was ready: hung up");
    }

    @Test
    void aSupplierOfKeysThatFailsSaysSoAndBlocksNobody() {
        var failing = provider.provider().credential(Credential.bearer(() -> {
            throw new NoClassDefFoundError("x");
        }));
        assertThatThrownBy(() -> VoiceAgent.builder().provider(failing).build().connect())
                .isInstanceOf(SessionException.class)
                .hasMessage("there is no key to connect with: the credential's supplier failed with"
                        + " NoClassDefFoundError");
    }

    @Test
    void waitsForEver() {
        VoiceSession session = provider.agent().build().connect();
        var closing = CompletableFuture.runAsync(session::close);
        assertThat(session.awaitClosed(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
        closing.join();
    }
}
