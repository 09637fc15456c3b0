package dev.parley.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.audio.AudioLink;
import dev.parley.audio.AudioSink;
import dev.parley.audio.AudioSource;
import dev.parley.audio.MemorySink;
import dev.parley.audio.PcmFormat;
import dev.parley.audio.Playback;
import dev.parley.audio.Reframer;
import dev.parley.audio.Resampler;
import dev.parley.audio.WavFile;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AudioSnippetsTest {
    @TempDir
    Path folder;

    @Test
    void aCallFromAFileIntoMemoryRecorded() throws Exception {
        Path caller = folder.resolve("caller.wav");
        Recording voice = Recording.tone(Duration.ofMillis(600)).then(Recording.silence(Duration.ofMillis(700)));
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
