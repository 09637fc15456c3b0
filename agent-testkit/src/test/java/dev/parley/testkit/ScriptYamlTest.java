package dev.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptYamlTest {
    @TempDir
    private Path folder;

    private Path write(String yaml) throws IOException {
        Path file = folder.resolve("script.yaml");
        Files.writeString(file, yaml);
        return file;
    }

    static byte[] wav(Recording recording, int rate, int channels) {
        byte[] data = recording.pcm16().array();
        ByteBuffer file = ByteBuffer.allocate(44 + data.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + data.length);
        file.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
        file.putShort((short) 1).putShort((short) channels).putInt(rate);
        file.putInt(rate * channels * 2).putShort((short) (channels * 2)).putShort((short) 16);
        file.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(data.length).put(data);
        return file.array();
    }

    @Test
    void aFileSaysTheSameAsTheJava() throws IOException {
        Recording line = Recording.tone(Duration.ofMillis(700));
        Files.createDirectory(folder.resolve("caller"));
        Files.write(folder.resolve("caller/01.wav"), wav(line, 24_000, 1));
        Script script = Script.load(write("""
                        name: clinic
                        greeting: {say: "Welcome.", audio: caller/01.wav}
                        turns:
                          - hear: Is the doctor in?
                            audio: caller/01.wav
                            responses:
                              - calls:
                                  - {name: check, arguments: {doctor: nair, date: "${date:+1}"}, expect: {ok: true}}
                                  - {name: book, arguments: "{broken", expect: {ok: false, code: invalid_json}}
                                  - {name: hang_up, expect: {ok: false, code: invalid_arguments, argument: phone}}
                                interrupted: true
                              - say: She is.
                                audio: caller/01.wav
                                interrupted: true
                          - hear: Thanks.
                            responses: [{say: Bye.}]
                        """));

        assertThat(script.name()).isEqualTo("clinic");
        Speech greeting = script.greeting();
        assertThat(greeting).isNotNull();
        assertThat(greeting.text()).isEqualTo("Welcome.");
        assertThat(script.turns()).hasSize(2);
        Turn first = script.turns().get(0);
        assertThat(first.audio()).isNotNull();
        assertThat(first.audio().samples()).isEqualTo(line.samples());
        assertThat(first.audio().name())
                .isEqualTo(folder.resolve("caller/01.wav").toString());
        assertThat(first.steps().get(0))
                .isEqualTo(Calls.of(
                                Call.to("check")
                                        .with("doctor", "nair")
                                        .with("date", "${date:+1}")
                                        .expectOk(),
                                Call.to("book").withRaw("{broken").expectError("invalid_json"),
                                Call.to("hang_up").expectInvalid("phone"))
                        .expectInterruption());
        assertThat(first.steps().get(1)).isInstanceOfSatisfying(Speech.class, speech -> {
            assertThat(speech.text()).isEqualTo("She is.");
            assertThat(speech.interrupted()).isTrue();
        });
        assertThat(script.turns().get(1)).isEqualTo(Turn.hear("Thanks.").says("Bye."));
    }

    @Test
    void whatOnlyOpenAiHasCanBeWrittenToo() throws IOException {
        Script script = Script.load(write("""
                dialect: openai
                asides: [{say: complaint}]
                turns:
                  - {hear: a, transcript: after, responses: [{say: b}]}
                  - {hear: c, responses: [{say: d}]}
                """));

        assertThat(script.dialect()).isEqualTo(RehearsalDialect.OPENAI);
        assertThat(script.asides()).containsExactly(Speech.of("complaint"));
        assertThat(script.turns().get(0).transcriptTiming(1)).isEqualTo(TranscriptTiming.AFTER_REPLY);
        assertThat(script.turns().get(1).transcriptTiming(2)).isEqualTo(TranscriptTiming.DURING_REPLY);
        assertThat(script.turns().get(1).transcriptTiming(1)).isEqualTo(TranscriptTiming.BEFORE_REPLY);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    name: x\\nturns:\\n\\t- hear: y\\n | line 3, found character '\\t(TAB)' that cannot start any token
                    turns: []\\nname: "x\\n | line 2, found unexpected end of stream
                    a: 1\\na: 2\\n | line 2, Duplicate field 'a'
                    turns:\\n  - hear: x\\n responses: []\\n | line 3, expected <block end>, but found '<block mapping start>'
                    """)
    void faultyYamlIsToldInOneSentenceWithItsLine(String yaml, String fault) throws IOException {
        Path file = write(yaml.replace("\\n", "\n").replace("\\t", "\t"));

        assertThatThrownBy(() -> Script.load(file))
                .isInstanceOf(ScriptException.class)
                .hasMessage(file + " is not YAML: " + fault + ": check the indentation, quotes and brackets there");
    }

    @Test
    void everyStepCanBeWritten() throws IOException {
        Script script = Script.load(write("""
                turns:
                  - hear: a
                    responses:
                      - send: "{broken"
                      - send: {type: weather.changed, rain: true}
                      - pause: 1500ms
                      - {calls: [{name: f}], faults: [name-elsewhere, done-early]}
                      - {say: b, faults: [odd-pieces]}
                      - close: 1013
                  - hear: c
                    responses:
                      - drop: true
                """));

        assertThat(script.turns().get(0).steps())
                .containsExactly(
                        new RawMessage("{broken"),
                        new RawMessage("{\"type\":\"weather.changed\",\"rain\":true}"),
                        new Pause(Duration.ofMillis(1_500)),
                        Calls.of(Call.to("f")).with(Fault.NAME_ELSEWHERE, Fault.DONE_EARLY),
                        Speech.of("b").with(Fault.ODD_PIECES),
                        HangUp.withCode(1013));
        assertThat(script.turns().get(1).steps()).containsExactly(HangUp.dropped());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {a: [} | is not YAML: line 1, expected the node content, but found '}': check the indentation, quotes and brackets there
                    [] | , the script: it must have keys: asides, dialect, greeting, name, turns
                    {turns: [], voice: x} | , the script: the key voice is not known; write asides, dialect, greeting, name, turns
                    {turns: [], dialect: azure} | , the script: the dialect azure is not known; write openai, swaram
                    {turns: [], asides: {}} | , the script: asides must be a list
                    {turns: [], asides: [{}]} | , aside 1: it needs say, calls, send, pause, close or drop
                    {turns: [{hear: a, transcript: soon, responses: []}]} | , turn 1: the transcript soon is not known; write after, before, during
                    {turns: {}} | , the script: turns must be a list
                    {greeting: {}, turns: []} | , the greeting: it needs say, calls, send, pause, close or drop
                    {turns: [{responses: []}]} | , turn 1: it needs hear, a text that is not empty
                    {turns: [{hear: a, say: b}]} | , turn 1: the key say is not known; write audio, hear, responses, transcript
                    {turns: [{hear: a}]} | , turn 1: responses must be a list
                    {name: n, turns: [{hear: a, responses: []}]} | : n, turn 1 has no response: add what the server says to it
                    {turns: [{hear: a, responses: []}]} | , turn 1 has no response: add what the server says to it
                    {name: n, turns: [{hear: a, responses: [{calls: [{name: f}]}]}]} | \
                        : n, turn 1 ends with calls: add what the server says after their outputs, since it always goes on
                    {turns: [{hear: a, responses: [{calls: []}]}]} | , turn 1, response 1: calls must be a list with at least one call
                    {turns: [{hear: a, responses: [{say: b}, {}]}]} | , turn 1, response 2: it needs say, calls, send, pause, close or drop
                    {turns: [{hear: a, responses: [{say: b, interrupted: perhaps}]}]} | , turn 1, response 1: interrupted must be true or false
                    {turns: [{hear: a, responses: [{calls: [{name: f}, {arguments: {}}]}]}]} | \
                        , turn 1, response 1, call 2: it needs name, a text that is not empty
                    {turns: [{hear: a, responses: [{calls: [{name: f, arguments: 7}]}]}]} | \
                        , turn 1, response 1, call 1: arguments must be an object, or a string for arguments that are not JSON
                    {turns: [{hear: a, responses: [{calls: [{name: f, arguments: {d: "${day:1}"}}]}]}]} | \
                        , turn 1, response 1, call 1: ${day:1} is not known: write ${date:+1}, ${date:MONDAY}, \
                    ${date:MONDAY+1w} or ${output:TOOL.path}
                    {turns: [{hear: a, responses: [{calls: [{name: f, expect: {}}]}]}]} | , turn 1, response 1, call 1: expect needs ok, true or false
                    {turns: [{hear: a, responses: [{calls: [{name: f, expect: {ok: true, code: x}}]}]}]} | \
                        , turn 1, response 1, call 1: an output that is ok has no error code and no argument: leave them out
                    {turns: [{hear: a, responses: [{pause: soon}]}]} | , turn 1, response 1: a duration is written 200ms, 5s or 2m, not soon
                    {turns: [{hear: a, responses: [{pause: 11m}]}]} | , turn 1, response 1: a pause lasts up to 10 minutes, not PT11M
                    {turns: [{hear: a, responses: [{close: 7}]}]} | , turn 1, response 1: close codes are 1000 to 4999, not 7
                    {turns: [{hear: a, responses: [{drop: maybe}]}]} | , turn 1, response 1: drop must be true or false
                    {turns: [{hear: a, responses: [{say: b, faults: [loud]}]}]} | \
                        , turn 1, response 1: the fault loud is not known; write broken-messages, created-late, \
                    done-early, half-sample, late-audio, name-elsewhere, no-ids, odd-pieces, repeated-calls, unknown-events
                    {turns: [{hear: a, responses: [{say: b, faults: [done-early]}]}]} | \
                        , turn 1, response 1: the fault DONE_EARLY is for calls, not for speech
                    {turns: [{hear: a, responses: [{say: b, faults: odd-pieces}]}]} | , turn 1, response 1: faults must be a list
                    {name: n, turns: [{hear: a, responses: [{close: 1000}, {say: b}]}]} | \
                        : n, turn 1 goes on after it hung up: put what follows into the next turn
                    {name: n, turns: [{hear: a, responses: [{calls: [{name: f}, {name: g, arguments: {x: \
                    "${output:f.id}"}}]}, {say: b}]}]} | \
                        : n, turn 1: g uses the output of f, which no earlier response calls: name a tool that was called before
                    {turns: [{hear: a, audio: none.wav, responses: []}]} | , turn 1: FOLDER/none.wav does not exist: check the name
                    """)
    void aFaultNamesTheFileThePlaceAndTheMend(String yaml, String message) throws IOException {
        Path file = write(yaml);

        String expected = message.startsWith("is") ? file + " " + message : file + message;
        assertThatThrownBy(() -> Script.load(file))
                .isInstanceOf(ScriptException.class)
                .satisfies(e -> assertThat(e.getMessage())
                        .matches(Pattern.quote(expected.replace("FOLDER", folder.toString()))
                                .replace("*", "\\E[^\\x00]*\\Q")));
    }

    @Test
    void anAudioFileOfAnotherKindIsAFault() throws IOException {
        Recording line = Recording.tone(Duration.ofMillis(100));
        Path file = write("{turns: [{hear: a, audio: a.wav, responses: [{say: b}]}]}");
        Path wav = folder.resolve("a.wav");

        Files.write(wav, wav(line, 16_000, 2));
        assertThatThrownBy(() -> Script.load(file))
                .hasMessage(file + ", turn 1: " + wav
                        + " must be mono at 24000 Hz, and it has 2 channels at 16000 Hz: convert it");

        Files.write(wav, new byte[3]);
        assertThatThrownBy(() -> Script.load(file))
                .isInstanceOf(ScriptException.class)
                .hasMessageStartingWith(file + ", turn 1: " + wav + " is not a WAV file");
    }

    @Test
    void aScriptComesFromTheClassPathWithItsAudioBesideIt() {
        Script script = Script.loadResource("rehearsals/hello.yaml");

        assertThat(script.name()).isEqualTo("hello");
        Recording audio = script.turns().get(0).audio();
        assertThat(audio).isNotNull();
        assertThat(audio.name()).isEqualTo("rehearsals/caller/hello.wav");
        assertThat(audio.length()).isEqualTo(Duration.ofMillis(400));
        assertThatThrownBy(() -> Script.loadResource("rehearsals/none.yaml"))
                .isInstanceOf(ScriptException.class)
                .hasMessage("there is no rehearsals/none.yaml on the class path");
    }

    @Test
    void aRecordingThatWouldBeHeardAsTwoTurnsIsAFaultAtTheStart() {
        Recording paused = Recording.of(
                "paused.wav",
                Recording.tone(Duration.ofMillis(500))
                        .then(Recording.silence(Duration.ofMillis(600)))
                        .then(Recording.tone(Duration.ofMillis(500)))
                        .samples());
        Script script = Script.named("two in one")
                .turn(Turn.hear("a").spokenAs(paused).says("b"))
                .build();

        assertThatThrownBy(() -> RehearsalServer.start(script))
                .isInstanceOf(ScriptException.class)
                .hasMessage("two in one, turn 1: paused.wav would be heard as 2 turns: shorten its pauses to less than"
                        + " 500 ms, or let the server wait longer");
        RehearsalServer.builder()
                .script(script)
                .silence(Duration.ofMillis(700))
                .start()
                .close();
    }
}
