package dev.parley.audio.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptionsTest {
    private static final Instant START = Instant.parse("2026-01-01T10:00:00Z");

    @Test
    void aCallAsCaptions(@TempDir Path folder) throws IOException {
        Conversation c = Conversation.played();
        c.after(500).speaks("u").after(1_000).pauses("u").words("u", "ഡോക്ടർ ഉണ്ടോ?");
        c.begins("r")
                .text("r", "i", "one two")
                .sound("r", "i", 2_000)
                .after(1_100)
                .bargesIn("r", "i");
        c.ends("r", "cancelled").returns("x", "f", "{}", "{}", 0);
        Path file = folder.resolve("made/c.vtt");
        Captions.webVtt().write(file, c.transcript);
        String vtt = Files.readString(file);
        assertThat(vtt).isEqualTo("""
                        WEBVTT

                        00:00:00.500 --> 00:00:01.500
                        <v Caller>ഡോക്ടർ ഉണ്ടോ?

                        00:00:01.500 --> 00:00:02.600
                        <v Agent>one
                        """);
        assertThat(VttParser.parse(vtt)).hasSize(2);
    }

    @Test
    void hostileTextStaysText() {
        String hostile = "a --> b <c>&amp; \n\n00:00:01.000 --> 00:00:02.000\r\n\u2028NOTE \0x";
        List<VttParser.Cue> cues = VttParser.parse(Captions.webVtt()
                .names("R&D <x>", "Ag\nent")
                .of(List.of(turn(1, Turn.Role.USER, hostile, 0, 10)), START));
        assertThat(cues).hasSize(1);
        assertThat(cues.get(0).speaker()).isEqualTo("R&D <x>");
        assertThat(cues.get(0).text()).isEqualTo("a --> b <c>&amp; 00:00:01.000 --> 00:00:02.000 \u2028NOTE x");
    }

    @Test
    void cuesAreInOrderAndNeverEmpty() {
        List<Turn> turns = List.of(
                turn(1, Turn.Role.ASSISTANT, "later", 3_600_000, 3_601_000),
                turn(2, Turn.Role.USER, "sooner", 250, 250),
                turn(3, Turn.Role.ASSISTANT, "", 300, 400),
                turn(4, Turn.Role.USER, "yesterday", -90_000, -80_000),
                turn(5, Turn.Role.USER, "since before", -1_000, 100));
        List<VttParser.Cue> cues = VttParser.parse(Captions.webVtt().of(turns, START));
        assertThat(cues)
                .containsExactly(
                        new VttParser.Cue(Duration.ZERO, Duration.ofMillis(100), "Caller", "since before"),
                        new VttParser.Cue(Duration.ofMillis(250), Duration.ofMillis(251), "Caller", "sooner"),
                        new VttParser.Cue(Duration.ofHours(1), Duration.ofSeconds(3_601), "Agent", "later"));
    }

    @Test
    void aCallWithoutWordsHasAFileWithoutCues() {
        assertThat(Captions.webVtt().of(List.of(), START)).isEqualTo("WEBVTT\n");
    }

    private static Turn turn(long position, Turn.Role role, String text, long fromMillis, long toMillis) {
        return new Turn(position, role, text, null, false, START.plusMillis(fromMillis), START.plusMillis(toMillis));
    }
}
