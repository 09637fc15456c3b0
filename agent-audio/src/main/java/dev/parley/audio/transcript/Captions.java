package dev.parley.audio.transcript;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * A conversation as WebVTT captions: one cue a turn, with the speaker in a voice tag, timed from the start of the call, in
 * step with the call's recording. Only what was heard is shown. Immutable.
 */
public final class Captions {
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final String caller;
    private final String agent;

    private Captions(String caller, String agent) {
        this.caller = caller;
        this.agent = agent;
    }

    /** Captions that name the speakers {@code Caller} and {@code Agent}. */
    public static Captions webVtt() {
        return new Captions("Caller", "Agent");
    }

    /** The same captions with other names for the speakers. */
    public Captions names(String forCaller, String forAgent) {
        return new Captions(forCaller, forAgent);
    }

    /** The captions of a session's own turns. */
    public String of(Transcript transcript) {
        return of(transcript.turns(), transcript.startedAt());
    }

    /**
     * The captions of some turns.
     *
     * @param callStart the time that cues count from; turns that ended before it are left out
     * @return a WebVTT file's text
     */
    public String of(List<Turn> turns, Instant callStart) {
        StringBuilder vtt = new StringBuilder("WEBVTT\n");
        turns.stream()
                .filter(turn -> !turn.text().isBlank() && !turn.endedAt().isBefore(callStart))
                .sorted(Comparator.comparing(Turn::startedAt).thenComparingLong(Turn::position))
                .forEach(turn -> cue(vtt, turn, callStart));
        return vtt.toString();
    }

    /** Writes the captions of a session's own turns to a file, as UTF-8; folders are made. */
    public void write(Path file, Transcript transcript) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.writeString(file, of(transcript));
    }

    private void cue(StringBuilder vtt, Turn turn, Instant callStart) {
        Duration from = atLeast(Duration.between(callStart, turn.startedAt()), Duration.ZERO);
        Duration to = atLeast(Duration.between(callStart, turn.endedAt()), from.plus(SHORTEST));
        String speaker = turn.role() == Turn.Role.USER ? caller : agent;
        vtt.append('\n')
                .append(time(from))
                .append(" --> ")
                .append(time(to))
                .append("\n<v ")
                .append(escaped(speaker))
                .append('>')
                .append(escaped(turn.text()))
                .append('\n');
    }

    private static Duration atLeast(Duration span, Duration least) {
        return span.compareTo(least) < 0 ? least : span;
    }

    private static String time(Duration at) {
        return String.format(
                Locale.ROOT,
                "%02d:%02d:%02d.%03d",
                at.toHours(),
                at.toMinutesPart(),
                at.toSecondsPart(),
                at.toMillisPart());
    }

    /** One line, since an empty line would end the cue; and no character that begins a tag, a reference or an arrow. */
    private static String escaped(String text) {
        return text.strip()
                .replaceAll("\\s+", " ")
                .replace("\0", "")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;");
    }
}
