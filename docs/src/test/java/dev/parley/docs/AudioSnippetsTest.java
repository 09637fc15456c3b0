package dev.parley.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.audio.AudioLink;
import dev.parley.audio.AudioSink;
import dev.parley.audio.AudioSource;
import dev.parley.audio.BargeIn;
import dev.parley.audio.EnergySpeechDetector;
import dev.parley.audio.G711;
import dev.parley.audio.MarkedSink;
import dev.parley.audio.MemorySink;
import dev.parley.audio.PcmFormat;
import dev.parley.audio.Playback;
import dev.parley.audio.Reframer;
import dev.parley.audio.Resampler;
import dev.parley.audio.SpeechDetector;
import dev.parley.audio.WavFile;
import dev.parley.audio.WebRtcSpeechDetector;
import dev.parley.core.Clock;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Turn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AudioSnippetsTest {
    @TempDir
    Path folder;

    @Test
    void aCallFromAFileIntoMemoryRecorded() throws Exception {
        Path caller = folder.resolve("caller.wav");
        Recording voice = Recording.tone(Duration.ofMillis(600));
        WavFile.write(caller, new PcmFormat(24_000), voice.pcm16());
        Path recording = folder.resolve("call.wav");
        Script script =
                Script.named("hello").turn(Turn.hear("hello").says("good day")).build();
        try (RehearsalServer server = RehearsalServer.start(script)) {
            VoiceAgent agent = VoiceAgent.builder().provider(server.provider()).build();
            // region link
            AudioSource source = WavFile.source(caller); // or Microphone.open(new PcmFormat(24_000))
            MemorySink sink = AudioSink.inMemory(new PcmFormat(24_000), Clock.system()); // or Speaker.open(…)

            try (VoiceSession session = agent.session()
                    .with(AudioLink.between(source, sink).record(recording))
                    .connect()) {
                Playback playback = session.part(Playback.class);
                playback.sourceEnded().toCompletableFuture().get(1, TimeUnit.MINUTES);
                await().until(() -> playback.heard().compareTo(Duration.ZERO) > 0);
                playback.drained().toCompletableFuture().get(1, TimeUnit.MINUTES);
            }
            // endregion
            server.assertPassed();
            assertThat(sink.heard()).isNotEmpty();
            assertThat(WavFile.open(recording).channels()).isEqualTo(2);
        }
    }

    @Test
    void aCallThroughTheStreamsOfAnotherProgram() throws Exception {
        Path said = folder.resolve("said.raw");
        Path heard = folder.resolve("heard.raw");
        Recording voice = Recording.tone(Duration.ofMillis(600)).then(Recording.silence(Duration.ofMillis(700)));
        ByteBuffer pcm = Resampler.resample(new PcmFormat(24_000), new PcmFormat(16_000), voice.pcm16());
        byte[] bytes = new byte[pcm.remaining()];
        pcm.get(bytes);
        Files.write(said, bytes);
        List<String> command = List.of("sh", "-c", "cat '" + said + "'; cat > '" + heard + "'");
        Script script =
                Script.named("hello").turn(Turn.hear("hello").says("good day")).build();
        try (RehearsalServer server = RehearsalServer.start(script)) {
            VoiceAgent agent = VoiceAgent.builder().provider(server.provider()).build();
            // region streams
            Process bridge = new ProcessBuilder(command).start(); // gives and takes PCM16 at 16 kHz
            PcmFormat format = new PcmFormat(16_000);
            AudioSource source = AudioSource.of(format, bridge.getInputStream());
            AudioSink sink = AudioSink.of(format, bridge.getOutputStream(), Clock.system());
            // endregion

            try (VoiceSession session =
                    agent.session().with(AudioLink.between(source, sink)).connect()) {
                Playback playback = session.part(Playback.class);
                await().until(() -> playback.heard().compareTo(Duration.ZERO) > 0);
                playback.drained().toCompletableFuture().get(1, TimeUnit.MINUTES);
            }
            assertThat(bridge.waitFor(1, TimeUnit.MINUTES)).isTrue();
            server.assertPassed();
            assertThat(Files.size(heard)).isPositive().isEven();
        }
    }

    @Test
    void policiesAndDetectors() throws Exception {
        AudioSource source = AudioSource.of(
                new PcmFormat(24_000), Recording.silence(Duration.ofMillis(100)).pcm16());
        AudioSink sink = AudioSink.inMemory(new PcmFormat(24_000), Clock.system());
        // region policies
        BargeIn headset = BargeIn.serverDriven();
        BargeIn polite = BargeIn.serverDriven().notBefore(Duration.ofSeconds(2)); // of the greeting; not with swaram
        BargeIn telephone = BargeIn.local(EnergySpeechDetector.create())
                .confirmAfter(Duration.ofMillis(120))
                .restoreAfter(Duration.ofMillis(400))
                .duckTo(0.25)
                .notBefore(Duration.ofSeconds(2)); // of the greeting
        BargeIn kiosk = BargeIn.halfDuplex().tail(Duration.ofMillis(300));
        BargeIn radio = BargeIn.pushToTalk(); // playback.press() and release()

        AudioLink link = AudioLink.between(source, sink).bargeIn(telephone);
        // endregion
        Script script =
                Script.named("hello").turn(Turn.hear("hello").says("good day")).build();
        try (RehearsalServer server = RehearsalServer.start(script)) {
            VoiceAgent agent = VoiceAgent.builder().provider(server.provider()).build();
            try (VoiceSession session = agent.session().with(link).connect()) {
                assertThat(session.part(Playback.class).state()).isEqualTo(BargeIn.State.LISTENING);
            }
        }
        assertThat(List.of(headset, polite, kiosk, radio))
                .extracting(BargeIn::toString)
                .containsExactly("serverDriven()", "serverDriven().notBefore(PT2S)", "halfDuplex()", "pushToTalk()");

        // region detectors
        SpeechDetector detector;
        try {
            detector = WebRtcSpeechDetector.create().mode(WebRtcSpeechDetector.Mode.AGGRESSIVE);
        } catch (IllegalStateException e) { // it says why: no libfvad-jni, or none for this machine
            detector = EnergySpeechDetector.create().above(6);
        }
        // endregion
        try (SpeechDetector.Stream stream = detector.open(new PcmFormat(24_000))) {
            assertThat(stream.isSpeech(ByteBuffer.allocate(960))).isFalse();
        }
    }

    // region line
    /** A telephone provider's media stream: messages over a socket, mu-law at 8 kHz. */
    static final class MediaStream implements MarkedSink.Line {
        private final BiConsumer<String, String> socket; // event, payload
        private final ByteBuffer codes = ByteBuffer.allocate(160);

        MediaStream(BiConsumer<String, String> socket) {
            this.socket = socket;
        }

        @Override
        public PcmFormat format() {
            return new PcmFormat(8_000);
        }

        @Override
        public void audio(ByteBuffer pcm16) {
            G711.MU_LAW.encode(pcm16, codes.clear());
            byte[] frame = Arrays.copyOf(codes.array(), codes.position());
            socket.accept("media", Base64.getEncoder().encodeToString(frame));
        }

        @Override
        public void mark(String name) {
            socket.accept("mark", name);
        }

        @Override
        public void clear() {
            socket.accept("clear", "");
        }

        @Override
        public void close() {}
    }
    // endregion

    @Test
    void aTelephoneLineTellsWhatWasHeard() throws IOException {
        List<String> sent = new ArrayList<>();
        BiConsumer<String, String> socket =
                (event, payload) -> sent.add(event.equals("media") ? event : event + " " + payload);
        // region marks
        MarkedSink sink = MarkedSink.to(new MediaStream(socket), Clock.system());
        Consumer<String> onMark = sink::acknowledged; // the line's "mark" messages come here, on any thread
        // endregion
        sink.write(ByteBuffer.allocate(2 * 8 * 40));
        assertThat(sent).containsExactly("media", "media", "mark parley-1");
        assertThat(sink.played()).isZero();
        onMark.accept("parley-1");
        assertThat(sink.played()).isEqualTo(8 * 40);
    }

    @Test
    void filesAreReadAndRefused() throws IOException {
        Path stereo = folder.resolve("stereo.wav");
        ByteBuffer tone = Recording.tone(Duration.ofMillis(100)).pcm16();
        WavFile.writeStereo(stereo, new PcmFormat(48_000), tone, tone);
        // region wav
        WavFile wav = WavFile.open(stereo);
        PcmFormat format = wav.format(); // 48 kHz; mono from here on
        ByteBuffer pcm = wav.pcm();
        ByteBuffer[] sides = wav.sides(); // left and right, as they are
        // endregion
        assertThat(format.durationOfBytes(pcm.remaining())).isEqualTo(Duration.ofMillis(50));
        assertThat(sides[0]).isEqualTo(pcm);
        assertThatThrownBy(() -> WavFile.open(folder.resolve("none.wav")))
                .hasMessage(folder.resolve("none.wav") + " does not exist: check the name");
    }

    @Test
    void framesAndRates() {
        ByteBuffer delta = Recording.tone(Duration.ofMillis(50)).pcm16();
        List<Integer> sizes = new ArrayList<>();
        // region reframe
        Reframer frames = new Reframer(640, Reframer.Tail.PAD);
        frames.push(delta, frame -> sizes.add(frame.remaining())); // any number of bytes, odd ones too
        frames.finish(frame -> sizes.add(frame.remaining()));
        // endregion
        assertThat(sizes).containsExactly(640, 640, 640, 640);

        ByteBuffer piece = Recording.tone(Duration.ofMillis(60)).pcm16();
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        // region resample
        Resampler resampler = Resampler.between(new PcmFormat(24_000), new PcmFormat(16_000));
        ByteBuffer out = ByteBuffer.allocate(1_024);
        while (piece.hasRemaining()) {
            resampler.push(piece, out.clear());
            sent.write(out.array(), 0, out.position());
        }
        boolean complete;
        do {
            complete = resampler.finish(out.clear());
            sent.write(out.array(), 0, out.position());
        } while (!complete);
        // endregion
        assertThat(sent.size()).isEqualTo(16_000 * 60 / 1_000 * 2);
    }
}
