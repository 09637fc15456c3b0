package dev.parley.testkit.internal;

import dev.parley.testkit.Recording;
import dev.parley.testkit.Script;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares the caller's stream with the recordings that a script names, sample for sample. Zeros before a recording's
 * first and after its last sound do not count, so a recording is looked for from the first sound of its turn; between
 * recordings only zeros may come. After a difference the rest of that turn goes unchecked.
 */
final class CallerAudioCheck {
    /** So many zeros in a row part one line from the next after a turn that was not checked. */
    private static final int PARTING_ZEROS = Recording.SAMPLE_RATE / 50;

    private enum Mode {
        /** Zeros so far; the line begins with its first sound. */
        WAITING,
        /** Within the line. */
        MATCHING,
        /** The line came through whole; only zeros until the turn is heard. */
        MATCHED,
        /** This turn is not checked, or no more. */
        UNCHECKED,
        /** The unchecked turn was heard; waiting for the zeros behind it. */
        DRAINING
    }

    private final Script script;
    private final Consumer<String> differences;
    private int turn;
    private Mode mode = Mode.WAITING;
    private short @Nullable [] line;
    private int position;
    private int first;
    private int last;
    private boolean heard;

    /** Told when the turn is: the caller may still take it back. */
    private @Nullable String difference;

    private int zeros;

    CallerAudioCheck(Script script, int firstTurn, Consumer<String> differences) {
        this.script = script;
        this.differences = differences;
        begin(firstTurn);
    }

    void onSamples(short[] samples) {
        for (short sample : samples) {
            onSample(sample);
        }
    }

    private void onSample(short sample) {
        zeros = sample == 0 ? zeros + 1 : 0;
        switch (mode) {
            case WAITING -> {
                if (sample != 0) {
                    mode = Mode.MATCHING;
                    position = first;
                    match(sample);
                }
            }
            case MATCHING -> match(sample);
            case MATCHED -> {
                if (sample != 0) {
                    differ("goes on after the end of " + name());
                }
            }
            case UNCHECKED -> {}
            case DRAINING -> {
                if (zeros >= PARTING_ZEROS) {
                    begin(turn + 1);
                }
            }
        }
    }

    private void match(short sample) {
        if (line == null) {
            mode = Mode.UNCHECKED;
            return;
        }
        if (sample != line[position]) {
            differ("differs from " + name() + " at " + millis(position) + " ms: " + sample + " instead of "
                    + line[position]);
        } else if (position++ == last) {
            mode = Mode.MATCHED;
            if (heard) {
                begin(turn + 1);
            }
        }
    }

    private void differ(String how) {
        difference = "turn " + (turn + 1) + ": the caller's audio " + how;
        mode = heard ? Mode.DRAINING : Mode.UNCHECKED;
        if (heard) {
            tellDifference();
        }
    }

    private void tellDifference() {
        if (difference != null) {
            differences.accept(difference);
            difference = null;
        }
    }

    /** The turn detector took this turn for complete. A quiet end of its recording may still come. */
    void onTurnHeard() {
        tellDifference();
        switch (mode) {
            case MATCHING -> heard = true;
            case UNCHECKED -> mode = Mode.DRAINING;
            case DRAINING -> {
                begin(turn + 1);
                if (line != null) {
                    differences.accept(
                            "turn " + (turn + 1) + ": no silence parts " + name() + " from what came before");
                }
                mode = Mode.DRAINING;
            }
            case WAITING, MATCHED -> begin(turn + 1);
        }
    }

    /** Sound that was not yet a turn is taken back: whatever it was. */
    void onCleared() {
        difference = null;
        begin(turn);
    }

    /** No more audio comes. */
    void onClosed() {
        if (mode == Mode.MATCHING) {
            differ("stops at " + millis(position) + " ms of " + name());
        }
        tellDifference();
    }

    private void begin(int next) {
        turn = next;
        heard = false;
        zeros = 0;
        line = null;
        Recording recording =
                next < script.turns().size() ? script.turns().get(next).audio() : null;
        if (recording == null) {
            mode = Mode.UNCHECKED;
            return;
        }
        short[] samples = recording.samples();
        first = 0;
        last = samples.length - 1;
        while (first < last && samples[first] == 0) {
            first++;
        }
        while (last > first && samples[last] == 0) {
            last--;
        }
        line = samples;
        mode = Mode.WAITING;
    }

    private String name() {
        Recording recording = script.turns().get(turn).audio();
        return recording == null ? "nothing" : recording.name();
    }

    private static String millis(int sample) {
        return String.format(Locale.ROOT, "%.1f", sample * 1000.0 / Recording.SAMPLE_RATE);
    }
}
