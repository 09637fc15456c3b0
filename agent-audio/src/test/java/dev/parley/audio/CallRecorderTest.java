package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recorder with a disk that takes its time. */
class CallRecorderTest {
    private static final PcmFormat FORMAT = new PcmFormat(24_000);

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    @TempDir
    Path folder;

    private final Deque<Runnable> disk = new ArrayDeque<>();
    private final List<String> failures = new ArrayList<>();

    @Test
    void hoursOfMutualSilenceAreQueuedAsALength() {
        CallRecorder recorder = recorder();
        recorder.caller(Pcm.constant(1, 480), nanos(Duration.ofMillis(20)));
        recorder.caller(Pcm.constant(2, 480), nanos(Duration.ofHours(10)));
        recorder.agentBegins(nanos(Duration.ofHours(20)));
        recorder.agent(Pcm.constant(3, 480), 0, nanos(Duration.ofHours(20).plusMillis(20)));
        assertThat(disk).hasSizeLessThan(10);
    }

    @Test
    void silenceAndSoundTakeTheirPlaces() throws IOException {
        CallRecorder recorder = recorder();
        recorder.caller(Pcm.constant(1, 480), nanos(Duration.ofMillis(20)));
        recorder.agentBegins(nanos(Duration.ofSeconds(30)));
        recorder.agent(Pcm.constant(3, 480), 0, nanos(Duration.ofMillis(30_020)));
        recorder.caller(Pcm.constant(2, 480), nanos(Duration.ofSeconds(50)));
        assertThat(recorder.finish()).isNotDone();
        work();
        assertThat(recorder.finish()).isDone();
        WavFile file = WavFile.open(folder.resolve("call.wav"));
        short[] left = Pcm.samples(file.sides()[0]);
        short[] right = Pcm.samples(file.sides()[1]);
        assertThat(left).hasSize(50 * 24_000);
        for (int i = 0; i < left.length; i++) {
            int ms = i / 24;
            int caller = ms < 20 ? 1 : ms >= 49_980 ? 2 : 0;
            int agent = ms >= 30_000 && ms < 30_020 ? 3 : 0;
            if (left[i] != caller || right[i] != agent) {
                throw new AssertionError("sample " + i + " is " + left[i] + " and " + right[i]);
            }
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void aDiskThatFallsAMinuteBehindEndsTheRecordingAndIsToldOnce() throws IOException {
        CallRecorder recorder = recorder();
        for (int i = 1; i <= 200 * 50; i++) {
            recorder.caller(Pcm.constant(7, 480), nanos(Duration.ofMillis(20L * i)));
        }
        assertThat(disk).hasSizeLessThan(130);
        work();
        assertThat(failures)
                .containsExactly("the recording " + folder.resolve("call.wav")
                        + " cannot be written: the disk is more than a minute behind");
        assertThat(recorder.finish()).isDone();
        assertThat(openFiles()).isEmpty();
    }

    @Test
    void aFileIsClosedOnceItIsWhole() throws IOException {
        CallRecorder recorder = recorder();
        recorder.caller(Pcm.constant(7, 48_000), nanos(Duration.ofSeconds(2)));
        work();
        if (Files.isDirectory(DESCRIPTORS)) {
            assertThat(openFiles()).hasSize(1);
        }
        var unused = recorder.finish();
        work();
        assertThat(openFiles()).isEmpty();
    }

    /** Of this test, where the system tells them. */
    private List<Path> openFiles() throws IOException {
        List<Path> open = new ArrayList<>();
        if (Files.isDirectory(DESCRIPTORS)) {
            Path real = folder.toRealPath();
            try (DirectoryStream<Path> all = Files.newDirectoryStream(DESCRIPTORS)) {
                for (Path each : all) {
                    addIfWithin(real, each, open);
                }
            }
        }
        return open;
    }

    private static void addIfWithin(Path folder, Path descriptor, List<Path> open) throws IOException {
        try {
            Path file = Files.readSymbolicLink(descriptor);
            if (file.startsWith(folder)) {
                open.add(file);
            }
        } catch (NoSuchFileException e) {
            // somebody else's, closed meanwhile
        }
    }

    private CallRecorder recorder() {
        return new CallRecorder(
                folder.resolve("call.wav"), FORMAT, 0, disk::add, e -> failures.add(String.valueOf(e.getMessage())));
    }

    private void work() {
        while (!disk.isEmpty()) {
            disk.removeFirst().run();
        }
    }

    private static long nanos(Duration span) {
        return span.toNanos();
    }
}
