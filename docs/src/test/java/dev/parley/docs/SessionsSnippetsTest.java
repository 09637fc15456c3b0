package dev.parley.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.core.CloseReason;
import dev.parley.core.CredentialRejectedException;
import dev.parley.core.OutOfCreditsException;
import dev.parley.core.Problem;
import dev.parley.core.ServerBusyException;
import dev.parley.core.SessionException;
import dev.parley.core.SessionExtension;
import dev.parley.core.SessionHandle;
import dev.parley.core.SessionListener;
import dev.parley.core.SessionPart;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.SessionConfig;
import dev.parley.core.event.ToolDefinition;
import dev.parley.core.provider.ClientSecret;
import dev.parley.core.provider.ClientSecrets;
import dev.parley.core.provider.Credential;
import dev.parley.core.provider.Provider;
import dev.parley.core.provider.Swaram;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.Test;

class SessionsSnippetsTest {
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());

    @Test
    void connects() {
        try (RehearsalServer server = RehearsalServer.start(greeting())) {
            Provider provider = Swaram.simple("swaram_test").endpoint(server.url());
            var hangsUp = CompletableFuture.runAsync(() -> {
                server.awaitConnection(0).awaitFinished(Duration.ofSeconds(10));
                server.connection(0).close(1000, "goodbye");
            });
            // region connect
            VoiceAgent agent = VoiceAgent.builder()
                    .provider(provider) // Swaram.simple(System.getenv("SWARAM_API_KEY"))
                    .instructions("You are Asha, a clinic receptionist. Speak Malayalam.")
                    .voice("mal-female")
                    .listener(new SessionListener() {
                        @Override
                        public void onEvent(VoiceSession session, ServerEvent event) {
                            if (event instanceof ServerEvent.OutputTranscript text) {
                                log.add(text.delta());
                            }
                        }

                        @Override
                        public void onProblem(VoiceSession session, Problem problem) {
                            log.add(problem.kind() + ": " + problem.message());
                        }

                        @Override
                        public void onClosed(VoiceSession session, CloseReason reason) {
                            log.add(reason.message());
                        }
                    })
                    .build();

            try (VoiceSession session =
                    agent.session().conversationId("call-42").connect()) {
                session.requestResponse(); // the agent speaks first
                session.awaitClosed(Duration.ofMinutes(10));
            }
            // endregion
            await().until(() -> log.contains("swaram hung up"));
            assertThat(String.join("", log)).startsWith("നമസ്കാരം");
            assertThat(hangsUp).succeedsWithin(Duration.ofSeconds(10));
        }
    }

    @Test
    void carriesTheKey() {
        String key = "swaram_test";
        // region credentials
        Provider header = Swaram.simple(key); // Authorization: Bearer …
        Provider query = header.credential(Credential.query("api_key", key));
        Provider browserLike = header.credential(Credential.subprotocol(key));
        Provider fresh = header.credential(Credential.bearer(this::mintToken)); // asked at each connection
        // endregion
        assertThat(List.of(header, query, browserLike, fresh))
                .extracting(Provider::toString)
                .noneMatch(text -> text.contains(key));
    }

    @Test
    void mintsTokens() throws IOException {
        List<ToolDefinition> tools = List.of();
        try (MockWebServer server = new MockWebServer()) {
            server.enqueue(new MockResponse.Builder()
                    .body("{\"value\":\"swaram_ek_1\",\"expires_at\":1800000000}")
                    .build());
            server.start();
            Provider provider =
                    Swaram.simple("swaram_test").endpoint(URI.create("ws://localhost:" + server.getPort() + "/v1"));
            // region mint
            ClientSecrets secrets = ClientSecrets.of(provider); // Swaram.simple(System.getenv("SWARAM_API_KEY"))
            SessionConfig locked = new SessionConfig("You are Asha. Speak Malayalam.", "mal-female", tools);

            ClientSecret secret = secrets.mint(locked);
            String token = secret.value(); // for the browser
            Optional<Instant> expiresAt = secret.expiresAt(); // where the provider says
            // endregion
            assertThat(token).isEqualTo("swaram_ek_1");
            assertThat(expiresAt).contains(Instant.ofEpochSecond(1_800_000_000));
            // region mint-each
            Provider perConnection = provider.credential(Credential.bearer(secrets.supplier(locked)));
            // endregion
            assertThat(perConnection.toString()).doesNotContain("swaram_test");
        }
    }

    private String mintToken() {
        return "swaram_ek_test";
    }

    @Test
    void branchesOnTheReason() {
        VoiceAgent agent = VoiceAgent.builder()
                .provider(Swaram.simple("k").endpoint(URI.create("ws://localhost:1/")))
                .build();
        // region errors
        try (VoiceSession session = agent.connect()) {
            session.awaitClosed(Duration.ofMinutes(10));
            CloseReason reason = session.closeReason();
            if (reason != null && reason.error() != null) {
                throw reason.error(); // it ended after it was ready, and not by a hang-up
            }
        } catch (CredentialRejectedException e) {
            log.add("another key is needed: " + e.getMessage());
        } catch (OutOfCreditsException e) {
            log.add("top up: " + e.getMessage());
        } catch (ServerBusyException e) {
            log.add("try again later: " + e.getMessage());
        } catch (SessionException e) {
            log.add("no session: " + e.getMessage());
        }
        // endregion
        assertThat(log)
                .singleElement()
                .asString()
                .startsWith("no session: no connection to swaram at ws://localhost:1/");
    }

    // region extension
    /** Counts the caller's turns, in each session anew. */
    record TurnCounter() implements SessionExtension {
        @Override
        public Turns open(SessionHandle session) {
            return new Turns();
        }

        static final class Turns implements SessionPart {
            private final AtomicInteger turns = new AtomicInteger();

            @Override
            public void onServerEvent(ServerEvent event) {
                if (event instanceof ServerEvent.InputTranscript) {
                    turns.incrementAndGet();
                }
            }

            int count() {
                return turns.get();
            }
        }
    }
    // endregion

    @Test
    void opensOnePartASession() {
        try (RehearsalServer server = RehearsalServer.start(greeting())) {
            VoiceAgent agent = VoiceAgent.builder()
                    .provider(Swaram.simple("swaram_test").endpoint(server.url()))
                    .with(new TurnCounter())
                    .build();
            try (VoiceSession session = agent.connect()) {
                assertThat(session.part(TurnCounter.Turns.class).count()).isZero();
            }
        }
    }

    private static Script greeting() {
        return Script.named("greeting").greeting("നമസ്കാരം").build();
    }
}
