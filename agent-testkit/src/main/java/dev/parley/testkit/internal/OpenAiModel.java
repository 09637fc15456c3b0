package dev.parley.testkit.internal;

import dev.parley.core.Clock;
import dev.parley.testkit.Call;
import dev.parley.testkit.Calls;
import dev.parley.testkit.HangUp;
import dev.parley.testkit.Pause;
import dev.parley.testkit.RawMessage;
import dev.parley.testkit.Script;
import dev.parley.testkit.Speech;
import dev.parley.testkit.Step;
import dev.parley.testkit.Turn;
import dev.parley.testkit.Violation.Kind;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The scripted model behind an OpenAI conversation: what it says to each turn, and when it may. Confined to the
 * connection's monitor.
 *
 * <p>A turn that is heard puts its steps in a queue. A response plays the steps up to its calls, or to the turn's last
 * words; it begins when the server creates it for a turn that it found, or when the client asks. What speaks to nobody (a
 * message as written, a pause, a hang-up) runs by itself once nothing else is left.
 */
final class OpenAiModel implements OpenAiResponse.Host {
    private final Script script;
    private final OpenAiResponse.Stage stage;
    private final OpenAiItems items;
    private final OpenAiTranscripts transcripts;
    private final Findings findings;
    private final ZoneId zone;
    private final BooleanSupplier callerSpeaks;
    private final CallBook calls;

    private int turnsHeard;
    private boolean greeted;
    private int asidesSaid;
    private boolean handedOver;
    private boolean audioSent;
    private String where = "";
    private @Nullable String pendingText;
    private final Deque<Step> queue = new ArrayDeque<>();
    private List<Step> afterLateOutputs = List.of();
    private final Set<String> clientsCalls = new HashSet<>();
    private final Map<String, OpenAiResponse> asides = new HashMap<>();
    private @Nullable OpenAiResponse active;
    private @Nullable OpenAiResponse latest;
    private Clock.@Nullable Timer thinking;

    OpenAiModel(
            RehearsalSettings settings,
            int firstTurn,
            OpenAiResponse.Stage stage,
            OpenAiItems items,
            OpenAiTranscripts transcripts,
            Findings findings,
            BooleanSupplier callerSpeaks) {
        this.script = settings.script();
        this.zone = settings.zone();
        this.turnsHeard = firstTurn;
        this.stage = stage;
        this.items = items;
        this.transcripts = transcripts;
        this.findings = findings;
        this.callerSpeaks = callerSpeaks;
        this.calls = new CallBook(findings::mismatch);
    }

    /** The caller began to speak, and cuts the reply short where the session has it so. */
    void onCallerSpoke(boolean interrupts) {
        OpenAiResponse cut = active;
        if (cut != null && !interrupts) {
            return;
        }
        boolean left = !queue.isEmpty() || thinking != null || (cut != null && cut.stepsLeft());
        if (cut != null) {
            active = null;
            cut.cut("cancelled", "turn_detected");
            noteInterruption(cut, "the caller spoke");
        } else if (latest != null && latest.mustBeCut() && latest.audible()) {
            // all of it was sent, and the caller still heard it: the client's player has to stop
            latest = null;
        }
        if (calls.waiting()) {
            calls.interrupt(where, List.copyOf(queue));
        } else if (left) {
            findings.mismatch(where + ": the caller spoke before the turn was over");
        }
        queue.clear();
        stopThinking();
    }

    /** The next turn of the script, now heard; null where there is none. */
    @Nullable
    Turn hearTurn() {
        noteMissingInterruption();
        pendingText = null;
        if (turnsHeard >= script.turns().size()) {
            findings.mismatch("the caller spoke after the script's last turn");
            return null;
        }
        if (turnsHeard == 0 && script.greeting() != null && !greeted) {
            findings.mismatch("the script has a greeting, and nobody asked for it with response.create");
        }
        Turn turn = script.turns().get(turnsHeard++);
        where = "turn " + turnsHeard;
        afterLateOutputs = List.of();
        queue.addAll(turn.steps());
        return turn;
    }

    /** Which turn was heard last, from one. */
    int turnsHeard() {
        return turnsHeard;
    }

    /** The client wrote something as the user, or null words that cannot be compared. */
    void onUserItem(@Nullable String words) {
        pendingText = words == null ? "" : words;
    }

    /** The client added something after which no answer to the user is due: a past reply or call. */
    void onHistoryItem() {
        pendingText = null;
    }

    void onClientsCall(String callId) {
        clientsCalls.add(callId);
    }

    void onOutput(String callId, String output) throws Breach {
        if (clientsCalls.remove(callId)) {
            return;
        }
        try {
            List<Step> then = calls.settle(callId, CallBook.value(output));
            if (!then.isEmpty()) {
                afterLateOutputs = then;
            }
        } catch (Breach breach) {
            Kind kind = breach.violation().kind();
            throw kind == Kind.UNKNOWN_CALL_ID
                    ? new Breach(
                            kind,
                            "invalid_tool_call_id",
                            "item.call_id",
                            "Tool call ID '" + callId + "' not found in conversation.")
                    : new Breach(
                            kind,
                            "invalid_value",
                            "item.call_id",
                            breach.violation().message());
        }
    }

    /**
     * Goes on after a turn or an output.
     *
     * @param creates whether the server asks for the response itself
     * @return whether it had to, and could not, since one is active
     */
    boolean goOn(boolean creates, ResponseSettings settings) {
        if (!creates || !speaks(queue)) {
            runLoose();
            return false;
        }
        if (active != null) {
            return true;
        }
        respond(settings);
        return false;
    }

    /** Answers {@code response.create}; tells whether the script has a reply to it. */
    boolean create(ResponseSettings settings) throws Breach {
        if (settings.outOfBand()) {
            if (asidesSaid >= script.asides().size()) {
                return nothingScripted("an out-of-band response.create");
            }
            Speech aside = script.asides().get(asidesSaid++);
            OpenAiResponse response = new OpenAiResponse(stage, settings, List.of(aside), "aside " + asidesSaid, this);
            asides.put(response.id(), response);
            response.start();
            return true;
        }
        if (active != null) {
            throw new Breach(
                    Kind.RESPONSE_CREATE_WHILE_ACTIVE,
                    "conversation_already_has_active_response",
                    null,
                    "Conversation already has an active response in progress: " + active.id()
                            + ". Wait until the response is finished before creating a new one.");
        }
        if (calls.waiting()) {
            throw new Breach(
                    Kind.RESPONSE_CREATE_BEFORE_OUTPUTS,
                    "nothing_scripted",
                    null,
                    "response.create came before the output of " + calls.waitingNames());
        }
        Speech greeting = turnsHeard == 0 && !greeted ? script.greeting() : null;
        if (!speaks(queue)) {
            if (greeting != null && !isNextTurn(pendingText)) {
                greeted = true;
                where = "greeting";
                queue.add(greeting);
            } else if (pendingText != null) {
                hearWritten(pendingText);
            } else {
                queue.addAll(afterLateOutputs);
                afterLateOutputs = List.of();
            }
        }
        if (!speaks(queue)) {
            runLoose();
            return nothingScripted("response.create");
        }
        respond(settings);
        return true;
    }

    private boolean isNextTurn(@Nullable String words) {
        return words != null
                && turnsHeard < script.turns().size()
                && script.turns().get(turnsHeard).hear().equals(words);
    }

    private void hearWritten(String words) {
        Turn turn = hearTurn();
        if (turn != null && !words.isEmpty() && !turn.hear().equals(words)) {
            findings.mismatch(where + ": the client wrote other words than the script hears");
        }
    }

    private boolean nothingScripted(String what) {
        findings.mismatch(what + " came, and the script has nothing to say to it");
        return false;
    }

    private void respond(ResponseSettings settings) {
        noteMissingInterruption();
        OpenAiResponse response = new OpenAiResponse(stage, settings, nextSteps(), where, this);
        active = response;
        latest = response;
        response.start();
    }

    /** The queue's steps up to its first calls, or up to the last words. */
    private List<Step> nextSteps() {
        List<Step> steps = new ArrayList<>();
        while (speaks(queue)) {
            Step step = queue.removeFirst();
            steps.add(step);
            if (step instanceof Calls) {
                break;
            }
        }
        return steps;
    }

    private static boolean speaks(Iterable<Step> steps) {
        for (Step step : steps) {
            if (step instanceof Speech || step instanceof Calls) {
                return true;
            }
        }
        return false;
    }

    /** Runs what needs no response. */
    private void runLoose() {
        while (!queue.isEmpty() && !speaks(queue) && idle()) {
            Step step = queue.removeFirst();
            if (step instanceof RawMessage raw) {
                stage.wire().send(raw.text());
            } else if (step instanceof Pause pause) {
                thinking = stage.wire().schedule(pause.length(), () -> {
                    thinking = null;
                    runLoose();
                });
            } else if (step instanceof HangUp hangUp) {
                handOver();
                stage.wire().hangUp(hangUp.code(), "as the script says", turnsHeard);
            }
        }
    }

    /** The next connection goes on with the next turn. */
    void handOver() {
        handedOver = turnsHeard < script.turns().size();
    }

    private boolean idle() {
        return active == null && thinking == null && !calls.waiting() && !callerSpeaks.getAsBoolean();
    }

    /** Cancels a response; tells whether there was one to cancel. */
    boolean cancel(@Nullable String responseId) {
        OpenAiResponse aside = responseId == null ? null : asides.remove(responseId);
        if (aside != null) {
            aside.cut("cancelled", "client_cancelled");
            return true;
        }
        OpenAiResponse cut = active;
        if (cut == null || (responseId != null && !responseId.equals(cut.id()))) {
            if (latest != null && latest != active && latest.audible()) {
                latest = null;
            }
            return false;
        }
        active = null;
        cut.cut("cancelled", "client_cancelled");
        noteInterruption(cut, "the client cancelled it");
        queue.clear();
        transcripts.flush();
        return true;
    }

    private void noteInterruption(OpenAiResponse cut, String how) {
        audioSent |= cut.audioSent();
        latest = null;
        if (!cut.mustBeCut()) {
            findings.mismatch(cut.where() + ": a reply that should come through whole was cut short: " + how);
        }
    }

    /** The reply before this point is settled: if it had to be interrupted, it was not. */
    private void noteMissingInterruption() {
        OpenAiResponse whole = latest;
        latest = null;
        if (whole != null && whole != active && whole.mustBeCut()) {
            findings.mismatch(whole.where() + ": a reply that the caller should cut short was not interrupted");
        }
    }

    @Override
    public OpenAiItems items() {
        return items;
    }

    @Override
    public Map<String, Call> makeCalls(Calls step, String place) {
        LocalDate today = LocalDate.ofInstant(stage.clock().instant(), zone);
        return calls.make(step, place, today, stage.events()::newCall);
    }

    @Override
    public void onFirstOutput(OpenAiResponse response) {
        audioSent |= response.audioSent();
        if (!response.outOfBand()) {
            transcripts.onFirstOutput();
        }
    }

    @Override
    public void onDone(OpenAiResponse response) {
        if (response.outOfBand()) {
            asides.remove(response.id());
            return;
        }
        active = null;
        transcripts.flush();
        runLoose();
    }

    @Override
    public void mismatch(String message) {
        findings.mismatch(message);
    }

    private void stopThinking() {
        if (thinking != null) {
            thinking.cancel();
            thinking = null;
        }
    }

    void stop() {
        stopThinking();
        if (active != null) {
            active.stop();
        }
        asides.values().forEach(OpenAiResponse::stop);
    }

    /** Whether the model's voice was heard, after which it stays. */
    boolean audioSent() {
        return audioSent;
    }

    boolean responding() {
        return active != null;
    }

    boolean callerMaySpeak(int turns) {
        boolean reached = turns == 0 ? script.greeting() == null || greeted : turnsHeard >= turns;
        boolean mayCutIn = active != null ? active.waitsForCut() : calls.waitingToBeInterrupted();
        return reached && !callerSpeaks.getAsBoolean() && (mayCutIn || (queue.isEmpty() && idle()));
    }

    boolean finished() {
        return (handedOver || turnsHeard == script.turns().size())
                && (turnsHeard > 0 || script.greeting() == null || greeted)
                && queue.isEmpty()
                && asides.isEmpty()
                && calls.lateSettled()
                && idle();
    }

    /** What is open by now. */
    List<String> open() {
        List<String> open = calls.missing(where);
        if (!calls.waiting() && (active != null || thinking != null)) {
            open.add(where + ": the reply did not come to its end");
        } else if (!calls.waiting() && speaks(queue)) {
            open.add(where + ": no response.create came for the reply");
        } else if (latest != null && latest.mustBeCut()) {
            open.add(latest.where() + ": a reply that the caller should cut short was not interrupted");
        }
        return open;
    }

    int turnsLeft() {
        return handedOver ? 0 : script.turns().size() - turnsHeard;
    }
}
