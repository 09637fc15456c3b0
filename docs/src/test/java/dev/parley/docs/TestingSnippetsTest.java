package dev.parley.docs;

import static dev.parley.testkit.RehearsalAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.parley.audio.AudioLink;
import dev.parley.core.ConnectionLostException;
import dev.parley.core.OutOfCreditsException;
import dev.parley.core.ReconnectPolicy;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.SessionConfig;
import dev.parley.core.provider.ClientSecrets;
import dev.parley.core.provider.Credential;
import dev.parley.testkit.Call;
import dev.parley.testkit.Calls;
import dev.parley.testkit.FakeClock;
import dev.parley.testkit.Fault;
import dev.parley.testkit.FaultyLink;
import dev.parley.testkit.LinkFault;
import dev.parley.testkit.LinkFault.Direction;
import dev.parley.testkit.Recording;
import dev.parley.testkit.Refusal;
import dev.parley.testkit.RehearsalCaller;
import dev.parley.testkit.RehearsalConnection;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Speech;
import dev.parley.testkit.TranscriptTiming;
import dev.parley.testkit.Turn;
import dev.parley.testkit.Violation;
import dev.parley.tools.Toolbox;
import jakarta.validation.constraints.FutureOrPresent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TestingSnippetsTest {

    static class ClinicTools {
        @Tool("Free times of a doctor on a day")
        List<String> freeTimes(@P("the doctor") String doctor, @P("the day") @FutureOrPresent LocalDate day) {
            return List.of("10:30");
        }
    }

    private static Script oneQuestion() {
        return Script.named("one question")
                .turn(Turn.hear("Is Dr Nair in?").says("She is."))
                .build();
    }

    // region first
    @Test
    void tellsTheFreeTimesOfTomorrow() {
        Script script = Script.named("free times")
                .greeting("Welcome to the clinic.")
                .turn(Turn.hear("Was Dr Nair in yesterday?")
                        .calls(Call.to("freeTimes")
                                .with("doctor", "Nair")
                                .with("day", "${date:-1}")
                                .expectInvalid("day"))
                        .says("I can only look ahead."))
                .turn(Turn.hear("And tomorrow?")
                        .calls(Call.to("freeTimes")
                                .with("doctor", "Nair")
                                .with("day", "${date:+1}")
                                .expectOk())
                        .says("At half past ten."))
                .build();

        try (RehearsalServer server =
                RehearsalServer.builder().script(script).speed(100).start()) {
            VoiceAgent agent = VoiceAgent.builder()
                    .provider(server.provider())
                    .with(Toolbox.of(new ClinicTools()))
                    .build();
            try (VoiceSession session = agent.connect()) {
                RehearsalConnection connection = server.connection(0);
                connection.playCaller(session, Duration.ofSeconds(10));
                connection.awaitFinished(Duration.ofSeconds(10));
            }
            assertThat(server).passed();
        }
    }
    // endregion

    @Test
    void theKitsCallerTalksThroughAnAudioLink() {
        try (RehearsalServer server = RehearsalServer.start(oneQuestion())) {
            VoiceAgent agent = VoiceAgent.builder().provider(server.provider()).build();
            // region caller
            RehearsalCaller caller = server.caller();
            try (VoiceSession session = agent.session()
                    .with(AudioLink.between(caller.voice(), caller.ear()))
                    .connect()) {
                server.connection(0).awaitFinished(Duration.ofSeconds(30));
                await().until(caller::quiet); // the last words are heard
            }
            server.assertPassed();
            assertThat(caller.heard().length()).isGreaterThan(Duration.ofMillis(300));
            // endregion
        }
    }

    @Test
    void aTokenOpensASession() {
        // region tokens
        try (RehearsalServer server = RehearsalServer.builder()
                .script(oneQuestion())
                .mintedTokensOnly()
                .start()) {
            ClientSecrets secrets = ClientSecrets.of(server.provider()); // with the key, which stays with you
            SessionConfig locked = new SessionConfig("You are Asha.", "mal-female", List.of());
            VoiceAgent agent = VoiceAgent.builder()
                    .provider(server.provider().credential(Credential.bearer(secrets.supplier(locked))))
                    .build();
            try (VoiceSession session = agent.connect()) {
                server.connection(0).playCaller(session, Duration.ofSeconds(10));
            }
            server.assertPassed();
        }
        // endregion
    }

    @Test
    void aFileSaysTheSame(@TempDir Path folder) throws IOException {
        Matcher yaml = Pattern.compile("^```yaml\\R(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("testing.md")));
        assertThat(yaml.find()).isTrue();
        Path file = folder.resolve("free-times.yaml");
        Files.writeString(file, yaml.group(1));
        // region load
        Script script = Script.load(file);
        // endregion
        try (RehearsalServer server =
                RehearsalServer.builder().script(script).speed(100).start()) {
            VoiceAgent agent = VoiceAgent.builder()
                    .provider(server.provider())
                    .with(Toolbox.of(new ClinicTools()))
                    .build();
            try (VoiceSession session = agent.connect()) {
                server.connection(0).playCaller(session, Duration.ofSeconds(10));
                server.connection(0).awaitFinished(Duration.ofSeconds(10));
            }
            assertThat(server).passed();
        }
    }

    @Test
    void theCallerBreaksIn() {
        // region barge-in
        Script script = Script.named("a caller in a hurry")
                .turn(Turn.hear("What do you offer?")
                        .says(Speech.of("Let me begin at the beginning.")
                                .soundingAs(Recording.tone(Duration.ofMinutes(1)))
                                .expectInterruption()))
                .turn(Turn.hear("Never mind.").says("As you wish."))
                .build();
        // endregion
        try (RehearsalServer server = RehearsalServer.start(script);
                VoiceSession session =
                        VoiceAgent.builder().provider(server.provider()).build().connect()) {
            server.connection(0).playCaller(session, Duration.ofSeconds(10));
            server.connection(0).awaitFinished(Duration.ofSeconds(10));
            server.assertPassed();
        }
    }

    @Test
    void theServerMisbehaves() {
        // region faults
        Script script = Script.named("a bad day")
                .turn(Turn.hear("Is Dr Nair in tomorrow?")
                        .sends("{\"type\":\"weather.changed\"}")
                        .then(Calls.of(Call.to("freeTimes")
                                        .with("doctor", "Nair")
                                        .with("day", "${date:+1}")
                                        .expectOk())
                                .with(Fault.NAME_ELSEWHERE, Fault.REPEATED_CALLS))
                        .pauses(Duration.ofMillis(200))
                        .says(Speech.of("She is.").with(Fault.ODD_PIECES, Fault.LATE_AUDIO)))
                .turn(Turn.hear("Fine.")
                        .calls(Call.to("freeTimes").withRaw("{oops"))
                        .says("Pardon?"))
                .build();
        // endregion
        try (RehearsalServer server =
                RehearsalServer.builder().script(script).speed(100).start()) {
            VoiceAgent agent = VoiceAgent.builder()
                    .provider(server.provider())
                    .with(Toolbox.of(new ClinicTools()))
                    .build();
            try (VoiceSession session = agent.connect()) {
                server.connection(0).playCaller(session, Duration.ofSeconds(10));
                server.connection(0).awaitFinished(Duration.ofSeconds(10));
            }
            server.assertPassed();
        }
    }

    @Test
    void theServerTurnsClientsAway() {
        try (RehearsalServer server = RehearsalServer.start(oneQuestion())) {
            VoiceAgent agent = VoiceAgent.builder().provider(server.provider()).build();
            // region refusals
            server.refuseNext(Refusal.closeCode(4003), Refusal.httpStatus(503));

            assertThatThrownBy(agent::connect).isInstanceOf(OutOfCreditsException.class);
            // endregion
        }
    }

    @Test
    void theNetworkMisbehaves() {
        // region link
        try (RehearsalServer server = RehearsalServer.start(oneQuestion());
                FaultyLink link = FaultyLink.to(server.url())) {
            VoiceAgent agent = VoiceAgent.builder()
                    .reconnect(ReconnectPolicy.never())
                    .provider(server.provider().endpoint(link.endpoint()))
                    .build();
            link.apply(LinkFault.slow(50_000)); // bytes a second, on this connection and the next ones
            try (VoiceSession session = agent.connect()) {
                link.connection(0).apply(LinkFault.cutInFrame(Direction.TO_CLIENT));
                server.connection(0).sendRaw("{\"type\":\"response.created\"}"); // half of it arrives
                session.awaitClosed(Duration.ofSeconds(10));

                assertThat(session.closeReason().error()).isInstanceOf(ConnectionLostException.class);
            }
        }
        // endregion
    }

    @Test
    void aBreachOfTheProtocolIsFound() {
        try (RehearsalServer server = RehearsalServer.start(oneQuestion())) {
            VoiceAgent agent = VoiceAgent.builder().provider(server.provider()).build();
            // region violations
            try (VoiceSession session = agent.connect()) {
                session.send(new ClientEvent.ToolOutput("call_99", "{}"));
                server.connection(0).awaitReceived("conversation.item.create", Duration.ofSeconds(10));
            }

            assertThat(server).violated(Violation.Kind.UNKNOWN_CALL_ID).hasTurnsLeft(1);
            // endregion
        }
    }

    @Test
    void typedInOpenAisDialect() {
        // region openai
        Script script = Script.named("typed and spoken")
                .greeting("Welcome to the clinic.")
                .turn(Turn.hear("Is Dr Nair in?").says("She is."))
                .turn(Turn.hear("Book me at ten.")
                        .transcribed(TranscriptTiming.AFTER_REPLY)
                        .says("It is booked."))
                .build();

        try (RehearsalServer server =
                RehearsalServer.openAi().script(script).speed(100).start()) {
            VoiceAgent agent = VoiceAgent.builder().provider(server.provider()).build();
            try (VoiceSession session = agent.connect()) {
                RehearsalConnection connection = server.connection(0);
                session.requestResponse();
                connection.awaitCallersTurn(0, Duration.ofSeconds(10));
                session.sendText("Is Dr Nair in?"); // the words that the script hears
                connection.awaitCallersTurn(1, Duration.ofSeconds(10));
                Recording line = Recording.tone(Duration.ofSeconds(1));
                session.appendAudio(
                        line.then(Recording.silence(Duration.ofSeconds(1))).pcm16());
                connection.awaitFinished(Duration.ofSeconds(10));
            }
            assertThat(server).passed();
        }
        // endregion
    }

    @Test
    void timeStandsStill() {
        // region clock
        FakeClock clock = new FakeClock(Instant.parse("2026-11-21T04:30:00Z"));
        try (RehearsalServer server = RehearsalServer.builder()
                .script(oneQuestion())
                .clock(clock)
                .zone(ZoneId.of("Asia/Kolkata"))
                .start()) {
            try (VoiceSession session =
                    VoiceAgent.builder().provider(server.provider()).build().connect()) {
                Recording line = Recording.tone(Duration.ofSeconds(1));
                session.appendAudio(
                        line.then(Recording.silence(Duration.ofSeconds(1))).pcm16());
                await().until(() -> clock.pendingTimers() == 1); // the reply has begun, and time stands still
                clock.advance(Duration.ofSeconds(1)); // now all of it is due
                server.connection(0).awaitFinished(Duration.ofSeconds(10));
            }
        }
        // endregion
    }
}
