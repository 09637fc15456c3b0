package dev.parley.samples.clinic.call;

import dev.parley.core.Interruption;
import dev.parley.core.Problem;
import dev.parley.core.SessionListener;
import dev.parley.core.ToolOutcome;
import dev.parley.core.VoiceSession;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a call's checks and its summary ask for. For one session; thread-safe. */
final class CallFacts implements SessionListener {
    private final List<ToolOutcome> toolOutcomes = new CopyOnWriteArrayList<>();
    private final List<Interruption> interruptions = new CopyOnWriteArrayList<>();
    private final List<Problem> problems = new CopyOnWriteArrayList<>();

    @Override
    public void onToolOutcome(VoiceSession session, ToolOutcome outcome) {
        toolOutcomes.add(outcome);
    }

    @Override
    public void onInterrupted(VoiceSession session, Interruption interruption) {
        interruptions.add(interruption);
    }

    @Override
    public void onProblem(VoiceSession session, Problem problem) {
        problems.add(problem);
    }

    List<ToolOutcome> toolOutcomes() {
        return List.copyOf(toolOutcomes);
    }

    List<Interruption> interruptions() {
        return List.copyOf(interruptions);
    }

    List<Problem> problems() {
        return List.copyOf(problems);
    }
}
