package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.audio.transcript.Captions;
import dev.parley.audio.transcript.Transcript;
import dev.parley.audio.transcript.TranscriptMemory;
import dev.parley.audio.transcript.TranscriptStore;
import dev.parley.audio.transcript.Turn;
import dev.parley.core.Clock;
import dev.parley.core.Interruption;
import dev.parley.core.Problem;
import dev.parley.core.SessionListener;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Speech;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A call over a real WebSocket: two turns, and a reply that the caller cuts short. */
class CallEndToEndTest {
    private static final PcmFormat FORMAT = new PcmFormat(24_000);
    private static final String LONG = "the doctor is in from ten until one and then again from four until seven";

    private final List<Interruption> interruptions = new CopyOnWriteArrayList<>();
    private final List<Problem> problems = new CopyOnWriteArrayList<>();

    @TempDir
    Path folder;

    @Test
    void whatWasSentHeardRecordedAndRememberedAgrees() throws IOException {
        Recording caller = Recording.tone(Duration.ofMillis(800))
                .then(Recording.silence(Duration.ofMillis(1_700)))
                .then(Recording.tone(Duration.ofMillis(600)))
                .then(Recording.silence(Duration.ofMillis(1_000)));
        Recording reply = distinct("a long reply", 5_000, 8_000);
        Recording second = distinct("a short reply", 300, -20_000);
        Script script = Script.named("interrupted")
                .turn(dev.parley.testkit.Turn.hear("when is she in")
                        .says(Speech.of(LONG).soundingAs(reply).expectInterruption()))
                .turn(dev.parley.testkit.Turn.hear("wait")
                        .says(Speech.of("yes please").soundingAs(second)))
                .build();
        Path wav = folder.resolve("call.wav");
        MemorySink sink = AudioSink.inMemory(FORMAT, Clock.system());
        try (RehearsalServer server = RehearsalServer.start(script)) {
            VoiceAgent agent = VoiceAgent.builder()
                    .provider(server.provider())
                    .with(TranscriptMemory.to(TranscriptStore.directory(folder)))
                    .listener(listener())
                    .build();
            VoiceSession session = agent.session()
                    .conversationId("call-1")
                    .with(AudioLink.between(AudioSource.of(FORMAT, caller.pcm16()), sink)
                            .record(wav))
                    .connect();
            Playback playback = session.part(Playback.class);
            Transcript transcript = session.part(Transcript.class);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> transcript.turns().size() == 4);
            session.close();
            assertThat(session.awaitClosed(Duration.ofSeconds(5))).isTrue();
            assertThat(playback.finished().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(5));

            server.assertPassed();
            assertThat(problems).isEmpty();
            assertThat(interruptions).hasSize(1);
            Duration heard = interruptions.get(0).heard();
            assertThat(heard)
                    .isEqualTo(
                            playback.heard(String.valueOf(interruptions.get(0).itemId())));
            assertTurns(transcript, heard);
            short[] sent =
                    Arrays.copyOf(caller.samples(), (int) playback.counters().sent() / 2);
            assertThat(sent.length).isGreaterThan((int) FORMAT.samples(Duration.ofMillis(3_200)));
            assertRecording(wav, sent, reply, second, (int) FORMAT.samples(heard.plusNanos(50)));
            assertThat(TranscriptStore.directory(folder).read("call-1")).isEqualTo(transcript.all());
            assertThat(Files.readString(folder.resolve("call-1.jsonl")).lines()).hasSize(4);
            assertThat(Captions.webVtt().of(transcript)).contains("<v Caller>wait\n", "<v Agent>yes please\n");
        }
    }

    private static void assertTurns(Transcript transcript, Duration heard) {
        List<Turn> turns = transcript.turns();
        assertThat(turns)
                .extracting(Turn::role)
                .containsExactly(Turn.Role.USER, Turn.Role.ASSISTANT, Turn.Role.USER, Turn.Role.ASSISTANT);
        assertThat(turns.get(0).text()).isEqualTo("when is she in");
        Turn cut = turns.get(1);
        assertThat(cut.interrupted()).isTrue();
        assertThat(cut.unheard()).isNotNull();
        assertThat(LONG).startsWith(cut.text() + " " + cut.unheard());
        double share = heard.toNanos() / 5e9;
        assertThat(cut.text().length() / (double) LONG.length())
                .as("the text that was heard fits the sound that was heard: at most one word more, or some fewer")
                .isBetween(share - 0.2, share + " until".length() / (double) LONG.length());
        assertThat(turns.get(2).text()).isEqualTo("wait");
        assertThat(turns.get(3).text()).isEqualTo("yes please");
        assertThat(turns.get(3).interrupted()).isFalse();
    }

    private static void assertRecording(Path wav, short[] sent, Recording reply, Recording second, int heard)
            throws IOException {
        ByteBuffer[] sides = WavFile.open(wav).sides();
        short[] left = samples(sides[0]);
        int start = indexOf(left, sent);
        assertThat(start)
                .as("the caller's side is what was sent, sample for sample")
                .isNotNegative();

        short[] right = samples(sides[1]);
        int begin = indexOf(right, Arrays.copyOf(reply.samples(), heard));
        assertThat(begin)
                .as("the agent's side holds what was heard, sample for sample")
                .isNotNegative();
        int fadeEnd = begin + heard + 120;
        int next = indexOf(right, second.samples());
        assertThat(next).isGreaterThan(fadeEnd);
        for (int i = 0; i < 120; i++) {
            assertThat(Math.abs(right[begin + heard + i]))
                    .as("fade sample %s", i)
                    .isLessThan(Math.abs(reply.samples()[heard + i]));
        }
        assertThat(Arrays.copyOfRange(right, fadeEnd, next))
                .as("silence after the fade")
                .containsOnly(0);
        int speechOfCaller = start + (int) FORMAT.samples(Duration.ofMillis(2_500));
        assertThat(begin + heard - speechOfCaller)
                .as("the caller's second turn silences the agent within moments")
                .isBetween(0, (int) FORMAT.samples(Duration.ofMillis(600)));
    }

    private SessionListener listener() {
        return new SessionListener() {
            @Override
            public void onInterrupted(VoiceSession session, Interruption interruption) {
                interruptions.add(interruption);
            }

            @Override
            public void onProblem(VoiceSession session, Problem problem) {
                problems.add(problem);
            }
        };
    }

    /** Samples from {@code lowest} to 12,000 above it, none near zero. */
    private static Recording distinct(String name, int millis, int lowest) {
        short[] samples = new short[millis * 24];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) (lowest + i * 7_919L % 12_000);
        }
        return Recording.of(name, samples);
    }

    private static short[] samples(ByteBuffer pcm) {
        short[] samples = new short[pcm.remaining() / 2];
        pcm.duplicate().order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
        return samples;
    }

    private static int indexOf(short[] all, short[] part) {
        for (int at = 0; at + part.length <= all.length; at++) {
            if (all[at] == part[0] && Arrays.equals(all, at, at + part.length, part, 0, part.length)) {
                return at;
            }
        }
        return -1;
    }
}
