package dev.parley.samples.clinic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.testkit.Recording;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole calls over a real WebSocket, at the pace of real speech; their files read back by readers of their own. */
class RehearsedCallTest {
    private static final Path CALL = Path.of("src/main/resources/dev/parley/samples/clinic/call");
    private static final int FADE = 24 * 20;

    @TempDir
    private Path folder;

    @Test
    void aCallWhoseBookingNeverHappensDidNotGoAsItShould() {
        Run run = Run.of("--script", CALL.resolve("never-booked.yaml").toString(), "--out", folder.toString());

        assertThat(run.err())
                .isEqualTo(String.format("The call did not go as it should:%n- no appointment was booked%n"));
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void theWholeCallOfTheSampleGoesAsItShould() throws IOException {
        long start = System.nanoTime();

        Run run = Run.of("--out", folder.toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("said    7 lines by the caller, 8 by the agent, 1 cut short")
                .contains("tools   6 calls, 1 refused, ")
                .endsWith(String.format("  All went as it should.%n"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(90));
        WebVtt.Cue greeting =
                WebVtt.parse(Files.readString(folder.resolve("captions.vtt"))).get(0);
        short[] agent = stereo(folder.resolve("call.wav"))[1];
        int silentBefore = firstSound(recording("agent/greeting.wav"), 0);
        assertThat(greeting.startMillis())
                .as("the greeting's caption is in step with its sound")
                .isCloseTo((firstSound(agent, 0) - silentBefore) / 24, Offset.offset(25L));
    }

    @Test
    void aScriptOfSomebodyElseNeedsNoBookingAndNoRecordings() throws IOException {
        Path script = Files.writeString(folder.resolve("mine.yaml"), """
                name: mine
                greeting: {say: Good day.}
                turns:
                  - hear: Anybody there?
                    responses:
                      - say: Yes.
                """);

        Run run = Run.of(
                "--script", script.toString(), "--out", folder.resolve("out").toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("said    1 line by the caller, 2 by the agent, 0 cut short");
    }

    @Test
    void aScriptOfSomebodyElseIsStillHeldToWhatItExpects() throws IOException {
        Path script = Files.writeString(folder.resolve("mine.yaml"), """
                name: mine
                turns:
                  - hear: Who is there?
                    responses:
                      - calls: [{name: no_such_tool, expect: {ok: true}}]
                      - say: I see.
                """);

        Run run = Run.of(
                "--script", script.toString(), "--out", folder.resolve("out").toString());

        assertThat(run.err()).startsWith("The call did not go as it should:").contains("no_such_tool");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("tools   1 call, 1 refused, ").doesNotContain("asked");
    }

    @Test
    void aCallThatGoesAsItShouldLeavesItsTranscriptCaptionsAndRecording() throws IOException {
        Run run = Run.of("--script", "src/test/resources/short.yaml", "--out", folder.toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("tool    book_appointment  ok  ")
                .contains("tool    check_availability  refused  ")
                .contains("cut     the caller cut in when ")
                .contains("said    2 lines by the caller, 2 by the agent, 1 cut short")
                .contains("tools   2 calls, 1 refused, ")
                .endsWith(String.format("  All went as it should.%n"));
        int heardMillis = number(run.out(), "cut in when (\\d+) ms");
        assertThat(heardMillis).isBetween(1500, 1800);
        checkTranscript();
        checkCaptions();
        checkRecording(heardMillis);
    }

    private void checkTranscript() throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> entries = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("transcript.jsonl"))) {
            entries.add(json.readTree(line));
        }
        entries.sort((a, b) ->
                Integer.compare(a.path("position").asInt(), b.path("position").asInt()));

        assertThat(entries)
                .extracting(entry -> entry.path("kind").asText() + " "
                        + entry.path("role").asText(entry.path("name").asText()))
                .containsExactly(
                        "turn user",
                        "tool book_appointment",
                        "tool check_availability",
                        "turn assistant",
                        "turn user",
                        "turn assistant");
        assertThat(entries.get(1).path("ok").asBoolean()).isTrue();
        assertThat(entries.get(2).path("ok").asBoolean()).isFalse();
        JsonNode cut = entries.get(3);
        assertThat(cut.path("interrupted").asBoolean()).isTrue();
        assertThat(cut.path("text").asText()).startsWith("രണ്ടുപേരും ഉണ്ട്.");
        assertThat(cut.path("unheard").asText()).isNotBlank();
        assertThat(entries.get(5).path("interrupted").asBoolean()).isFalse();
    }

    private void checkCaptions() throws IOException {
        List<WebVtt.Cue> cues = WebVtt.parse(Files.readString(folder.resolve("captions.vtt")));

        assertThat(cues).extracting(WebVtt.Cue::voice).containsExactly("Caller", "Agent", "Caller", "Agent");
        assertThat(cues.get(0).text()).isEqualTo("നാളെ ഡോക്ടർ ലക്ഷ്മി മേനോൻ ഉണ്ടോ?");
        assertThat(cues).allSatisfy(cue -> assertThat(cue.endMillis()).isGreaterThan(cue.startMillis()));
        assertThat(cues).isSortedAccordingTo((a, b) -> Long.compare(a.startMillis(), b.startMillis()));
    }

    private void checkRecording(int heardMillis) throws IOException {
        short[][] sides = stereo(folder.resolve("call.wav"));

        short[] left = sides[0];
        int at = firstSound(left, 0);
        at = assertHolds(left, at, recording("caller/01-ask.wav"), Integer.MAX_VALUE);
        at = assertHolds(left, firstSound(left, at), recording("caller/05-enough.wav"), Integer.MAX_VALUE);
        assertThat(firstSound(left, at)).isEqualTo(left.length);

        short[] right = sides[1];
        short[] longReply = recording("agent/04-long.wav");
        int start = firstSound(right, 0);
        int leadingSilence = firstSound(longReply, 0);
        at = assertHolds(right, start, longReply, heardMillis * 24 - leadingSilence);
        int nextSound = firstSound(right, at + FADE);
        assertThat(nextSound - at).as("silence after the fade").isGreaterThan(24_000);
        at = assertHolds(right, nextSound, recording("agent/05-what-else.wav"), Integer.MAX_VALUE);
        assertThat(firstSound(right, at)).isEqualTo(right.length);
    }

    /** From its first sound on, at most so many samples; the index after them. */
    private static int assertHolds(short[] channel, int from, short[] expected, int most) {
        int first = firstSound(expected, 0);
        int end = expected.length;
        while (expected[end - 1] == 0) {
            end--;
        }
        int count = Math.min(most, end - first);
        assertThat(Arrays.copyOfRange(channel, from, from + count))
                .isEqualTo(Arrays.copyOfRange(expected, first, first + count));
        return from + count;
    }

    private static int firstSound(short[] samples, int from) {
        int at = from;
        while (at < samples.length && samples[at] == 0) {
            at++;
        }
        return at;
    }

    private static short[] recording(String name) {
        return Recording.wav(CALL.resolve(name)).samples();
    }

    /** Reads a canonical WAV file by its documented layout, with no help of ours. */
    private static short[][] stereo(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                DataInputStream data = new DataInputStream(in)) {
            byte[] head = new byte[44];
            data.readFully(head);
            ByteBuffer header = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
            assertThat(header.getShort(20)).as("PCM").isEqualTo((short) 1);
            assertThat(header.getShort(22)).as("channels").isEqualTo((short) 2);
            assertThat(header.getInt(24)).as("rate").isEqualTo(24_000);
            assertThat(header.getShort(34)).as("bits").isEqualTo((short) 16);
            ByteBuffer frames = ByteBuffer.wrap(data.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
            assertThat(header.getInt(40)).as("bytes of data").isEqualTo(frames.remaining());
            short[][] sides = new short[2][frames.remaining() / 4];
            for (int i = 0; frames.hasRemaining(); i++) {
                sides[0][i] = frames.getShort();
                sides[1][i] = frames.getShort();
            }
            return sides;
        }
    }

    private static int number(String text, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(text);
        assertThat(found.find()).as(pattern).isTrue();
        return Integer.parseInt(found.group(1));
    }
}
