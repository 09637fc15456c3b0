package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ToolDefinition;
import dev.parley.core.provider.Credential;
import dev.parley.core.provider.Swaram;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import mockwebserver3.MockResponse;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session over a real loopback WebSocket: how it is configured and reached. */
@Timeout(60)
class SessionTest extends SessionStage {
    @Test
    void configuresFirstAndIsReadyOnceTheProviderConfirms() {
        recorded.tools = List.of(new ToolDefinition("look_up", "Looks up.", "{\"type\":\"object\",\"properties\":{}}"));
        try (VoiceSession session =
                agent().instructions("Be \"kind\".").voice("mal-female").build().connect()) {
            assertThat(session.state()).isEqualTo(SessionState.READY);
            assertThat(provider.nextJson()).isEqualTo(ProviderDouble.json("""
                            {"type":"session.update","session":{"instructions":"Be \\"kind\\".","voice":"mal-female",
                            "tools":[{"type":"function","name":"look_up","description":"Looks up.",
                            "parameters":{"type":"object","properties":{}}}],"tool_choice":"auto"}}"""));
        }
        assertThat(recorded.part)
                .containsSubsequence(
                        "state CONNECTING",
                        "state CONFIGURING",
                        "> SessionUpdate",
                        "state READY",
                        "SessionUpdated",
                        "state CLOSED",
                        "closed 1000");
        assertThat(recorded.told).endsWith("closed CLOSED_BY_US 1000");
    }

    @Test
    void sendsNoToolChoiceWithoutTools() {
        try (VoiceSession session = provider.agent().build().connect()) {
            assertThat(provider.next()).isEqualTo("{\"type\":\"session.update\",\"session\":{}}");
        }
    }

    @Test
    void readsInstructionsForEachSessionAndAppendsAnEarlierConversation() {
        History earlier = () -> List.of(
                new History.Entry(History.Speaker.USER, "is the doctor in"),
                new History.Entry(History.Speaker.ASSISTANT, "yes"));
        VoiceAgent agent = provider.agent().instructions(() -> "Today.").build();
        try (VoiceSession session = agent.session().history(earlier).connect()) {
            assertThat(provider.nextJson().at("/session/instructions").asText())
                    .isEqualTo(
                            "Today.\n\nThis conversation goes on from an earlier one. What was said and done so far:\n"
                                    + "user: is the doctor in\nassistant: yes\n");
        }
    }

    @Test
    void theConfigurationGoesOutBeforeAnythingThatAnybodyAsks() {
        SessionExtension hasty = handle -> {
            handle.session().requestResponse();
            return new SessionPart() {};
        };
        try (VoiceSession session = provider.agent().with(hasty).build().connect()) {
            assertThat(provider.nextJson().at("/type").asText()).isEqualTo("session.update");
            assertThat(provider.nextJson().at("/type").asText()).isEqualTo("response.create");
        }
    }

    @Test
    void carriesTheKeyInTheWayThatIsAskedFor() throws Exception {
        var base = provider.provider();
        for (var credential : List.of(Credential.bearer("k1"), Credential.query("api_key", "k2"), Credential.none())) {
            try (VoiceSession session = VoiceAgent.builder()
                    .provider(base.credential(credential))
                    .build()
                    .connect()) {
                assertThat(session.state()).isEqualTo(SessionState.READY);
            }
        }
        assertThat(provider.handshakes.get(0).getHeaders().get("Authorization")).isEqualTo("Bearer k1");
        assertThat(provider.handshakes.get(0).getUrl().queryParameter("model")).isEqualTo("mal-realtime-simple");
        assertThat(provider.handshakes.get(1).getUrl().queryParameter("api_key"))
                .isEqualTo("k2");
        assertThat(provider.handshakes.get(1).getHeaders().get("Authorization")).isNull();
        assertThat(provider.handshakes.get(2).getHeaders().get("Authorization")).isNull();
    }

    @Test
    void carriesTheKeyAsASubprotocol() {
        VoiceAgent agent = VoiceAgent.builder()
                .provider(provider.provider().credential(Credential.subprotocol("k3")))
                .build();
        agent.session().connectAsync();
        await().until(() -> !provider.handshakes.isEmpty());
        assertThat(provider.handshakes.get(0).getHeaders().get("Sec-WebSocket-Protocol"))
                .isEqualTo("realtime, openai-insecure-api-key.k3");
    }

    /** The first is refused with 401, so that each asks its supplier a second time. */
    @Test
    void carriesATokenThatIsAskedAnewInTheWayThatIsAskedFor() throws Exception {
        var base = provider.provider();
        AtomicInteger asked = new AtomicInteger();
        Supplier<String> token = () -> {
            int number = asked.incrementAndGet();
            provider.refusal.set(
                    number % 2 == 1 ? new MockResponse.Builder().code(401).build() : null);
            return "t" + number;
        };
        for (var credential : List.of(
                Credential.header("x-key", token), Credential.query("api_key", token), Credential.subprotocol(token))) {
            try (VoiceSession session = VoiceAgent.builder()
                    .provider(base.credential(credential))
                    .build()
                    .connect()) {
                assertThat(session.state()).isEqualTo(SessionState.READY);
            }
        }
        assertThat(provider.handshakes.get(1).getHeaders().get("x-key")).isEqualTo("t2");
        assertThat(provider.handshakes.get(3).getUrl().queryParameter("api_key"))
                .isEqualTo("t4");
        assertThat(provider.handshakes.get(5).getHeaders().get("Sec-WebSocket-Protocol"))
                .isEqualTo("realtime, openai-insecure-api-key.t6");
        assertThat(Credential.query("api_key", token)).hasToString("QUERY api_key: ****");
    }

    @Test
    void refusesWhatTheProviderDoesNotHave() {
        try (VoiceSession session = agent().build().connect()) {
            assertThatThrownBy(() -> session.sendText("hello"))
                    .isInstanceOf(UnsupportedByProviderException.class)
                    .hasMessage("swaram takes no text from the user: send the caller's voice with appendAudio");
            assertThatThrownBy(() -> session.part(Runnable.class)).isInstanceOf(NoSuchElementException.class);
            assertThatThrownBy(() -> session.part(Notes.class))
                    .isInstanceOf(NoSuchElementException.class)
                    .hasMessage("Notes is an extension: ask for the type of the part that it opens, not for its"
                            + " own, as for Transcript and not for TranscriptMemory");
        }
        URI endpoint = provider.provider().endpoint();
        try (VoiceSession premium = VoiceAgent.builder()
                .provider(Swaram.premium("some-model", "key").endpoint(endpoint))
                .build()
                .connect()) {
            assertThatThrownBy(premium::requestResponse).isInstanceOf(UnsupportedByProviderException.class);
        }
    }

    /** A client of the user's own has the same limits, and more than one program shares it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theSixtyFifthSessionConnectsToo(boolean withOwnClient) {
        VoiceAgent.Builder builder = provider.agent();
        if (withOwnClient) {
            builder.httpClient(new OkHttpClient());
        }
        VoiceAgent agent = builder.build();
        List<VoiceSession> sessions = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            sessions.add(agent.connect());
        }
        assertThat(sessions.stream().map(VoiceSession::state).collect(Collectors.toSet()))
                .containsExactly(SessionState.READY);
        sessions.forEach(VoiceSession::close);
    }

    /** With Nagle's algorithm on, a response.create after a tool's output waits 44 ms for an acknowledgement on loopback. */
    @Test
    void socketsHaveNaglesAlgorithmOff() throws Exception {
        WrittenDownSockets sockets = new WrittenDownSockets();
        OkHttpClient client = new OkHttpClient.Builder().socketFactory(sockets).build();
        try (VoiceSession session = agent().httpClient(client).build().connect()) {
            assertThat(sockets.made).hasSize(1);
            assertThat(sockets.made.get(0).getTcpNoDelay()).isTrue();
        }
    }

    @Test
    void aQuietSessionOutlivesTheReadTimeoutOfTheHttpClient() {
        OkHttpClient impatient =
                new OkHttpClient.Builder().readTimeout(Duration.ofMillis(100)).build();
        try (VoiceSession session = agent().httpClient(impatient).build().connect()) {
            assertThat(session.awaitClosed(Duration.ofMillis(500))).isFalse();
            provider.send("{'type':'still.here'}");
            await().until(() -> session.counters().unrecognizedEvents() == 1);
        }
    }

    @Test
    void whatNoSocketTakesIsRefusedBeforeItEndsTheSession() {
        int most = 8 * 1024 * 1024;
        try (VoiceSession session = agent().instructions("x").build().connect()) {
            int besides = provider.next().length() - 1;
            assertThatThrownBy(
                            () -> agent().instructions("x".repeat(most)).build().connect())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the instructions and tools cannot be sent: as JSON, that is " + (most + besides)
                            + " bytes, and one message may have 8388608. Shorten the text");
            String begins = "{\"type\":\"";
            String longest = begins + "x".repeat(most - begins.length() - 2) + "\"}";
            assertThatThrownBy(() -> session.send(new ClientEvent.Raw(longest + " ")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "the message cannot be sent: as JSON, that is 8388609 bytes, and one message may have 8388608."
                                    + " Shorten the text");
            session.send(new ClientEvent.Raw(longest));
            assertThat(provider.next()).hasSize(most);
            assertThat(session.state()).isEqualTo(SessionState.READY);
        }
    }

    @Test
    void whatIsChainedToConnectAsyncMayBlock() throws Exception {
        VoiceSession session = agent().build()
                .session()
                .connectAsync()
                .thenApply(ready -> {
                    ready.send(new ClientEvent.Raw("{\"type\":\"marker\"}"));
                    provider.next();
                    assertThat(provider.next()).contains("marker");
                    return ready;
                })
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        session.close();
    }

    @Test
    void aSessionThatNobodyWaitsForAnyMoreEndsAndTellsNoListener() {
        provider.confirmsConfiguration = false;
        var connecting = agent().build().session().connectAsync().toCompletableFuture();
        provider.next();
        connecting.cancel(true);
        await().until(() -> recorded.part.contains("closed 1000"));
        assertThat(recorded.told).noneMatch(line -> line.startsWith("closed"));
    }

    @Test
    void aSessionWhoseCallerRanOutOfTimeEndsAndTellsNoListener() {
        provider.confirmsConfiguration = false;
        var connecting = agent().build().session().connectAsync().toCompletableFuture();
        provider.next();
        assertThatThrownBy(() -> connecting.orTimeout(1, TimeUnit.MILLISECONDS).join())
                .hasCauseInstanceOf(TimeoutException.class);
        await().until(() -> recorded.part.contains("closed 1000"));
        assertThat(recorded.told).noneMatch(line -> line.startsWith("closed"));
    }

    @Test
    void aSessionThatSomebodyElseAnsweredForInTheLastMomentEnds() {
        CompletableFuture<CompletableFuture<VoiceSession>> stage = new CompletableFuture<>();
        SessionExtension lastMoment = handle -> new SessionPart() {
            @Override
            public void onState(SessionState state) {
                if (state == SessionState.READY) {
                    stage.join().complete(null);
                }
            }
        };
        stage.complete(agent().build().session().with(lastMoment).connectAsync().toCompletableFuture());
        assertThat(stage.join().join()).isNull();
        await().until(() -> recorded.part.contains("closed 1000"));
    }

    @Test
    void anInterruptedConnectEndsItsSession() throws Exception {
        provider.confirmsConfiguration = false;
        VoiceAgent agent = agent().build();
        List<Throwable> thrown = new CopyOnWriteArrayList<>();
        Thread connecting = new Thread(() -> {
            try {
                agent.connect();
            } catch (SessionException e) {
                thrown.add(e);
            }
        });
        connecting.start();
        provider.next();
        connecting.interrupt();
        connecting.join(5_000);
        assertThat(thrown).singleElement().asString().contains("interrupted while the session was connecting");
        await().until(() -> recorded.part.contains("closed 1000"));
        assertThat(recorded.told).noneMatch(line -> line.startsWith("closed"));
    }

    @Test
    void aConversationHasAnIdOfItsOwn() {
        VoiceAgent agent = provider.agent().build();
        assertThatThrownBy(() -> agent.session().conversationId(" "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the conversation's id is empty: give one of your own, or leave it out for a random one");
    }

    private interface Notes extends SessionExtension {}
}
