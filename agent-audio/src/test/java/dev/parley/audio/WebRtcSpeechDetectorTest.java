package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebRtcSpeechDetectorTest {

    @ParameterizedTest
    @ValueSource(ints = {8_000, 16_000, 22_050, 24_000, 44_100, 48_000})
    void hearsSpeechAtEveryRateAndSilenceAsSilence(int rate) throws Exception {
        PcmFormat format = new PcmFormat(rate);
        ByteBuffer speech = ByteBuffer.allocate(2 * DetectorTrial.speech("caller-digits").length);
        for (short sample : DetectorTrial.speech("caller-digits")) {
            speech.put((byte) sample).put((byte) (sample >> 8));
        }
        ByteBuffer atRate = Resampler.resample(new PcmFormat(24_000), format, speech.flip());
        int frame = (int) format.bytes(SourcePump.FRAME);
        try (SpeechDetector.Stream stream = WebRtcSpeechDetector.create().open(format)) {
            for (int i = 0; i < 50; i++) {
                assertThat(stream.isSpeech(ByteBuffer.allocate(frame))).isFalse();
            }
            List<Boolean> heard = hear(stream, atRate, frame);
            assertThat(heard.indexOf(true)).as("within two frames").isBetween(0, 2);
            assertThat(heard.stream().filter(each -> each).count()).isGreaterThan(heard.size() * 6L / 10);
        }
    }

    /** The native half has no lock of its own, and knows all detectors of the process. */
    @Test
    void sessionsOnManyThreadsHearTheirOwnLinesOnly() throws Exception {
        short[] samples = DetectorTrial.speech("caller-cancel");
        ByteBuffer speech = ByteBuffer.allocate(2 * samples.length);
        for (short sample : samples) {
            speech.put((byte) sample).put((byte) (sample >> 8));
        }
        Callable<List<Boolean>> session = () -> {
            try (SpeechDetector.Stream stream = WebRtcSpeechDetector.create()
                    .mode(WebRtcSpeechDetector.Mode.AGGRESSIVE)
                    .open(new PcmFormat(24_000))) {
                return hear(stream, speech.duplicate().flip(), 960);
            }
        };
        List<Boolean> alone = session.call();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<List<Boolean>>> all = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                all.add(threads.submit(session));
            }
            for (Future<List<Boolean>> each : all) {
                assertThat(each.get()).isEqualTo(alone);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void modesAreOptions() {
        assertThat(WebRtcSpeechDetector.create()).hasToString("WebRtcSpeechDetector[VERY_AGGRESSIVE]");
        assertThat(WebRtcSpeechDetector.create().mode(WebRtcSpeechDetector.Mode.QUALITY))
                .hasToString("WebRtcSpeechDetector[QUALITY]");
        assertThatThrownBy(() -> WebRtcSpeechDetector.create().open(new PcmFormat(23_999)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("have no simple ratio");
    }

    @Test
    void withoutItsLibraryItNamesTheAlternative() throws Exception {
        try (URLClassLoader without = classes(path -> !path.contains("libfvad"))) {
            assertThat(failure(without))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("libfvad-jni is not on the class path: add io.github.givimad:libfvad-jni, or use"
                            + " EnergySpeechDetector.create(), which needs nothing");
        }
    }

    @Test
    void onAMachineThatItsLibraryDoesNotKnowItNamesTheAlternative() throws Exception {
        String machine = System.getProperty("os.arch");
        System.setProperty("os.arch", "riscv64");
        try (URLClassLoader fresh = classes(path -> true)) {
            assertThat(failure(fresh))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("libfvad-jni cannot load its native library on " + System.getProperty("os.name")
                            + " riscv64: use EnergySpeechDetector.create(), which needs none")
                    .hasRootCauseMessage("libfvad-jni: Unsupported platform "
                            + System.getProperty("os.name").toLowerCase(java.util.Locale.ROOT) + " - riscv64.");
        } finally {
            System.setProperty("os.arch", machine);
        }
    }

    private static List<Boolean> hear(SpeechDetector.Stream stream, ByteBuffer pcm, int frame) {
        List<Boolean> heard = new ArrayList<>();
        for (int at = 0; at + frame <= pcm.limit(); at += frame) {
            heard.add(stream.isSpeech(pcm.slice(at, frame)));
        }
        return heard;
    }

    /** The class path once more, or a part of it: nothing in it is loaded yet. */
    private static URLClassLoader classes(java.util.function.Predicate<String> wanted) throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String path : List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))) {
            if (wanted.test(path)) {
                urls.add(new File(path).toURI().toURL());
            }
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    private static Throwable failure(ClassLoader classes) throws Exception {
        try {
            classes.loadClass("dev.parley.audio.WebRtcSpeechDetector")
                    .getMethod("create")
                    .invoke(null);
        } catch (InvocationTargetException e) {
            return e.getCause();
        }
        throw new AssertionError("it was created");
    }
}
