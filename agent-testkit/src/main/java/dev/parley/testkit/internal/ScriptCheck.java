package dev.parley.testkit.internal;

import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalDialect;
import dev.parley.testkit.Script;
import dev.parley.testkit.ScriptException;
import java.util.Arrays;

/** What in a script this server could not play, found before anybody connects. */
final class ScriptCheck {
    private ScriptCheck() {}

    static void check(RehearsalSettings settings) {
        Script script = settings.script();
        if (settings.dialect() == RehearsalDialect.SWARAM && !script.asides().isEmpty()) {
            throw new ScriptException(script.name()
                    + " has asides, and swaram answers no requests out of band: leave them out, or let the server speak"
                    + " OpenAI's dialect");
        }
        for (int i = 0; i < script.turns().size(); i++) {
            checkRecording(settings, i);
        }
    }

    /** Each recording must be one turn to this server's ears, or the script would slip by a turn. */
    private static void checkRecording(RehearsalSettings settings, int turn) {
        Recording recording = settings.script().turns().get(turn).audio();
        if (recording == null) {
            return;
        }
        int heard = turnsIn(recording.then(Recording.silence(settings.silence())), settings.silenceMs());
        if (heard != 1) {
            throw new ScriptException(settings.script().name() + ", turn " + (turn + 1) + ": " + recording.name()
                    + (heard == 0
                            ? " has no speech that the server would hear: make it louder"
                            : " would be heard as " + heard + " turns: shorten its pauses to less than "
                                    + settings.silenceMs() + " ms, or let the server wait longer"));
        }
    }

    private static int turnsIn(Recording recording, int silenceMs) {
        TurnDetector detector = new TurnDetector(silenceMs);
        short[] samples = recording.samples();
        int turns = 0;
        for (int from = 0; from < samples.length; from += TurnDetector.FRAME) {
            short[] frame = Arrays.copyOf(
                    Arrays.copyOfRange(samples, from, Math.min(samples.length, from + TurnDetector.FRAME)),
                    TurnDetector.FRAME);
            if (detector.onFrame(frame) == TurnDetector.Change.SPEECH_STOPPED) {
                turns++;
            }
        }
        return turns;
    }
}
