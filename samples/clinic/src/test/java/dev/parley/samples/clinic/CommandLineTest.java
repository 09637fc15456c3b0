package dev.parley.samples.clinic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.audio.Microphone;
import dev.parley.audio.PcmFormat;
import dev.parley.audio.Resampler;
import dev.parley.audio.Speaker;
import dev.parley.audio.WavFile;
import dev.parley.testkit.Recording;
import dev.parley.testkit.Refusal;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Turn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
                        "--db",
                        "openai and compatible are not there yet",
                        "22.05",
                        "headset",
                        "--version");
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
                "The key in SWARAM_API_KEY cannot be used: the API key has a character at position 3 that no key has:"
                        + " check for line ends or quotes around it.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"swaram_clé", "\u201cswaram_x\u201d", "swaram x", "swaram\tx"})
    void aKeyWithAnOddCharacter(String key) {
        Run run = Run.with(Map.of("SWARAM_API_KEY", key), "--provider", "swaram", "--audio", wav);

        assertThat(run.err())
                .startsWith("The key in SWARAM_API_KEY cannot be used: the API key has a character at position ")
                .doesNotContain(key);
        assertOneSentence(run);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--provider",
                "--url",
                "--model",
                "--api-key-env",
                "--audio",
                "--text",
                "--out",
                "--script",
                "--db"
            })
    void anEmptyValue(String option) {
        assertRefused(Run.of(option, ""), option + " is empty: give it a value, or leave it out.");
    }

    @Test
    void theVersion() {
        Run run = Run.of("--version");

        assertThat(run.out()).matches("clinic \\d+\\.\\d+\\.\\d+\\S*\\R");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void aFaultOfTheProgramItself() {
        Map<String, String> broken = new AbstractMap<>() {
            @Override
            public Set<Entry<String, String>> entrySet() {
                throw new IllegalStateException("nobody thought of this\nat all.");
            }
        };
        String sentence = "The program has a fault, IllegalStateException: nobody thought of this.";

        assertThat(Run.with(broken).err()).isEqualTo(sentence + " --debug shows where." + System.lineSeparator());
        assertThat(Run.with(broken).exitCode()).isEqualTo(2);
        assertThat(Run.with(broken, "--debug").err())
                .startsWith(sentence + System.lineSeparator())
                .contains("\tat dev.parley.samples.clinic.Settings.");
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
                "Only one caller can speak: give --audio FILE or --mic, not both.");
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

        assertThat(run.err()).startsWith("--audio cannot be used: ").contains("missing.wav");
        assertOneSentence(run);
    }

    @Test
    void anAudioFileThatIsNoPcm16() throws IOException {
        Path text = Files.writeString(folder.resolve("words.wav"), "these are words");
        Run run = Run.with(WITH_KEY, "--provider", "swaram", "--audio", text.toString());

        assertThat(run.err()).startsWith("--audio cannot be used: ").contains("words.wav");
        assertOneSentence(run);
    }

    @Test
    void anAudioFileWithoutSamples() throws IOException {
        Path empty = folder.resolve("empty.wav");
        WavFile.write(empty, new PcmFormat(24_000), ByteBuffer.allocate(0));

        assertRefused(
                Run.with(WITH_KEY, "--provider", "swaram", "--audio", empty.toString()),
                "--audio cannot be used: " + empty + " has no samples in it: name a recording of somebody.");
    }

    /** A machine that has sound would wait for somebody to speak. */
    @Test
    @DisabledIf("thereIsSound")
    void aMachineWithoutSound() {
        Run run = Run.with(WITH_KEY, "--provider", "swaram", "--mic", "--out", folder.toString());

        assertThat(run.err())
                .startsWith("--mic cannot be used: this machine has no ")
                .contains("give --audio FILE instead")
                .doesNotContain("WavFile");
        assertOneSentence(run);
    }

    static boolean thereIsSound() {
        return !Microphone.names().isEmpty() && !Speaker.names().isEmpty();
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
    void aDatabaseInMemoryWithoutAName() {
        assertRefused(
                Run.of("--db", "jdbc:h2:mem:", "--out", folder.toString()),
                "No call without the clinic's data: a database in memory needs a name, as in jdbc:h2:mem:clinic, or each"
                        + " connection has its own.");
    }

    @Test
    void aDatabaseFileWhosePathIsRelative() {
        assertRefused(
                Run.of("--db", "jdbc:h2:file:relative;PASSWORD=secret", "--out", folder.toString()),
                "No call without the clinic's data: the database cannot be opened: A file path that is implicitly relative"
                        + " to the current working directory is not allowed in the database URL: Use an absolute path,"
                        + " ~/name, ./name, or the baseDir setting instead.");
    }

    @Test
    void aDatabaseUrlThatCannotBeReadIsNotShown() {
        assertRefused(
                Run.of("--db", "jdbc:postgresql://host:99999999/x?password=secret", "--out", folder.toString()),
                "No call without the clinic's data: the database cannot be opened: Unable to parse URL.");
    }

    @Test
    void aDatabaseFileThatCannotBeWrittenPrintsNoLogOfItsOwn() {
        PrintStream realErr = System.err;
        PrintStream realOut = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (PrintStream capture = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            System.setErr(capture);
            System.setOut(capture);
            Run run = Run.of("--db", "jdbc:h2:/nowhere/../proc/x", "--out", folder.toString());

            assertThat(run.err()).startsWith("No call without the clinic's data: the database cannot be opened: ");
            assertOneSentence(run);
        } finally {
            System.setErr(realErr);
            System.setOut(realOut);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
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

        assertThat(run.err()).startsWith("The script cannot be played: ");
        assertOneSentence(run);
    }

    @Test
    void aScriptThatIsAFolder() {
        assertRefused(
                Run.of("--script", folder.toString(), "--out", folder.toString()),
                "The script " + folder + " is a folder: name the YAML file in it that you want.");
    }

    @Test
    void aScriptThatIsNoText() throws IOException {
        Path control = Files.write(folder.resolve("control.yaml"), new byte[] {'P', 'K', 3, 4});
        assertRefused(
                Run.of("--script", control.toString(), "--out", folder.toString()),
                "The script cannot be played: " + control + " is not YAML: line 1, special characters are not allowed:"
                        + " check the indentation, quotes and brackets there.");
        assertRefused(
                Run.of(
                        "--script",
                        Files.write(folder.resolve("bytes.yaml"), new byte[] {(byte) 0xff, 0})
                                .toString(),
                        "--out",
                        folder.toString()),
                "The script cannot be played: cannot read the script " + folder.resolve("bytes.yaml")
                        + ": name a UTF-8 text file that is there.");
    }

    @Test
    void aScriptWithFaultyYaml() throws IOException {
        Path script = Files.writeString(folder.resolve("x.yaml"), "turns:\n  - hear: [\n");
        Run run = Run.of("--script", script.toString(), "--out", folder.toString());

        assertThat(run.err()).startsWith("The script cannot be played: " + script + " is not YAML: line ");
        assertOneSentence(run);
    }

    @Test
    void aFolderThatCannotBeMade() {
        assertRefused(Run.of("--out", wav), "--out cannot be used: " + wav + " cannot be made a folder: name another.");
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
