package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.core.Interruption;
import dev.parley.core.UnsupportedByProviderException;
import dev.parley.core.VoiceAgent;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalDialect;
import dev.parley.testkit.Script;
import dev.parley.testkit.Speech;
import dev.parley.testkit.Turn;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A greeting of eight seconds, of which four are to be heard before the server's word interrupts it. */
class GreetingEndToEndTest {
    private static final Duration LEAST = Duration.ofSeconds(4);
    private static final Recording GREETING = Samples.constant(5_000, 8_000);
    private static final Recording ANSWER = Samples.constant(9_000, 4_000);
    private static final Recording NEXT = Samples.constant(3_000, 300);

    @TempDir
    Path folder;

    /** The server writes the greeting still when the words are over, and cannot reply to them yet. */
    @Test
    void aWordDuringTheGreetingIsAnsweredOnceAndAfterIt() {
        Script script = Script.named("a word")
                .greeting(Speech.of("welcome").soundingAs(GREETING))
                .turn(Turn.hear("yes").says(Speech.of("fine").soundingAs(NEXT)))
                .build();
        Recording voice = Recording.silence(Duration.ofMillis(200)).then(Recording.tone(Duration.ofMillis(400)));
        try (SteppedCall call = call(RehearsalDialect.OPENAI, script, voice)) {
            call.session.requestResponse();
            call.until(Duration.ofSeconds(12));

            call.server.assertPassed();
            assertThat(call.problems).isEmpty();
            assertThat(call.interruptions).isEmpty();
            assertThat(call.connection.received("session.update"))
                    .singleElement()
                    .asString()
                    .contains("\"turn_detection\":{\"type\":\"server_vad\",\"interrupt_response\":false}");
            assertThat(call.connection.received("response.cancel")).isEmpty();
            assertThat(Samples.of(call.sink.heard()))
                    .isEqualTo(GREETING.then(NEXT).samples());
        }
    }

    @Test
    void whoSpeaksOnIsGivenTheFloorWhenSoMuchWasHeardAndAtOnceFromThenOn() {
        Script script = Script.named("talking on")
                .greeting(Speech.of("welcome").soundingAs(GREETING))
                .turn(Turn.hear("but I")
                        .says(Speech.of("a long story").soundingAs(ANSWER).expectInterruption()))
                .turn(Turn.hear("enough").says(Speech.of("fine").soundingAs(NEXT)))
                .build();
        Recording voice = Recording.silence(Duration.ofSeconds(2)).then(Recording.tone(Duration.ofSeconds(3)));
        try (SteppedCall call = call(RehearsalDialect.OPENAI, script, voice)) {
            call.session.requestResponse();
            call.until(Duration.ofSeconds(7));
            Duration answer = call.repliesAt.get(1);
            call.says(Recording.tone(Duration.ofMillis(400)));
            call.until(call.now().plusSeconds(3));

            call.server.assertPassed();
            assertThat(call.problems).isEmpty();
            assertThat(call.interruptions).hasSize(2);
            Interruption first = call.interruptions.get(0);
            assertThat(first.heard()).isEqualTo(LEAST);
            Interruption second = call.interruptions.get(1);
            Duration told = call.speechStartedAt.get(1);
            assertThat(second.heard()).as("at the server's event").isEqualTo(told.minus(answer));
            assertThat(call.connection.received("response.cancel"))
                    .as("the greeting was done")
                    .hasSizeLessThanOrEqualTo(1);
            assertThat(call.connection.received("conversation.item.truncate"))
                    .hasSize(2)
                    .first()
                    .asString()
                    .contains("\"audio_end_ms\":4000");
            assertThat(call.session.part(Playback.class).heard())
                    .isEqualTo(LEAST.plus(second.heard()).plus(NEXT.length()));
        }
    }

    @Test
    void aServerThatCancelsByItselfRefusesTheCall() {
        Script script =
                Script.named("swaram").turn(Turn.hear("yes").says("fine")).build();
        assertThatThrownBy(() -> call(RehearsalDialect.SWARAM, script, NEXT))
                .isInstanceOf(UnsupportedByProviderException.class)
                .hasMessageStartingWith("this provider cancels a reply whenever it hears the caller");
    }

    private SteppedCall call(RehearsalDialect dialect, Script script, Recording voice) {
        return new SteppedCall(
                dialect,
                script,
                voice,
                SteppedCall.FORMAT,
                BargeIn.serverDriven().notBefore(LEAST),
                folder.resolve("call.wav"),
                VoiceAgent.builder());
    }
}
