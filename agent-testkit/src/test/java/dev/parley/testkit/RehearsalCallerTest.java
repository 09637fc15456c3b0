package dev.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.audio.AudioLink;
import dev.parley.audio.transcript.Transcript;
import dev.parley.audio.transcript.TranscriptMemory;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kit's caller, at an agent with an audio link. In real time, so the lines are short. */
@Timeout(60)
class RehearsalCallerTest {
    private static final Recording SHORT = Recording.tone(Duration.ofMillis(400));
    private static final Recording LONG = Recording.tone(Duration.ofSeconds(20));

    private static Speech brief(String text) {
        return Speech.of(text).soundingAs(SHORT);
    }

    @ParameterizedTest
    @EnumSource
    void theCallerWaitsForTheEndOfAReplyAndCutsInWhereTheScriptSays(RehearsalDialect dialect) {
        Script script = Script.named("a call")
                .greeting(brief("Welcome."))
                .turn(Turn.hear("What do you offer?")
                        .spokenAs(SHORT)
                        .says(Speech.of("Let me begin.").soundingAs(LONG).expectInterruption()))
                .turn(Turn.hear("Never mind.").spokenAs(SHORT).says(brief("As you wish.")))
                .turn(Turn.hear("Thanks.").spokenAs(SHORT).says(brief("You are welcome.")))
                .build();
        try (RehearsalServer server =
                RehearsalServer.builder().dialect(dialect).script(script).start()) {
            RehearsalCaller caller = server.caller();
            VoiceAgent agent = VoiceAgent.builder()
                    .provider(server.provider())
                    .with(TranscriptMemory.inMemory())
                    .build();
            try (VoiceSession session = agent.session()
                    .with(AudioLink.between(caller.voice(), caller.ear()))
                    .connect()) {
                session.requestResponse();
                server.awaitConnection(0).awaitFinished(Duration.ofSeconds(30));
                await().until(() -> caller.heard().length().compareTo(Duration.ofMillis(1_500)) >= 0 && caller.quiet());

                // three whole replies, and of the long one what came before the caller was heard to cut in
                assertThat(caller.heard().length()).isBetween(Duration.ofMillis(1_500), Duration.ofMillis(3_200));
                assertThat(session.part(Transcript.class).turns())
                        .extracting(turn -> turn.interrupted())
                        .containsExactly(false, false, true, false, false, false, false);
            }
            server.assertPassed();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theCallerGoesOnWhereTheScriptDoesWhenASessionIsConnectedAnew(RehearsalDialect dialect) {
        Script script = Script.named("a lost call")
                .turn(Turn.hear("Hello?")
                        .spokenAs(SHORT)
                        .says(brief("Hello."))
                        .pauses(Duration.ofMillis(800)) // it is heard first
                        .then(HangUp.dropped()))
                .turn(Turn.hear("Are you there?").spokenAs(SHORT).says(brief("I am.")))
                .build();
        try (RehearsalServer server =
                RehearsalServer.builder().dialect(dialect).script(script).start()) {
            RehearsalCaller caller = server.caller();
            try (VoiceSession session = VoiceAgent.builder()
                    .provider(server.provider())
                    .build()
                    .session()
                    .with(AudioLink.between(caller.voice(), caller.ear()))
                    .connect()) {
                server.awaitConnection(1).awaitFinished(Duration.ofSeconds(30));
                assertThat(session.counters().reconnects()).isEqualTo(1);
            }
            server.assertPassed();
        }
    }

    /** The caller waits to be greeted, and nothing said why the call never began. */
    @ParameterizedTest
    @EnumSource
    void aGreetingThatNobodyAskedForIsNamedByWhoeverWaits(RehearsalDialect dialect) {
        Script script = Script.named("not greeted")
                .greeting(brief("Welcome."))
                .turn(Turn.hear("Hello?").spokenAs(SHORT).says(brief("Hello.")))
                .build();
        String open =
                "mismatch: the script has a greeting, and nobody asked for it with response.create\n1 turn was not reached";
        try (RehearsalServer server =
                RehearsalServer.builder().dialect(dialect).script(script).start()) {
            RehearsalCaller caller = server.caller();
            try (VoiceSession session = VoiceAgent.builder()
                    .provider(server.provider())
                    .build()
                    .session()
                    .with(AudioLink.between(caller.voice(), caller.ear()))
                    .connect()) {
                assertThat(session.counters().reconnects()).isZero();
                assertThatThrownBy(() -> server.awaitConnection(0).awaitFinished(Duration.ofMillis(100)))
                        .isInstanceOf(AssertionError.class)
                        .hasMessage("the script was not played to its end within PT0.1S:\n" + open);
                assertThatThrownBy(server::assertPassed)
                        .isInstanceOf(AssertionError.class)
                        .hasMessage("the rehearsal did not pass:\n" + open);
            }
        }
    }

    @Test
    void whatNobodyAnsweredIsSaidAgainOnTheNextConnection() {
        Script script = Script.named("a lost question")
                .turn(Turn.hear("Hello?")
                        .spokenAs(SHORT)
                        .pauses(Duration.ofSeconds(2))
                        .says(brief("Hello.")))
                .build();
        try (RehearsalServer server = RehearsalServer.start(script)) {
            RehearsalCaller caller = server.caller();
            try (VoiceSession session = VoiceAgent.builder()
                    .provider(server.provider())
                    .build()
                    .session()
                    .with(AudioLink.between(caller.voice(), caller.ear()))
                    .connect()) {
                RehearsalConnection first = server.connection(0);
                await().until(() -> first.report().turnsLeft() == 0);
                first.abort();
                server.awaitConnection(1).awaitFinished(Duration.ofSeconds(30));
                assertThat(session.counters().reconnects()).isEqualTo(1);
            }
        }
    }
}
