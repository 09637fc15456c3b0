package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import dev.parley.audio.transcript.Transcript;
import dev.parley.audio.transcript.TranscriptMemory;
import dev.parley.audio.transcript.Turn;
import dev.parley.core.Clock;
import dev.parley.core.Reconnecting;
import dev.parley.core.SessionListener;
import dev.parley.core.SessionState;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalDialect;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Speech;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The network goes away in the middle of a reply, over a real socket and in real time. The rehearsal server counts the ids of each
 * connection from one, so that both replies here have the same.
 */
class LostConnectionEndToEndTest {
    private static final PcmFormat FORMAT = new PcmFormat(24_000);
    private static final String WORDS =
            IntStream.range(0, 100).mapToObj(i -> String.format("w%03d", i)).collect(Collectors.joining(" "));
    private static final Recording REPLY = Recording.tone(Duration.ofSeconds(2));
    private static final Recording LINE =
            Recording.tone(Duration.ofMillis(300)).then(Recording.silence(Duration.ofMillis(600)));

    @TempDir
    Path folder;

    private final AtomicBoolean reconnecting = new AtomicBoolean();
    private final SessionListener listener = new SessionListener() {
        @Override
        public void onReconnecting(VoiceSession session, Reconnecting attempt) {
            reconnecting.set(true);
        }
    };
    private final Voice voice = new Voice();
    private final MemorySink sink = AudioSink.inMemory(FORMAT, Clock.system());

    @ParameterizedTest
    @CsvSource({"SWARAM, serverDriven", "SWARAM, halfDuplex", "OPENAI, serverDriven"})
    void whatWasReceivedPlaysOutAndTheNextReplyFollowsItWhole(RehearsalDialect dialect, String policy)
            throws Exception {
        Script script = Script.named("lost")
                .turn(dev.parley.testkit.Turn.hear("hello")
                        .says(Speech.of(WORDS).soundingAs(REPLY)))
                .build();
        try (RehearsalServer server = RehearsalServer.builder()
                        .dialect(dialect)
                        .script(script)
                        .speed(2)
                        .start();
                VoiceSession session = VoiceAgent.builder()
                        .provider(server.provider())
                        .with(TranscriptMemory.inMemory())
                        .listener(listener)
                        .build()
                        .session()
                        .with(AudioLink.between(voice, sink)
                                .bargeIn(policy.equals("halfDuplex") ? BargeIn.halfDuplex() : BargeIn.serverDriven())
                                .record(folder.resolve("call.wav")))
                        .connect()) {
            Playback playback = session.part(Playback.class);
            Transcript transcript = session.part(Transcript.class);
            voice.says(LINE);
            await().until(() -> playback.heard().toMillis() >= 300);
            server.connection(0).abort();
            await().until(reconnecting::get);
            playback.drained().toCompletableFuture().get(10, TimeUnit.SECONDS);
            Duration received = playback.heard();
            assertThat(received)
                    .isBetween(Duration.ofMillis(300), REPLY.length().minusMillis(100));
            assertThat(playback.counters().unplayed()).as("nothing was cut").isZero();

            await().until(() -> transcript.turns().size() == 2);
            assertThat(playback.state()).isEqualTo(BargeIn.State.LISTENING);
            Turn broken = transcript.turns().get(1);
            assertThat(broken.interrupted()).isTrue();
            assertThat(WORDS).startsWith(broken.text());
            int words = broken.text().split(" ").length;
            assertThat(Math.abs(words * 20L - received.toMillis()))
                    .as("%s words, and %s heard", words, received)
                    .isLessThanOrEqualTo(20);

            await().until(() -> session.state() == SessionState.READY && playback.microphoneOpen());
            voice.says(LINE);
            await().until(() -> transcript.turns().size() == 4);
            assertThat(transcript.turns())
                    .extracting(Turn::role, Turn::interrupted)
                    .containsExactly(
                            tuple(Turn.Role.USER, false),
                            tuple(Turn.Role.ASSISTANT, true),
                            tuple(Turn.Role.USER, false),
                            tuple(Turn.Role.ASSISTANT, false));
            assertThat(transcript.turns().get(3).text()).isEqualTo(WORDS);
            playback.drained().toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertThat(playback.heard().toMillis())
                    .isEqualTo(received.plus(REPLY.length()).toMillis());
            assertThat(playback.counters().unplayed()).isZero();
            assertThat(session.counters().reconnects()).isEqualTo(1);

            session.close();
            playback.finished().toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertHeard(received);
        }
    }

    private void assertHeard(Duration received) throws IOException {
        byte[] reply = new byte[REPLY.pcm16().remaining()];
        REPLY.pcm16().get(reply);
        byte[] heard = sink.heard();
        int first = (int) FORMAT.bytes(received);
        assertThat(Arrays.copyOf(heard, first)).isEqualTo(Arrays.copyOf(reply, first));
        assertThat(Arrays.copyOfRange(heard, first, heard.length)).isEqualTo(reply);
    }

    /** Says what it is told to, and nothing in between. */
    private static final class Voice implements AudioSource {
        private final Queue<ByteBuffer> lines = new ConcurrentLinkedQueue<>();

        void says(Recording line) {
            lines.add(line.pcm16());
        }

        @Override
        public PcmFormat format() {
            return FORMAT;
        }

        @Override
        public int read(ByteBuffer target) {
            ByteBuffer line = lines.peek();
            int bytes = 0;
            while (line != null && line.hasRemaining() && target.hasRemaining()) {
                target.put(line.get());
                bytes++;
            }
            if (line != null && !line.hasRemaining()) {
                lines.remove();
            }
            return bytes;
        }

        @Override
        public void close() {}
    }
}
