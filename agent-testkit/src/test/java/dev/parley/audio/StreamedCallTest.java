package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.SessionState;
import dev.parley.core.VoiceAgent;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalDialect;
import dev.parley.testkit.Script;
import dev.parley.testkit.Speech;
import dev.parley.testkit.Turn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A call whose agent is heard through a stream of bytes. */
class StreamedCallTest {
    private static final PcmFormat FORMAT = SteppedCall.FORMAT;
    private static final int FADE_SAMPLES = 120;
    private static final Recording LINE = Recording.tone(Duration.ofMillis(400));
    /** The server hears a line's end in 500 ms of silence, and answers; the caller speaks again a second after that. */
    private static final Recording VOICE =
            LINE.then(Recording.silence(Duration.ofMillis(1_500))).then(LINE);

    private static final Recording REPLY = Samples.constant(9_000, 4_000);
    private static final Recording NEXT = Samples.constant(3_000, 300);

    @TempDir
    Path folder;

    @Test
    void whatTheStreamTookBeforeAnInterruptionIsWhatWasHeard() throws Exception {
        ByteArrayOutputStream taken = new ByteArrayOutputStream();
        Script script = Script.named("streamed")
                .turn(Turn.hear("tell me")
                        .says(Speech.of("a long story").soundingAs(REPLY).expectInterruption()))
                .turn(Turn.hear("enough").says(Speech.of("fine").soundingAs(NEXT)))
                .build();
        try (SteppedCall call = call(script, VOICE, taken)) {
            call.until(Duration.ofSeconds(4));
            Playback playback = call.session.part(Playback.class);
            assertFinished(call, playback);

            call.server.assertPassed();
            assertThat(call.problems).isEmpty();
            Duration heard = call.interruptions.get(0).heard();
            // the reply begins at 900 ms, and the server is sure of the caller at 1,940 ms
            assertThat(heard).isBetween(Duration.ofMillis(20), Duration.ofMillis(1_040));
            assertThat(playback.heard()).isEqualTo(heard.plus(NEXT.length()));
            short[] stream = Samples.of(taken.toByteArray());
            int cut = (int) FORMAT.samples(heard.plusNanos(50));
            assertThat(stream).hasSize(cut + FADE_SAMPLES + NEXT.samples().length);
            assertThat(Arrays.copyOf(stream, cut)).containsOnly(9_000);
            assertThat(stream[cut]).isLessThan((short) 9_000);
            assertThat(Arrays.copyOfRange(stream, cut + FADE_SAMPLES, stream.length))
                    .containsOnly(3_000);
        }
    }

    @Test
    void aStreamThatBreaksIsToldOnceAndTheAgentStillHears() throws Exception {
        OutputStream broken = new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] bytes, int from, int count) {
                throw new IllegalStateException("the far end hung up");
            }
        };
        assertToldOnce(broken, "its stream failed: the far end hung up");
    }

    @Test
    void aStreamThatBlocksIsToldOnceAndTheAgentStillHears() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        OutputStream blocked = new OutputStream() {
            @Override
            public void write(int oneByte) throws IOException {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    throw new InterruptedIOException();
                }
            }
        };
        assertToldOnce(blocked, "its stream has taken nothing for 2 s: whoever reads it must keep up with real time");
    }

    private void assertToldOnce(OutputStream stream, String why) throws Exception {
        Recording voice = LINE.then(Recording.silence(Duration.ofSeconds(4))).then(LINE);
        Script script = Script.named("unheard")
                .turn(Turn.hear("tell me").says(Speech.of("a story").soundingAs(NEXT)))
                .turn(Turn.hear("are you there").says(Speech.of("yes").soundingAs(NEXT)))
                .build();
        try (SteppedCall call = call(script, voice, stream)) {
            call.until(Duration.ofSeconds(6));
            assertThat(call.problems)
                    .extracting(problem -> problem.kind() + ": " + problem.message())
                    .containsExactly(
                            "AUDIO_DEVICE: the audio sink failed and the caller no longer hears the agent: " + why);
            assertThat(call.session.state()).isEqualTo(SessionState.READY);
            call.server.assertPassed();
            assertFinished(call, call.session.part(Playback.class));
            assertThat(call.problems).hasSize(1);
        }
    }

    private static void assertFinished(SteppedCall call, Playback playback) {
        call.session.close();
        assertThat(playback.finished().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(30));
    }

    private SteppedCall call(Script script, Recording voice, OutputStream stream) {
        return new SteppedCall(
                RehearsalDialect.SWARAM,
                script,
                voice,
                FORMAT,
                (memory, clock) -> AudioSink.of(FORMAT, stream, clock),
                BargeIn.serverDriven(),
                folder.resolve("call.wav"),
                VoiceAgent.builder());
    }
}
