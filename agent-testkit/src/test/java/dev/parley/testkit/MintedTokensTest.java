package dev.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.core.CredentialRejectedException;
import dev.parley.core.SessionException;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.SessionConfig;
import dev.parley.core.event.ToolDefinition;
import dev.parley.core.provider.ClientSecret;
import dev.parley.core.provider.ClientSecrets;
import dev.parley.core.provider.Credential;
import dev.parley.testkit.Violation.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Parley's own {@code ClientSecrets} against the tokens that the server mints. */
@Timeout(60)
class MintedTokensTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final SessionConfig OPEN = new SessionConfig(null, null, List.of());
    private static final Script SCRIPT = Script.named("one turn")
            .turn(Turn.hear("Is the doctor in?").says("She is."))
            .build();

    private final FakeClock clock = new FakeClock(NOW);

    private RehearsalServer.Builder server(RehearsalDialect dialect) {
        return RehearsalServer.builder().dialect(dialect).script(SCRIPT).clock(clock);
    }

    private static VoiceAgent agent(RehearsalServer server, Supplier<String> tokens) {
        return VoiceAgent.builder()
                .provider(server.provider().credential(Credential.bearer(tokens)))
                .instructions("Be kind.")
                .build();
    }

    @ParameterizedTest
    @EnumSource
    void aMintedTokenOpensSessionsUntilItExpiresAndTheKeyOpensNone(RehearsalDialect dialect) {
        try (RehearsalServer server = server(dialect).mintedTokensOnly().start()) {
            ClientSecret secret = ClientSecrets.of(server.provider()).mint(OPEN);
            agent(server, secret::value).connect().close();
            clock.advance(Duration.ofSeconds(59));
            agent(server, secret::value).connect().close();
            clock.advance(Duration.ofMinutes(10));

            assertThatThrownBy(() -> agent(server, secret::value).connect())
                    .isInstanceOf(CredentialRejectedException.class);
            assertThatThrownBy(() -> VoiceAgent.builder()
                            .provider(server.provider())
                            .build()
                            .connect())
                    .isInstanceOf(CredentialRejectedException.class);
            assertThat(server.connections()).hasSize(2);
            assertThat(server.minted()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"SWARAM, swaram_ek_rehearsal_1,", "OPENAI, ek_rehearsal_1, 2026-11-21T10:10:00Z"})
    void aTokenIsWrittenAsTheServiceWritesIt(RehearsalDialect dialect, String value, Instant expiresAt) {
        try (RehearsalServer server = server(dialect).start()) {
            ClientSecret secret = ClientSecrets.of(server.provider()).mint(OPEN);

            assertThat(secret.value()).isEqualTo(value);
            assertThat(secret.expiresAt().orElse(null)).isEqualTo(expiresAt);
        }
    }

    @Test
    void aLifetimeThatIsAskedForIsKept() {
        try (RehearsalServer server =
                server(RehearsalDialect.OPENAI).mintedTokensOnly().start()) {
            ClientSecret secret = ClientSecrets.of(server.provider())
                    .expiresAfter(Duration.ofSeconds(30))
                    .mint(OPEN);
            assertThat(secret.expiresAt()).contains(NOW.plusSeconds(30));
            clock.advance(Duration.ofSeconds(30));

            assertThatThrownBy(() -> agent(server, secret::value).connect())
                    .isInstanceOf(CredentialRejectedException.class);
            assertThatThrownBy(() -> ClientSecrets.of(server.provider())
                            .expiresAfter(Duration.ofHours(3))
                            .mint(OPEN))
                    .isExactlyInstanceOf(SessionException.class)
                    .hasMessage("OpenAI gave no token (HTTP 400, integer_above_max_value)."
                            + " Check the model and the locked session");
            assertThat(server.report().violations()).extracting(Violation::kind).containsExactly(Kind.EVENT_SHAPE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSupplierMintsATokenForEachConnection(RehearsalDialect dialect) {
        try (RehearsalServer server = server(dialect).mintedTokensOnly().start()) {
            VoiceAgent agent = agent(server, ClientSecrets.of(server.provider()).supplier(OPEN));
            agent.connect().close();
            clock.advance(Duration.ofMinutes(20));
            agent.connect().close();

            assertThat(server.minted()).isEqualTo(2);
            assertThat(server.refused()).isZero();
        }
    }

    @Test
    void swaramsHolderCannotChangeWhatIsLocked() {
        ToolDefinition tool = new ToolDefinition("book", "Books.", "{\"type\":\"object\",\"properties\":{}}");
        try (RehearsalServer server = server(RehearsalDialect.SWARAM).start()) {
            ClientSecret secret = ClientSecrets.of(server.provider())
                    .mint(new SessionConfig("You are Asha.", "mal-male", List.of(tool)));
            try (BareClient client = BareClient.connect(
                    server, "?model=mal-realtime-simple", Map.of("Authorization", "Bearer " + secret.value()))) {
                client.send(BareClient.CONFIGURE);

                assertThat(client.await("session.updated").path("session").toString())
                        .isEqualTo(
                                "{\"model\":\"mal-realtime-simple\",\"voice\":\"mal-male\",\"tool_choice\":\"auto\","
                                        + "\"instructions\":\"You are Asha.\",\"tools\":[{\"type\":\"function\",\"name\":\"book\","
                                        + "\"description\":\"Books.\",\"parameters\":{\"type\":\"object\",\"properties\":{}}}]}");
            }
        }
    }

    @Test
    void aTokenWithASessionIsItsConfiguration() {
        try (RehearsalServer server = server(RehearsalDialect.SWARAM)
                .speed(100)
                .clock(dev.parley.core.Clock.system())
                .start()) {
            ClientSecret secret =
                    ClientSecrets.of(server.provider()).mint(new SessionConfig("You are Asha.", null, List.of()));
            try (BareClient client =
                    BareClient.connect(server, "", Map.of("Authorization", "Bearer " + secret.value()))) {
                client.await("session.created");
                client.say();
                client.await("response.done");
            }
            server.assertPassed();
        }
    }

    @Test
    void openAisSessionBeginsWithWhatTheTokenHolds() {
        try (RehearsalServer server = server(RehearsalDialect.OPENAI).start()) {
            ClientSecret secret =
                    ClientSecrets.of(server.provider()).mint(new SessionConfig("You are Asha.", "cedar", List.of()));
            try (BareClient client = BareClient.connect(
                    server, "?model=gpt-realtime", Map.of("Authorization", "Bearer " + secret.value()))) {
                var session = client.await("session.created").path("session");

                assertThat(session.path("instructions").asText()).isEqualTo("You are Asha.");
                assertThat(session.at("/audio/output/voice").asText()).isEqualTo("cedar");
                assertThat(session.path("model").asText()).isEqualTo("gpt-realtime");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTokenMintsNoOther(RehearsalDialect dialect) {
        try (RehearsalServer server = server(dialect).start()) {
            ClientSecret secret = ClientSecrets.of(server.provider()).mint(OPEN);

            assertThatThrownBy(() -> ClientSecrets.of(server.provider().credential(Credential.bearer(secret.value())))
                            .mint(OPEN))
                    .isInstanceOf(CredentialRejectedException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheKeyMints(RehearsalDialect dialect) {
        try (RehearsalServer server = server(dialect).apiKey("right").start()) {
            ClientSecrets.of(server.provider()).mint(OPEN);

            assertThatThrownBy(() -> ClientSecrets.of(server.provider().credential(Credential.bearer("wrong")))
                            .mint(OPEN))
                    .isInstanceOf(CredentialRejectedException.class);
            assertThat(server.minted()).isEqualTo(1);
            assertThat(server.refused()).isEqualTo(1);
            // the key opens sessions as well, unless only tokens may
            try (VoiceSession session =
                    VoiceAgent.builder().provider(server.provider()).build().connect()) {
                assertThat(session.closeReason()).isNull();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SWARAM, mal-tiger, a request for a token: the session's voice must be mal-female or mal-male",
        "OPENAI, tiger, 'a request for a token: Invalid value for ''session.audio.output.voice''.'"
    })
    void aSessionThatCannotBeLockedGetsNoToken(RehearsalDialect dialect, String voice, String message) {
        try (RehearsalServer server = server(dialect).start()) {
            assertThatThrownBy(
                            () -> ClientSecrets.of(server.provider()).mint(new SessionConfig(null, voice, List.of())))
                    .isExactlyInstanceOf(SessionException.class);

            assertThat(server.report().violations()).singleElement().satisfies(violation -> {
                assertThat(violation.kind()).isEqualTo(Kind.SESSION_SHAPE);
                assertThat(violation.message()).startsWith(message);
            });
        }
    }
}
