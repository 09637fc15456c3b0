package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.audio.transcript.Transcript;
import dev.parley.audio.transcript.TranscriptMemory;
import dev.parley.audio.transcript.Turn;
import dev.parley.core.Interruption;
import dev.parley.core.VoiceAgent;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalDialect;
import dev.parley.testkit.Script;
import dev.parley.testkit.Speech;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A voice on a recording begins to speak at five instants of a reply of four seconds, by the policies as they are unless told
 * otherwise. All who know where the reply ended for the caller agree pairwise to a frame: the interruption, the transcript's
 * words, the recording of what was heard, and what the server is told. And it ended in time: at the server's event, or once a
 * detector was sure.
 */
class RecordedCallerTest {
    private static final PcmFormat FORMAT = SteppedCall.FORMAT;
    private static final long FRAME = SteppedCall.FRAME.toMillis();
    private static final int[] INSTANTS = {0, 220, 1_000, 2_540, 3_800};
    private static final int CONFIRM = 120;
    private static final int REPLY = 4_000;
    private static final int FADE_SAMPLES = 120;

    /** A word for each frame of the reply, so that text can be measured in time. */
    private static final String WORDS = IntStream.range(0, (int) (REPLY / FRAME))
            .mapToObj(i -> String.format("w%03d", i))
            .collect(Collectors.joining(" "));

    @TempDir
    Path folder;

    /**
     * A server that cancels by itself, as swaram does, interrupts at its event also where a detector listens: whoever comes
     * first.
     */
    @ParameterizedTest(name = "{0}, {1}, a sink at {2} Hz")
    @CsvSource({
        "SWARAM, serverDriven, 24000",
        "SWARAM, local, 24000",
        "OPENAI, serverDriven, 24000",
        "OPENAI, serverDriven, 8000",
        "OPENAI, local, 24000",
        "OPENAI, local, 8000",
    })
    void everybodyAgreesWhereTheReplyEndedAndItEndedInTime(RehearsalDialect dialect, String policy, int sinkRate)
            throws IOException {
        boolean local = policy.equals("local");
        BargeIn bargeIn = local ? BargeIn.local(EnergySpeechDetector.create()) : BargeIn.serverDriven();
        Path wav = folder.resolve("call.wav");
        Recording voice = voice();
        try (SteppedCall call = new SteppedCall(
                dialect,
                script(),
                Recording.silence(Duration.ofMillis(200)).then(voice),
                new PcmFormat(sinkRate),
                bargeIn,
                wav,
                VoiceAgent.builder().with(TranscriptMemory.inMemory()))) {
            for (int i = 0; i < INSTANTS.length; i++) {
                untilReply(call, i + 1);
                call.until(call.repliesAt.get(i).plusMillis(INSTANTS[i]));
                call.says(voice);
            }
            untilReply(call, INSTANTS.length + 1);
            Playback playback = call.session.part(Playback.class);
            List<Turn> turns = call.session.part(Transcript.class).turns();
            call.session.close();
            assertThat(playback.finished().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));

            assertThat(call.problems).isEmpty();
            assertThat(call.interruptions).hasSize(INSTANTS.length);
            short[] heard = Samples.of(WavFile.open(wav).sides()[1]);
            for (int i = 0; i < INSTANTS.length; i++) {
                Interruption told = call.interruptions.get(i);
                Duration begin = call.repliesAt.get(i);
                Map<String, Double> ends = new LinkedHashMap<>();
                ends.put("the interruption", millis(told.heard()));
                ends.put("what was played", millis(playback.heard(String.valueOf(told.itemId()))));
                ends.put("the transcript", words(turns.get(2 * i + 1)));
                ends.put("the recording", recorded(heard, begin));
                if (dialect == RehearsalDialect.OPENAI) {
                    ends.put("the server", truncated(call, i));
                }
                assertAgreement(i, ends);
                double after = millis(told.heard()) - INSTANTS[i];
                if (local && dialect == RehearsalDialect.OPENAI) {
                    assertThat(after)
                            .as("ms from the voice's first sample to silence, at %s ms", INSTANTS[i])
                            .isBetween(CONFIRM - 20.0, CONFIRM + 40.0);
                } else {
                    // the first line of the call interrupts nothing
                    Duration event = call.speechStartedAt.get(i + 1).minus(begin);
                    assertThat(Math.abs(millis(told.heard()) - millis(event)))
                            .as("ms from the server's event to silence, at %s ms", INSTANTS[i])
                            .isLessThan(1);
                    assertThat(after).isPositive();
                }
            }
        }
    }

    private static void untilReply(SteppedCall call, int count) {
        Duration patience = call.now().plusSeconds(20);
        while (call.repliesAt.size() < count) {
            assertThat(call.now()).as("waiting for reply %s", count).isLessThan(patience);
            call.until(call.now().plus(SteppedCall.FRAME));
        }
    }

    private static void assertAgreement(int reply, Map<String, Double> ends) {
        ends.forEach((one, at) -> ends.forEach((other, otherAt) -> assertThat(Math.abs(at - otherAt))
                .as("reply %s: %s and %s, of %s", reply, one, other, ends)
                .isLessThanOrEqualTo((double) FRAME)));
    }

    private static double words(Turn turn) {
        assertThat(turn.role()).isEqualTo(Turn.Role.ASSISTANT);
        assertThat(turn.interrupted()).isTrue();
        assertThat(WORDS).startsWith((turn.text() + " " + turn.unheard()).strip());
        return turn.text().isEmpty() ? 0 : turn.text().split(" ").length * (double) FRAME;
    }

    /** None of a reply's samples is near zero, also not at a quarter of the volume; the fade's last ones are. */
    private static double recorded(short[] heard, Duration begin) {
        int from = (int) FORMAT.samples(begin);
        int to = from;
        while (to < heard.length && Math.abs(heard[to]) > 100) {
            to++;
        }
        assertThat(to).as("something was heard").isGreaterThan(from);
        assertThat(Arrays.copyOfRange(heard, to + FADE_SAMPLES, to + 500 * 24)).containsOnly(0);
        return (to - from) / 24.0;
    }

    private static double truncated(SteppedCall call, int i) {
        String event = call.connection.received("conversation.item.truncate").get(i);
        String item = "\"item_id\":\"" + call.interruptions.get(i).itemId() + "\"";
        assertThat(event).contains(item);
        return Double.parseDouble(event.replaceAll(".*\"audio_end_ms\":(\\d+).*", "$1"));
    }

    /** Without the silence before it: its first sample is loud. */
    private static Recording voice() {
        short[] all = Recording.wav(Path.of("../agent-audio/src/test/resources/speech/caller-digits.wav"))
                .samples();
        int first = 0;
        while (Math.abs(all[first]) < 1_000) {
            first++;
        }
        return Recording.of("digits", Arrays.copyOfRange(all, first, all.length));
    }

    private static Script script() {
        Script.Builder script = Script.named("a recorded caller");
        for (int i = 0; i <= INSTANTS.length; i++) {
            script.turn(dev.parley.testkit.Turn.hear("line " + i)
                    .says(Speech.of(WORDS).soundingAs(reply()).expectInterruption()));
        }
        return script.build();
    }

    private static Recording reply() {
        short[] samples = new short[REPLY * 24];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) (1_000 + i * 7_919L % 12_007);
        }
        return Recording.of("reply", samples);
    }

    private static double millis(Duration time) {
        return time.toNanos() / 1e6;
    }
}
