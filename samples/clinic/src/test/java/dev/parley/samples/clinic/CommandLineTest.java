package dev.parley.samples.clinic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.audio.PcmFormat;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person at the keyboard gets wrong, and the one sentence for each. */
class CommandLineTest {
    private static final Map<String, String> WITH_KEY = Map.of("SWARAM_API_KEY", "swaram_not_a_real_key");

    @TempDir
    private Path folder;

    private String wav = "";

    @BeforeEach
    void recordALine() throws IOException {
        Path file = folder.resolve("line.wav");
        WavFile.write(
                file,
                new PcmFormat(24_000),
                Recording.tone(Duration.ofMillis(400)).pcm16());
        wav = file.toString();
    }

    @Test
    void helpListsTheOptions() {
        Run run = Run.of("--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .startsWith("Usage: java -jar clinic.jar [options]\n")
                .contains(
                        "--provider",
                        "--url",
                        "--model",
                        "--api-key-env",
                        "--audio",
                        "--text",
                        "--mic",
                        "--out",
                        "--script",
                        "--db");
    }

    @Test
    void anUnknownOption() {
        assertRefused(Run.of("--fast"), "Unknown option: '--fast'. --help shows the options.");
    }

    @Test
    void anOptionWithoutItsValue() {
        assertRefused(
                Run.of("--audio"), "Missing required parameter for option '--audio' (FILE). --help shows the options.");
    }

    @Test
    void anUnknownProvider() {
        assertRefused(
                Run.of("--provider", "nobody"), "--provider is rehearsal, swaram, openai or compatible, not nobody.");
    }

    @Test
    void providersThatAreNotThereYet() {
        assertRefused(
                Run.of("--provider", "openai"), "--provider openai is not there yet: choose rehearsal or swaram.");
        assertRefused(
                Run.of("--provider", "compatible", "--url", "ws://localhost:1"),
                "--provider compatible is not there yet: choose rehearsal or swaram.");
    }

    @Test
    void noKey() {
        assertRefused(
                Run.of("--provider", "swaram", "--audio", wav),
                "There is no key in SWARAM_API_KEY: set it, or name another environment variable with --api-key-env.");
        assertRefused(
                Run.with(WITH_KEY, "--provider", "swaram", "--audio", wav, "--api-key-env", "OTHER"),
                "There is no key in OTHER: set it, or name another environment variable with --api-key-env.");
    }

    @Test
    void aKeyThatIsNone() {
        assertRefused(
                Run.with(Map.of("SWARAM_API_KEY", "two\nlines"), "--provider", "swaram", "--audio", wav),
                "The key in SWARAM_API_KEY does not do: the API key has a character at position 3 that no key has:"
                        + " check for line ends or quotes around it.");
    }

    @Test
    void textForAProviderWithoutTextTurns() {
        assertRefused(
                Run.with(WITH_KEY, "--provider", "swaram", "--text", "നമസ്കാരം"),
                "swaram takes no text turns: use --audio or --mic instead of --text.");
    }

    @Test
    void nobodyWhoSpeaks() {
        assertRefused(
                Run.with(WITH_KEY, "--provider", "swaram"), "Somebody must speak: give either --audio FILE or --mic.");
        assertRefused(
                Run.with(WITH_KEY, "--provider", "swaram", "--mic", "--audio", wav),
                "Somebody must speak: give either --audio FILE or --mic.");
    }

    @Test
    void anOptionThatTheRehearsalDoesNotHave() {
        assertRefused(
                Run.of("--audio", wav),
                "--audio is not for the rehearsal, which follows its script: choose a provider with it.");
        assertRefused(
                Run.of("--mic"),
                "--mic is not for the rehearsal, which follows its script: choose a provider with it.");
    }

    @Test
    void aScriptForAService() {
        assertRefused(
                Run.with(WITH_KEY, "--provider", "swaram", "--audio", wav, "--script", "x.yaml"),
                "--script is for the rehearsal: leave it out, or leave --provider out.");
    }

    @Test
    void anAudioFileThatIsNotThere() {
        Path missing = folder.resolve("missing.wav");
        Run run = Run.with(WITH_KEY, "--provider", "swaram", "--audio", missing.toString());

        assertThat(run.err()).startsWith("--audio does not do: ").contains("missing.wav");
        assertOneSentence(run);
    }

    @Test
    void anAudioFileThatIsNoPcm16() throws IOException {
        Path text = Files.writeString(folder.resolve("words.wav"), "these are words");
        Run run = Run.with(WITH_KEY, "--provider", "swaram", "--audio", text.toString());

        assertThat(run.err()).startsWith("--audio does not do: ").contains("words.wav");
        assertOneSentence(run);
    }

    @Test
    void anAudioFileOfAnotherRate() throws IOException {
        Path slow = folder.resolve("slow.wav");
        WavFile.write(slow, new PcmFormat(16_000), ByteBuffer.allocate(3_200));

        assertRefused(
                Run.with(WITH_KEY, "--provider", "swaram", "--audio", slow.toString()),
                "--audio does not do: " + slow + " is at 16000 Hz, and swaram takes 24000 Hz.");
    }

    @Test
    void anAddressThatWouldShowTheKey() {
        assertRefused(
                Run.with(WITH_KEY, "--provider", "swaram", "--audio", wav, "--url", "ws://example.org/v1/realtime"),
                "--url does not do: ws:// to example.org would send the key and the call unencrypted: use wss://, or"
                        + " allowInsecure() first.");
    }

    @Test
    void anAddressThatIsNone() {
        assertRefused(
                Run.with(WITH_KEY, "--provider", "swaram", "--audio", wav, "--url", "not an address"),
                "--url does not do: an endpoint looks like wss://host/path.");
    }

    @Test
    void aConnectionThatIsRefused() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Run run = live(wav, "ws://127.0.0.1:" + port + "/v1/realtime");

        assertThat(run.err()).startsWith("There is no call: ").doesNotContain("swaram_not_a_real_key");
        assertOneSentence(run);
    }

    @Test
    void aKeyThatTheServiceDoesNotTake() {
        try (RehearsalServer server = RehearsalServer.start(greeting())) {
            server.refuseNext(Refusal.closeCode(4001));
            Run run = live(wav, server.url().toString());

            assertThat(run.err()).startsWith("There is no call: ").doesNotContain("swaram_not_a_real_key");
            assertOneSentence(run);
        }
    }

    @Test
    void aDatabaseThatNoDriverKnows() {
        assertRefused(
                Run.of("--db", "jdbc:nobody:clinic", "--out", folder.toString()),
                "No call without the clinic's data: a database URL begins with jdbc:h2: or jdbc:postgresql:.");
    }

    @Test
    void aDatabaseThatDoesNotAnswer() {
        Run run = Run.of(
                "--db", "jdbc:postgresql://127.0.0.1:9/clinic?user=asha&password=secret", "--out", folder.toString());

        assertThat(run.err())
                .startsWith("No call without the clinic's data: the database cannot be opened: ")
                .doesNotContain("secret");
        assertOneSentence(run);
    }

    @Test
    void aDatabaseFileThatCannotBeMade() {
        Run run = Run.of("--db", "jdbc:h2:file:" + wav + "/clinic;PASSWORD=secret", "--out", folder.toString());

        assertThat(run.err())
                .startsWith("No call without the clinic's data: the database cannot be opened: ")
                .doesNotContain("secret");
        assertOneSentence(run);
    }

    @Test
    void aScriptThatIsNotThere() {
        assertRefused(
                Run.of("--script", "/nowhere/x.yaml", "--out", folder.toString()),
                "The script /nowhere/x.yaml cannot be read: name a YAML file that is there.");
    }

    @Test
    void aScriptThatIsNone() throws IOException {
        Path script = Files.writeString(folder.resolve("x.yaml"), "turns: 7");
        Run run = Run.of("--script", script.toString(), "--out", folder.toString());

        assertThat(run.err()).startsWith("The script does not do: ");
        assertOneSentence(run);
    }

    @Test
    void aFolderThatCannotBeMade() {
        assertRefused(Run.of("--out", wav), "--out does not do: " + wav + " cannot be made a folder.");
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

    private static void assertRefused(Run run, String sentence) {
        assertThat(run.err()).isEqualTo(sentence + System.lineSeparator());
        assertOneSentence(run);
    }

    private static void assertOneSentence(Run run) {
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).doesNotContain("\tat ", "Exception in").endsWith("." + System.lineSeparator());
        assertThat(run.err()).doesNotContain("..");
    }
}
