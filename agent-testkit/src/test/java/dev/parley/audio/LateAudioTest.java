package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.Interruption;
import dev.parley.core.VoiceAgent;
import dev.parley.testkit.Fault;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalDialect;
import dev.parley.testkit.Script;
import dev.parley.testkit.Speech;
import dev.parley.testkit.Turn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that sends one more piece of a reply after it was cut: nobody hears it. */
class LateAudioTest {
    private static final PcmFormat FORMAT = SteppedCall.FORMAT;
    private static final int FADE_SAMPLES = 120;
    private static final Recording REPLY = Samples.constant(9_000, 4_000);
    private static final Recording NEXT = Samples.constant(3_000, 300);

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(RehearsalDialect.class)
    void whatStillComesOfAReplyThatWasInterruptedIsNotPlayed(RehearsalDialect dialect) {
        Recording line = Recording.tone(Duration.ofMillis(400));
        Recording voice = line.then(Recording.silence(Duration.ofMillis(1_500))).then(line);
        Script script = Script.named("late")
                .turn(Turn.hear("tell me")
                        .says(Speech.of("a long story")
                                .soundingAs(REPLY)
                                .with(Fault.LATE_AUDIO)
                                .expectInterruption()))
                .turn(Turn.hear("enough").says(Speech.of("fine").soundingAs(NEXT)))
                .build();
        try (SteppedCall call = new SteppedCall(
                dialect,
                script,
                voice,
                FORMAT,
                BargeIn.serverDriven(),
                folder.resolve("call.wav"),
                VoiceAgent.builder())) {
            call.until(Duration.ofSeconds(4));

            call.server.assertPassed();
            assertThat(call.interruptions).hasSize(1);
            Interruption told = call.interruptions.get(0);
            assertThat(call.session.counters().lateAudioDropped()).isPositive();
            Playback playback = call.session.part(Playback.class);
            assertThat(playback.heard()).isEqualTo(told.heard().plus(NEXT.length()));
            short[] heard = Samples.of(call.sink.heard());
            int cut = (int) FORMAT.samples(told.heard().plusNanos(50));
            assertThat(heard).hasSize(cut + FADE_SAMPLES + NEXT.samples().length);
            assertThat(Arrays.copyOf(heard, cut)).containsOnly(9_000);
            assertThat(Arrays.copyOfRange(heard, cut + FADE_SAMPLES, heard.length))
                    .containsOnly(3_000);
        }
    }
}
