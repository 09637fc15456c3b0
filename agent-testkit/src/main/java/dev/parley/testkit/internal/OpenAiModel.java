package dev.parley.testkit.internal;

import dev.parley.core.Clock;
import dev.parley.testkit.Call;
import dev.parley.testkit.Calls;
import dev.parley.testkit.HangUp;
import dev.parley.testkit.Pause;
import dev.parley.testkit.RawMessage;
import dev.parley.testkit.Speech;
import dev.parley.testkit.Step;
import dev.parley.testkit.Turn;
import dev.parley.testkit.Violation.Kind;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The scripted model behind an OpenAI conversation: when it may say what its script has for it, and what cuts it short.
 * Confined to the connection's monitor.
 *
 * <p>A response begins when the server creates it for a turn that it found, or when the client asks. What speaks to nobody
 * (a message as written, a pause, a hang-up) runs by itself once nothing else is left.
 */
final class OpenAiModel implements OpenAiResponse.Host {
    private final ScriptReader reader;
    private final OpenAiResponse.Stage stage;
    private final OpenAiItems items;
    private final OpenAiTranscripts transcripts;
    private final Findings findings;
    private final ZoneId zone;
    private final BooleanSupplier callerSpeaks;
    private final CallBook calls;

    private boolean audioSent;
    private boolean hungUp;
    private final Set<String> clientsCalls = new HashSet<>();
    private final Map<String, OpenAiResponse> asides = new HashMap<>();
    private @Nullable OpenAiResponse active;
    private final LatestReply latest;
    private Clock.@Nullable Timer thinking;

    OpenAiModel(
            RehearsalSettings settings,
            ScriptPlace place,
            OpenAiResponse.Stage stage,
            OpenAiItems items,
            OpenAiTranscripts transcripts,
            Findings findings,
            BooleanSupplier callerSpeaks) {
        this.reader = new ScriptReader(settings.script(), place, findings::mismatch);
        this.zone = settings.zone();
        this.stage = stage;
        this.items = items;
        this.transcripts = transcripts;
        this.findings = findings;
        this.callerSpeaks = callerSpeaks;
        this.calls = new CallBook(findings::mismatch);
        this.latest = new LatestReply(findings::mismatch);
    }

    /** The caller began to speak, and cuts the reply short where the session has it so. */
    void onCallerSpoke(boolean interrupts) {
        OpenAiResponse cut = active;
        if (cut != null && !interrupts) {
            return;
        }
        boolean left = !reader.nothingWaits() || thinking != null || (cut != null && cut.stepsLeft());
        if (cut != null) {
            active = null;
            cut.cut("cancelled", "turn_detected");
            noteInterruption(cut, "the caller spoke");
        } else {
            latest.callerSpokeAfterIt();
        }
        if (calls.waiting()) {
            calls.interrupt(reader.where(), reader.waiting());
        } else if (left) {
            findings.mismatch(reader.where() + ": the caller spoke before the turn was over");
        }
        reader.skip();
        stopThinking();
    }

    /** The next turn of the script, now heard; null where there is none. */
    @Nullable
    Turn hearTurn() {
        latest.settle(active);
        return reader.hearTurn();
    }

    /** Which turn was heard last, from one. */
    int turnsHeard() {
        return reader.turnsHeard();
    }

    /** The client wrote something as the user, or null words that cannot be compared. */
    void onUserItem(@Nullable String words) {
        reader.onUserItem(words);
    }

    /** The client added something after which no answer to the user is due: a past reply or call. */
    void onHistoryItem() {
        reader.onHistoryItem();
    }

    void onClientsCall(String callId) {
        clientsCalls.add(callId);
    }

    void onOutput(String callId, String output) throws Breach {
        if (clientsCalls.remove(callId)) {
            return;
        }
        try {
            reader.onLateOutputs(calls.settle(callId, CallBook.value(output)));
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
        if (!creates || !reader.speaks()) {
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
        if (hungUp) {
            return true; // it was on its way
        }
        if (settings.outOfBand()) {
            return sayAside(settings);
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
        reader.findReply();
        if (!reader.speaks()) {
            // the client cannot know that the server will hang up instead of answering
            boolean hangsUp = reader.hangsUp();
            runLoose();
            return hangsUp || nothingScripted("response.create");
        }
        respond(settings);
        return true;
    }

    private boolean sayAside(ResponseSettings settings) {
        Speech aside = reader.nextAside();
        if (aside == null) {
            return nothingScripted("an out-of-band response.create");
        }
        OpenAiResponse response =
                new OpenAiResponse(stage, settings, List.of(aside), "aside " + reader.asidesSaid(), this);
        asides.put(response.id(), response);
        response.start();
        return true;
    }

    private boolean nothingScripted(String what) {
        findings.mismatch(what + " came, and the script has nothing to say to it");
        return false;
    }

    private void respond(ResponseSettings settings) {
        latest.settle(active);
        OpenAiResponse response = new OpenAiResponse(stage, settings, reader.nextResponse(), reader.where(), this);
        active = response;
        latest.begins(response);
        response.start();
    }

    /** Runs what needs no response. */
    private void runLoose() {
        while (idle()) {
            Step step = reader.nextLoose();
            if (step == null) {
                return;
            }
            if (step instanceof RawMessage raw) {
                stage.wire().send(raw.text());
            } else if (step instanceof Pause pause) {
                thinking = stage.wire().schedule(pause.length(), () -> {
                    thinking = null;
                    runLoose();
                });
            } else if (step instanceof HangUp hangUp) {
                handOver();
                hungUp = true;
                stage.wire().hangUp(hangUp.code(), "as the script says", reader.place());
            }
        }
    }

    /** Where the next connection goes on. */
    ScriptPlace place() {
        return reader.place();
    }

    /** The next connection goes on with the next turn. */
    void handOver() {
        reader.handOver();
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
            if (cut == null) {
                latest.cancelledAfterIt();
            }
            return false;
        }
        active = null;
        cut.cut("cancelled", "client_cancelled");
        noteInterruption(cut, "the client cancelled it");
        reader.skip();
        transcripts.flush();
        return true;
    }

    private void noteInterruption(OpenAiResponse cut, String how) {
        audioSent |= cut.audioSent();
        latest.wasCut(cut, how);
    }

    @Override
    public OpenAiItems items() {
        return items;
    }

    @Override
    public Map<String, Call> makeCalls(Calls step, String place) {
        LocalDate today = LocalDate.ofInstant(stage.clock().instant(), zone);
        return calls.make(step, place, today, stage.events().ids()::newCall);
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
        boolean mayCutIn = active != null ? active.waitsForCut() : calls.waitingToBeInterrupted();
        return reader.reached(turns) && !callerSpeaks.getAsBoolean() && (mayCutIn || (reader.nothingWaits() && idle()));
    }

    @Nullable
    CallersCue callersCue() {
        Integer next = reader.nextTurn();
        return next != null && callerMaySpeak(next) ? new CallersCue(next, active != null) : null;
    }

    boolean finished() {
        return reader.atItsEnd() && asides.isEmpty() && calls.lateSettled() && idle();
    }

    /** What is open by now. */
    List<String> open() {
        List<String> open = calls.missing(reader.where());
        if (!calls.waiting() && (active != null || thinking != null)) {
            open.add(reader.where() + ": the reply did not come to its end");
        } else if (!calls.waiting() && reader.speaks()) {
            open.add(reader.where() + ": no response.create came for the reply");
        } else if (latest.missingCut() != null) {
            open.add(latest.missingCut());
        }
        open.addAll(reader.greetingLeft());
        open.addAll(reader.asidesLeft());
        return open;
    }

    int turnsLeft() {
        return reader.turnsLeft();
    }
}
