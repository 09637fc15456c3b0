package dev.parley.samples.clinic;

import static dev.parley.samples.clinic.Run.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.audio.PcmFormat;
import dev.parley.audio.Resampler;
import dev.parley.audio.WavFile;
import dev.parley.testkit.Recording;
import dev.parley.testkit.Refusal;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Turn;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which service is called: the sentence for each thing that is wrong with it, and calls to servers of this machine. */
class ServiceOptionsTest {
    private static final Map<String, String> WITH_KEY = Map.of("SWARAM_API_KEY", "swaram_not_a_real_key");

    @TempDir
    private Path folder;

    private String wav = "";

    @BeforeEach
    void recordALine() throws IOException {
        wav = Run.recordedLine(folder);
    }

    @Test
    void anUnknownProvider() {
        assertRefused(
                Run.of("--provider", "nobody"), "--provider is rehearsal, swaram, openai or compatible, not nobody.");
    }

    @Test
    void aCompatibleServerWithoutAnAddress() {
        assertRefused(
                Run.of("--provider", "compatible", "--audio", wav),
                "--provider compatible needs the server's address: give --url wss://host/v1/realtime.");
        assertRefused(
                Run.of("--provider", "compatible", "--audio", wav, "--url", "ws://example.org/v1/realtime"),
                "--url cannot be used: ws:// to example.org would send the key and the call unencrypted: use wss://.");
    }

    @Test
    void noKey() {
        assertRefused(
                Run.of("--provider", "swaram", "--audio", wav),
                "There is no key in SWARAM_API_KEY: set it, or name another environment variable with --api-key-env.");
        assertRefused(
                Run.with(WITH_KEY, "--provider", "swaram", "--audio", wav, "--api-key-env", "OTHER"),
                "There is no key in OTHER: set it, or name another environment variable with --api-key-env.");
        assertRefused(
                Run.with(WITH_KEY, "--provider", "openai", "--audio", wav),
                "There is no key in OPENAI_API_KEY: set it, or name another environment variable with --api-key-env.");
        assertRefused(
                Run.of("--provider", "compatible", "--url", "ws://localhost:1/", "--api-key-env", "OTHER"),
                "There is no key in OTHER: set it, or name another environment variable with --api-key-env.");
    }

    @Test
    void aKeyThatIsNone() {
        assertRefused(
                Run.with(Map.of("SWARAM_API_KEY", "two\nlines"), "--provider", "swaram", "--audio", wav),
                "The key in SWARAM_API_KEY cannot be used: the API key has a character that no key has, number 4:"
                        + " pass the key alone, without spaces, line ends, quotes or a word such as Bearer.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"swaram_clé", "\u201cswaram_x\u201d", "swaram x", "swaram\tx"})
    void aKeyWithAnOddCharacter(String key) {
        Run run = Run.with(Map.of("SWARAM_API_KEY", key), "--provider", "swaram", "--audio", wav);

        assertThat(run.err())
                .startsWith(
                        "The key in SWARAM_API_KEY cannot be used: the API key has a character that no key has, number ")
                .doesNotContain(key);
        run.assertOneSentence();
    }

    @Test
    void textForAProviderWithoutTextTurns() {
        assertRefused(
                Run.with(WITH_KEY, "--provider", "swaram", "--text", "നമസ്കാരം"),
                "swaram takes no text turns: use --audio or --mic instead of --text.");
    }

    @Test
    void anAddressThatWouldShowTheKey() {
        assertRefused(
                Run.with(WITH_KEY, "--provider", "swaram", "--audio", wav, "--url", "ws://example.org/v1/realtime"),
                "--url cannot be used: ws:// to example.org would send the key and the call unencrypted: use wss://.");
    }

    @Test
    void anAddressThatIsNone() {
        assertRefused(
                Run.with(WITH_KEY, "--provider", "swaram", "--audio", wav, "--url", "not an address"),
                "--url cannot be used: an endpoint looks like wss://host/path.");
    }

    @Test
    void aConnectionThatIsRefused() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Run run = live(wav, "ws://127.0.0.1:" + port + "/v1/realtime");

        assertThat(run.err()).startsWith("There is no call: ").doesNotContain("swaram_not_a_real_key");
        run.assertOneSentence();
    }

    @Test
    void aKeyThatTheServiceDoesNotTake() {
        try (RehearsalServer server = RehearsalServer.start(greeting())) {
            server.refuseNext(Refusal.closeCode(4001));
            Run run = live(wav, server.url().toString());

            assertThat(run.err()).startsWith("There is no call: ").doesNotContain("swaram_not_a_real_key");
            run.assertOneSentence();
        }
    }

    @Test
    void theSameProgramCallsAServiceAtAnotherAddress() {
        Script script = greetingThenOneTurn();
        try (RehearsalServer server = RehearsalServer.builder()
                .script(script)
                .apiKey("swaram_not_a_real_key")
                .start()) {
            Run run = live(wav, server.url().toString());

            assertThat(run.err()).isEmpty();
            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).contains("agent   Welcome.", "caller  Is anybody there?", "agent   Yes.");
            server.assertPassed();
        }
        assertThat(folder.resolve("out/call.wav")).exists();
        assertThat(folder.resolve("out/captions.vtt")).exists();
        assertThat(folder.resolve("out/transcript.jsonl")).exists();
    }

    @Test
    void aLineOfAnotherRateIsResampled() throws IOException {
        Path slow = folder.resolve("slow.wav");
        PcmFormat format = new PcmFormat(16_000);
        WavFile.write(
                slow,
                format,
                Resampler.resample(
                        new PcmFormat(24_000),
                        format,
                        Recording.tone(Duration.ofMillis(800)).pcm16()));
        try (RehearsalServer server = RehearsalServer.start(greetingThenOneTurn())) {
            Run run = live(slow.toString(), server.url().toString());

            assertThat(run.err()).isEmpty();
            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).contains("  said    1 line by the caller, 2 by the agent, 0 cut short");
            assertThat(run.out()).contains(String.format("  tools   0 calls%n"));
            server.assertPassed();
        }
        WavFile recorded = WavFile.open(folder.resolve("out/call.wav"));
        assertThat(soundMillis(recorded.sides()[0])).isBetween(790, 810);
    }

    private static int soundMillis(ByteBuffer pcm16) {
        ByteBuffer samples = pcm16.order(ByteOrder.LITTLE_ENDIAN);
        int first = -1;
        int last = -1;
        for (int i = 0; samples.remaining() >= 2; i++) {
            if (samples.getShort() != 0) {
                first = first < 0 ? i : first;
                last = i;
            }
        }
        return (last - first + 1) / 24;
    }

    private Run live(String line, String url) {
        return Run.with(
                WITH_KEY,
                "--provider",
                "swaram",
                "--url",
                url,
                "--audio",
                line,
                "--out",
                folder.resolve("out").toString());
    }

    private static Script greeting() {
        return Script.named("greeting").greeting("Welcome.").build();
    }

    private static Script greetingThenOneTurn() {
        return Script.named("one turn")
                .greeting("Welcome.")
                .turn(Turn.hear("Is anybody there?").says("Yes."))
                .build();
    }
}
