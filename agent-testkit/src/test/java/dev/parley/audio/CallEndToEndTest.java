package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.audio.transcript.Captions;
import dev.parley.audio.transcript.Transcript;
import dev.parley.audio.transcript.TranscriptMemory;
import dev.parley.audio.transcript.TranscriptStore;
import dev.parley.audio.transcript.Turn;
import dev.parley.core.Interruption;
import dev.parley.core.VoiceAgent;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalDialect;
import dev.parley.testkit.Script;
import dev.parley.testkit.Speech;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A caller, who is a tone here, interrupts at five instants of a reply of four seconds: with the first sound, while audio still comes,
 * long after all of it came, and with the last sound. Each time the session, the transcript, the recording and the sink
 * say the same, and so does what a server is told that truncates.
 */
class CallEndToEndTest {
    private static final PcmFormat FORMAT = SteppedCall.FORMAT;
    private static final int[] INSTANTS = {40, 220, 1_000, 2_540, 3_960};
    /** A caller is heard for 120 ms before the detector is sure. */
    private static final int[] INSTANTS_OF_THE_DETECTOR = {140, 220, 1_000, 2_540, 3_960};

    private static final int TONE = 400;
    /** The rehearsal server takes 40 ms of sound for speech, and 500 ms of silence for its end. */
    private static final int SPEECH_AFTER = 40;

    private static final int DETECTED_AFTER = 120;

    private static final int TURN_ENDS_AFTER = 500;
    private static final int REPLY = 4_000;
    private static final int LAST_REPLY = 300;
    private static final int FRAME = 20;
    private static final int FADE_SAMPLES = 120;

    /** A word for each frame of the reply, so that text can be measured in time. */
    private static final String WORDS = IntStream.range(0, REPLY / FRAME)
            .mapToObj(i -> String.format("w%03d", i))
            .collect(Collectors.joining(" "));

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}, a sink at {1} Hz")
    @CsvSource({"SWARAM, 24000", "SWARAM, 8000", "SWARAM, 44100", "OPENAI, 24000", "OPENAI, 8000"})
    void whatWasHeardAgreesAtFiveInstants(RehearsalDialect dialect, int sinkRate) throws IOException {
        assertAgreement(dialect, sinkRate, BargeIn.serverDriven(), INSTANTS, SPEECH_AFTER);
    }

    /** The server is asked to leave interruptions to the session, and only finds the turns. Not ducked, samples can be compared. */
    @ParameterizedTest(name = "{0}, a sink at {1} Hz")
    @CsvSource({"OPENAI, 24000", "OPENAI, 8000"})
    void itAgreesToWhereADetectorInterrupts(RehearsalDialect dialect, int sinkRate) throws IOException {
        BargeIn local = BargeIn.local(EnergySpeechDetector.create()).duckTo(1);
        assertAgreement(dialect, sinkRate, local, INSTANTS_OF_THE_DETECTOR, DETECTED_AFTER);
    }

    private void assertAgreement(RehearsalDialect dialect, int sinkRate, BargeIn policy, int[] instants, int after)
            throws IOException {
        Path wav = folder.resolve("call.wav");
        int[] begins = new int[instants.length + 1];
        Recording voice = caller(begins, instants, after);
        int end = begins[instants.length] + 1_000;
        VoiceAgent.Builder agent = VoiceAgent.builder().with(TranscriptMemory.to(TranscriptStore.directory(folder)));
        try (SteppedCall call =
                new SteppedCall(dialect, script(), voice, new PcmFormat(sinkRate), policy, wav, agent)) {
            call.until(Duration.ofMillis(end));
            Playback playback = call.session.part(Playback.class);
            Transcript transcript = call.session.part(Transcript.class);
            call.session.close();
            assertThat(call.session.awaitClosed(Duration.ofSeconds(10))).isTrue();
            assertThat(playback.finished().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));

            call.server.assertPassed();
            assertThat(call.problems).isEmpty();
            assertThat(call.interruptions).hasSize(instants.length);
            ByteBuffer[] sides = WavFile.open(wav).sides();
            assertThat(Samples.of(sides[0]))
                    .as("the caller's side is what was sent, sample for sample")
                    .startsWith(voice.samples())
                    .hasSizeGreaterThanOrEqualTo(end * 24);
            short[] right = Samples.of(sides[1]);
            if (dialect == RehearsalDialect.OPENAI) {
                assertTruncated(call);
            }
            assertThat(transcript.turns()).hasSize(2 * instants.length + 2);
            int silentSince = 0;
            for (int i = 0; i < instants.length; i++) {
                Interruption told = call.interruptions.get(i);
                assertThat(Math.abs(told.heard().toNanos() / 1e6 - instants[i]))
                        .as("interruption %s, in ms", i)
                        .isLessThan(policy == BargeIn.serverDriven() ? 1 : FRAME + 1);
                assertThat(playback.heard(String.valueOf(told.itemId()))).isEqualTo(told.heard());
                Turn turn = transcript.turns().get(2 * i + 1);
                assertTurn(turn, told.heard());
                if (policy == BargeIn.serverDriven()) {
                    assertThat(turn.text().split(" "))
                            .as("one clock drives the caller, the server and the sink: not a word more, and none less")
                            .hasSize(instants[i] / FRAME);
                }
                int begin = begins[i] * 24;
                assertThat(Arrays.copyOfRange(right, silentSince, begin))
                        .as("silence before reply %s", i)
                        .containsOnly(0);
                silentSince = assertHeard(right, begin, reply(i, REPLY), told.heard());
            }
            int last = begins[instants.length] * 24;
            short[] whole = reply(instants.length, LAST_REPLY).samples();
            assertThat(Arrays.copyOfRange(right, last, last + whole.length)).isEqualTo(whole);
            if (sinkRate == FORMAT.sampleRate()) {
                assertThat(Samples.of(call.sink.timeline()))
                        .as("the recording is what the sink played")
                        .isEqualTo(Arrays.copyOf(right, last + whole.length));
            }
            assertMemory(transcript);
        }
    }

    /** The server is told where each reply ended for the caller, whole milliseconds of the item that played. */
    private static void assertTruncated(SteppedCall call) {
        List<String> truncated = call.connection.received("conversation.item.truncate");
        assertThat(truncated).hasSameSizeAs(call.interruptions);
        for (int i = 0; i < truncated.size(); i++) {
            Interruption told = call.interruptions.get(i);
            assertThat(truncated.get(i))
                    .isEqualTo("{\"type\":\"conversation.item.truncate\",\"event_id\":\"parley_cut_" + (i + 1)
                            + "\",\"item_id\":\"" + told.itemId()
                            + "\",\"content_index\":0,\"audio_end_ms\":"
                            + told.heard().toMillis() + "}");
        }
    }

    private static void assertTurn(Turn turn, Duration heard) {
        assertThat(turn.role()).isEqualTo(Turn.Role.ASSISTANT);
        assertThat(turn.interrupted()).isTrue();
        assertThat(WORDS.startsWith(turn.text() + " " + turn.unheard()))
                .as("the words that came, of which the unheard are kept apart")
                .isTrue();
        assertThat(Duration.between(turn.startedAt(), turn.endedAt())).isEqualTo(heard);
        int words = turn.text().split(" ").length;
        assertThat(Math.abs(words * FRAME - heard.toNanos() / 1e6))
                .as("%s words, and %s heard", words, heard)
                .isLessThanOrEqualTo(FRAME);
    }

    /** @return where the silence after it begins */
    private static int assertHeard(short[] right, int begin, Recording reply, Duration heard) {
        int samples = (int) FORMAT.samples(heard.plusNanos(50));
        assertThat(Arrays.copyOfRange(right, begin, begin + samples))
                .as("the agent's side holds what was heard, sample for sample")
                .isEqualTo(Arrays.copyOf(reply.samples(), samples));
        for (int i = 0; i < FADE_SAMPLES && samples + i < reply.samples().length; i++) {
            assertThat(Math.abs(right[begin + samples + i]))
                    .as("fade sample %s", i)
                    .isLessThanOrEqualTo(Math.abs(reply.samples()[samples + i]));
        }
        return begin + samples + FADE_SAMPLES;
    }

    private void assertMemory(Transcript transcript) throws IOException {
        List<Turn> turns = transcript.turns();
        assertThat(turns.get(turns.size() - 1).text()).isEqualTo("yes please");
        assertThat(turns.get(turns.size() - 1).interrupted()).isFalse();
        assertThat(turns)
                .filteredOn(turn -> turn.role() == Turn.Role.USER)
                .extracting(Turn::text)
                .containsExactly("line 0", "line 1", "line 2", "line 3", "line 4", "line 5");
        assertThat(TranscriptStore.directory(folder).read("call-1")).isEqualTo(transcript.all());
        assertThat(Files.readString(folder.resolve("call-1.jsonl")).lines()).hasSize(turns.size());
        assertThat(Captions.webVtt().of(transcript)).contains("<v Caller>line 5\n", "<v Agent>yes please\n");
    }

    /** Says each line so that it becomes speech at the instant of the reply to the line before. */
    private static Recording caller(int[] begins, int[] instants, int after) {
        Recording voice = Recording.silence(Duration.ofMillis(200));
        for (int i = 0; i <= instants.length; i++) {
            voice = voice.then(Recording.tone(Duration.ofMillis(TONE)));
            begins[i] = (int) voice.length().toMillis() + TURN_ENDS_AFTER;
            int pause = TURN_ENDS_AFTER + (i < instants.length ? instants[i] - after : 0);
            voice = voice.then(Recording.silence(Duration.ofMillis(pause)));
        }
        return voice;
    }

    private static Script script() {
        Script.Builder script = Script.named("five interruptions");
        for (int i = 0; i < INSTANTS.length; i++) {
            script.turn(dev.parley.testkit.Turn.hear("line " + i)
                    .says(Speech.of(WORDS).soundingAs(reply(i, REPLY)).expectInterruption()));
        }
        return script.turn(dev.parley.testkit.Turn.hear("line " + INSTANTS.length)
                        .says(Speech.of("yes please").soundingAs(reply(INSTANTS.length, LAST_REPLY))))
                .build();
    }

    /** Samples that tell each reply and each place of it from every other, none of them near zero. */
    private static Recording reply(int number, int millis) {
        short[] samples = new short[millis * 24];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) (1_000 + number * 500 + i * 7_919L % 12_007);
        }
        return Recording.of("reply " + number, samples);
    }
}
