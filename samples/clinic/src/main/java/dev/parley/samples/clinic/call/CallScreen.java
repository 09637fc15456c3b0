package dev.parley.samples.clinic.call;

import dev.parley.audio.transcript.Turn;
import dev.parley.core.Clock;
import dev.parley.core.CloseReason;
import dev.parley.core.Interruption;
import dev.parley.core.Problem;
import dev.parley.core.SessionListener;
import dev.parley.core.ToolOutcome;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.ServerEvent.InputTranscript;
import dev.parley.core.event.ServerEvent.OutputText;
import dev.parley.core.event.ServerEvent.OutputTranscript;
import dev.parley.core.event.ServerEvent.ResponseDone;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Shows a call while it goes on: the time since it began, who, and what. The agent's words appear as they come.
 * Thread-safe.
 */
public final class CallScreen implements SessionListener {
    private static final String INDENT = " ".repeat(18);

    private final PrintStream out;
    private final Clock clock;
    private final long start;
    /** Whether the agent's words so far stand on a line that is not ended. */
    private boolean open;

    /** A screen whose time begins now. */
    public CallScreen(PrintStream out, Clock clock) {
        this.out = out;
        this.clock = clock;
        this.start = clock.nanoTime();
    }

    Clock clock() {
        return clock;
    }

    /** One line: who, and what. */
    synchronized void line(String who, String what) {
        endOpenLine();
        out.println(prefix(who) + what);
    }

    /** A line that goes with the one above. */
    synchronized void more(String what) {
        endOpenLine();
        out.println(INDENT + what);
    }

    @Override
    public synchronized void onEvent(VoiceSession session, ServerEvent event) {
        if (event instanceof OutputTranscript words) {
            agentSays(words.delta());
        } else if (event instanceof OutputText words) {
            agentSays(words.delta());
        } else if (event instanceof ResponseDone) {
            endOpenLine();
        } else if (event instanceof InputTranscript words) {
            line("caller", words.transcript());
        }
    }

    private void agentSays(String words) {
        if (!open) {
            out.print(prefix("agent"));
            open = true;
        }
        out.print(words);
        out.flush();
    }

    @Override
    public void onToolOutcome(VoiceSession session, ToolOutcome outcome) {
        line(
                "tool",
                outcome.request().name() + "  " + (outcome.ok() ? "ok" : "refused") + "  "
                        + outcome.took().toMillis() + " ms");
        String asked = JsonWords.of(outcome.request().argumentsJson());
        if (!asked.isBlank()) {
            more("asked   " + asked);
        }
        more("answer  " + JsonWords.ofOutput(outcome.output()));
    }

    @Override
    public void onInterrupted(VoiceSession session, Interruption interruption) {
        String who = switch (interruption.cause()) {
            case CALLER_SPOKE -> "the caller cut in";
            case REQUESTED -> "the reply was stopped";
            case PROVIDER -> "the provider stopped the reply";
        };
        cut(who + " when " + interruption.heard().toMillis() + " ms of the reply had been heard");
    }

    private synchronized void cut(String what) {
        if (open) {
            out.print("…");
        }
        line("cut", what);
    }

    @Override
    public void onProblem(VoiceSession session, Problem problem) {
        line("problem", problem.message());
    }

    @Override
    public void onClosed(VoiceSession session, CloseReason reason) {
        line("call", reason.kind() == CloseReason.Kind.CLOSED_BY_US ? "hung up" : "ended: " + reason.message());
    }

    /** What came of a call, and where it lies. */
    synchronized void summary(PhoneCall.Result call, CallFiles files) {
        endOpenLine();
        List<Turn> turns = call.transcript().turns();
        List<ToolOutcome> tools = call.facts().toolOutcomes();
        long lines =
                turns.stream().filter(turn -> turn.role() == Turn.Role.USER).count();
        long cut = turns.stream().filter(Turn::interrupted).count();
        long refused = tools.stream().filter(each -> !each.ok()).count();
        long slowest =
                tools.stream().mapToLong(each -> each.took().toMillis()).max().orElse(0);
        out.println();
        turns.stream().filter(Turn::interrupted).forEach(turn -> {
            out.println("  heard   " + turn.text());
            out.println("  unheard " + Objects.requireNonNullElse(turn.unheard(), ""));
        });
        out.println("  said    " + Count.of(lines, "line") + " by the caller, " + (turns.size() - lines)
                + " by the agent, " + cut + " cut short");
        out.println("  tools   " + Count.of(tools.size(), "call")
                + (tools.isEmpty() ? "" : ", " + refused + " refused, the slowest " + slowest + " ms"));
        out.println("  audio   " + seconds(call, call.counters().audioSent()) + " s sent, "
                + seconds(call, call.counters().audioReceived()) + " s received, "
                + seconds(call, call.playback().unplayed())
                + " s never played");
        out.println("  files   " + shortest(files.recording()));
        out.println("          " + shortest(files.captions()));
        out.println("          " + shortest(files.transcript()));
        out.println();
    }

    private static String seconds(PhoneCall.Result call, long bytes) {
        return String.format(
                Locale.ROOT, "%.1f", call.format().durationOfBytes(bytes).toMillis() / 1e3);
    }

    private static Path shortest(Path file) {
        Path here = Path.of("").toAbsolutePath();
        Path absolute = file.toAbsolutePath();
        return absolute.startsWith(here) ? here.relativize(absolute) : absolute;
    }

    private void endOpenLine() {
        if (open) {
            out.println();
            open = false;
        }
    }

    private String prefix(String who) {
        return String.format(Locale.ROOT, "%6.1f s  %-8s", (clock.nanoTime() - start) / 1e9, who);
    }
}
