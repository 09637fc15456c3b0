package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.core.Clock;
import dev.parley.testkit.Call;
import dev.parley.testkit.Calls;
import dev.parley.testkit.HangUp;
import dev.parley.testkit.Pause;
import dev.parley.testkit.RawMessage;
import dev.parley.testkit.Report;
import dev.parley.testkit.Script;
import dev.parley.testkit.Speech;
import dev.parley.testkit.Step;
import dev.parley.testkit.Turn;
import dev.parley.testkit.Violation;
import dev.parley.testkit.Violation.Kind;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One run of a script on one connection, in swaram's order of events. Confined to the connection's monitor.
 *
 * <p>A turn that is heard puts its steps in a queue. Steps run one after another while nothing is being said by either
 * side and no call waits for its output; speech of the caller drops what is left of them.
 */
final class Conversation {
    private final Script script;
    private final String model;
    private final Wire wire;
    private final Clock clock;
    private final ZoneId zone;
    private final double speed;
    private final Findings findings = new Findings();
    private final ServerEvents events = new ServerEvents();
    private final TurnDetector detector;
    private final CallerAudioCheck callerAudio;

    private final short[] frame = new short[TurnDetector.FRAME];
    private int inFrame;

    private boolean configured;
    private boolean greeted;
    private int turnsHeard;
    private String userItemId = "";
    private String where = "";
    private final Deque<Step> queue = new ArrayDeque<>();
    private @Nullable SpokenReply active;
    private @Nullable SpokenReply latest;
    private final Map<String, OpenCall> waiting = new LinkedHashMap<>();
    private final Set<String> answered = new HashSet<>();
    private final Map<String, JsonNode> lastOutputs = new HashMap<>();
    private Clock.@Nullable Timer thinking;
    private boolean handedOver;
    private boolean waitingMayBeInterrupted;
    private final List<LateCalls> late = new ArrayList<>();
    private boolean afterToolOutput;

    Conversation(RehearsalSettings settings, String model, int firstTurn, Wire wire) {
        this.script = settings.script();
        this.model = model;
        this.turnsHeard = firstTurn;
        this.speed = settings.speed();
        this.zone = settings.zone();
        this.clock = settings.clock();
        this.wire = wire;
        this.detector = new TurnDetector(settings.silenceMs());
        this.callerAudio = new CallerAudioCheck(
                script, firstTurn, message -> findings.add(new Violation(Kind.CALLER_AUDIO_DIFFERS, message)));
    }

    void begin() {
        wire.send(events.sessionCreated(model));
    }

    void onMessage(ClientMessage message, @Nullable String clientEventId) throws Breach {
        if (message instanceof ClientMessage.Configure configure) {
            onConfigure(configure.session());
            return;
        }
        if (!configured) {
            throw message instanceof ClientMessage.Append
                    ? new Breach(Kind.AUDIO_BEFORE_CONFIGURATION, "audio came before session.update")
                    : new Breach(Kind.EVENT_BEFORE_CONFIGURATION, message.type() + " came before session.update");
        }
        if (message instanceof ClientMessage.Append append) {
            onAudio(append.samples());
        } else if (message instanceof ClientMessage.Commit) {
            if (detector.speaking()) {
                detector.forget();
                onSpeechStopped();
            }
        } else if (message instanceof ClientMessage.Clear) {
            detector.forget();
            inFrame = 0;
            callerAudio.onCleared();
            runQueue();
        } else if (message instanceof ClientMessage.Create) {
            onCreate(clientEventId);
        } else if (message instanceof ClientMessage.Cancel) {
            onCancel(clientEventId);
        } else if (message instanceof ClientMessage.Output output) {
            onOutput(output);
        }
    }

    /** Answers a bad message; the connection stays open. */
    void refuse(Violation violation, @Nullable String clientEventId) {
        findings.add(violation);
        wire.send(events.error(
                "invalid_request_error",
                violation.kind().name().toLowerCase(Locale.ROOT),
                violation.message(),
                clientEventId));
    }

    private void onConfigure(JsonNode session) throws Breach {
        if (configured) {
            throw new Breach(Kind.CONFIGURED_TWICE, "a second session.update came; the configuration is fixed");
        }
        configured = true;
        wire.send(events.sessionUpdated(model, session));
    }

    private void onAudio(short[] samples) {
        for (int from = 0; from < samples.length; ) {
            int count = Math.min(samples.length - from, frame.length - inFrame);
            System.arraycopy(samples, from, frame, inFrame, count);
            callerAudio.onSamples(Arrays.copyOfRange(samples, from, from + count));
            inFrame += count;
            from += count;
            if (inFrame == frame.length) {
                inFrame = 0;
                switch (detector.onFrame(frame)) {
                    case SPEECH_STARTED -> onSpeechStarted();
                    case SPEECH_STOPPED -> onSpeechStopped();
                    case NONE -> {}
                }
            }
        }
    }

    private void onSpeechStarted() {
        userItemId = events.newItem();
        wire.send(events.speechStarted(userItemId, detector.startMs()));
        SpokenReply cut = active;
        if (cut != null) {
            active = null;
            cut.cancel();
            noteInterruption(cut, "the caller spoke");
        } else if (latest != null && latest.speech().interrupted() && latest.audible()) {
            // all of it was sent, and the caller still heard it: the client's player has to stop
            latest = null;
        }
        if (!waiting.isEmpty()) {
            if (!waitingMayBeInterrupted) {
                findings.mismatch(where + ": the caller spoke before the output of " + names(waiting) + " came");
            }
            late.add(new LateCalls(where, new LinkedHashMap<>(waiting), List.copyOf(queue)));
            waiting.clear();
        } else if (!queue.isEmpty() || thinking != null) {
            findings.mismatch(where + ": the caller spoke before the turn was over");
        }
        queue.clear();
        stopThinking();
    }

    /** Calls whose outputs were not in when the caller spoke, and what the server says once they are. */
    private record LateCalls(String where, Map<String, OpenCall> calls, List<Step> then) {}

    private void onSpeechStopped() {
        noteMissingInterruption();
        afterToolOutput = false;
        wire.send(events.speechStopped(userItemId, detector.nowMs()));
        callerAudio.onTurnHeard();
        if (turnsHeard >= script.turns().size()) {
            findings.mismatch("the caller spoke after the script's last turn");
            return;
        }
        if (turnsHeard == 0 && script.greeting() != null && !greeted) {
            findings.mismatch("the script has a greeting, and nobody asked for it with response.create");
        }
        Turn turn = script.turns().get(turnsHeard++);
        where = "turn " + turnsHeard;
        wire.send(events.inputTranscript(userItemId, turn.hear()));
        wire.send(events.userItem(userItemId, turn.hear()));
        queue.addAll(turn.steps());
        runQueue();
    }

    private void runQueue() {
        while (!queue.isEmpty() && idle()) {
            Step step = queue.removeFirst();
            if (step instanceof Speech speech) {
                speak(speech);
            } else if (step instanceof Calls calls) {
                call(calls);
            } else if (step instanceof RawMessage raw) {
                wire.send(raw.text());
            } else if (step instanceof Pause pause) {
                think(pause);
            } else if (step instanceof HangUp hangUp) {
                handedOver = turnsHeard < script.turns().size();
                wire.hangUp(hangUp.code(), turnsHeard);
                return;
            }
        }
    }

    private void think(Pause pause) {
        thinking = wire.schedule(pause.length(), () -> {
            thinking = null;
            runQueue();
        });
    }

    private void stopThinking() {
        if (thinking != null) {
            thinking.cancel();
            thinking = null;
        }
    }

    private boolean idle() {
        return active == null && thinking == null && waiting.isEmpty() && !detector.speaking();
    }

    private void speak(Speech speech) {
        noteMissingInterruption();
        SpokenReply reply = new SpokenReply(speech, where, events, speed, wire, clock, () -> {
            active = null;
            runQueue();
        });
        active = reply;
        latest = reply;
        reply.start();
    }

    private void call(Calls calls) {
        noteMissingInterruption();
        waitingMayBeInterrupted = calls.interrupted();
        Placeholders placeholders = new Placeholders(
                LocalDate.ofInstant(clock.instant(), zone),
                lastOutputs,
                message -> findings.mismatch(where + ": " + message));
        Map<String, Call> made = new LinkedHashMap<>();
        for (Call call : calls.calls()) {
            String callId = events.newCall();
            made.put(callId, call.withRaw(placeholders.fill(call.argumentsJson())));
            waiting.put(callId, new OpenCall(where, callId, call.name(), call.expect()));
        }
        new CallsReply(made, calls.faults(), events, wire).send();
    }

    private void onOutput(ClientMessage.Output output) throws Breach {
        String callId = output.callId();
        if (answered.contains(callId)) {
            throw new Breach(Kind.SECOND_OUTPUT, "a second output for " + callId + " came");
        }
        boolean inTime = waiting.containsKey(callId);
        OpenCall call = settle(callId);
        if (call == null) {
            throw new Breach(Kind.UNKNOWN_CALL_ID, "an output for " + callId + " came, and no such call was made");
        }
        answered.add(callId);
        if (inTime && waiting.isEmpty() && waitingMayBeInterrupted) {
            findings.mismatch(where + ": the caller should speak before the outputs are in, and did not");
        }
        lastOutputs.put(call.name(), output.output());
        String mismatch = call.mismatch(output.output());
        if (mismatch != null) {
            findings.mismatch(mismatch);
        }
        wire.send(events.outputItem(callId, output.output().toString()));
        afterToolOutput = true;
        runQueue();
    }

    private @Nullable OpenCall settle(String callId) {
        OpenCall call = waiting.remove(callId);
        for (Iterator<LateCalls> each = late.iterator(); call == null && each.hasNext(); ) {
            LateCalls calls = each.next();
            call = calls.calls().remove(callId);
            if (call != null && calls.calls().isEmpty()) {
                each.remove();
                queue.addAll(calls.then());
            }
        }
        return call;
    }

    private void onCreate(@Nullable String clientEventId) throws Breach {
        if (afterToolOutput || !waiting.isEmpty()) {
            throw new Breach(
                    Kind.RESPONSE_CREATE_AFTER_TOOL_OUTPUT,
                    "response.create came after tool calls; the server goes on by itself once it has the outputs");
        }
        if (active != null) {
            throw new Breach(Kind.RESPONSE_CREATE_WHILE_ACTIVE, "response.create came during a response");
        }
        Speech greeting = script.greeting();
        if (greeting == null || greeted || turnsHeard > 0) {
            findings.mismatch("response.create came, and the script has nothing to say to it");
            wire.send(events.error(
                    "server_error", "nothing_scripted", "the script has no reply to response.create", clientEventId));
            return;
        }
        greeted = true;
        where = "greeting";
        speak(greeting);
    }

    private void onCancel(@Nullable String clientEventId) {
        SpokenReply cut = active;
        if (cut == null) {
            if (latest != null && latest.audible()) {
                latest = null;
            }
            wire.send(events.error(
                    "invalid_request_error", "response_cancel_not_active", "no response is active", clientEventId));
            return;
        }
        active = null;
        cut.cancel();
        noteInterruption(cut, "the client cancelled it");
        queue.clear();
    }

    private void noteInterruption(SpokenReply cut, String how) {
        latest = null;
        if (!cut.speech().interrupted()) {
            findings.mismatch(cut.where() + ": a reply that should come through whole was cut short: " + how);
        }
    }

    /** The reply before this point is settled: if it had to be interrupted, it was not. */
    private void noteMissingInterruption() {
        SpokenReply whole = latest;
        latest = null;
        if (whole != null && whole.speech().interrupted()) {
            findings.mismatch(whole.where() + ": a reply that the caller should cut short was not interrupted");
        }
    }

    void onClosed() {
        callerAudio.onClosed();
        stopThinking();
        if (active != null) {
            active.stop();
        }
    }

    private static String names(Map<String, OpenCall> calls) {
        List<String> names = calls.values().stream().map(OpenCall::name).toList();
        return String.join(", ", names);
    }

    /** Whether so many turns are answered, or are at a point where the caller should break in. */
    boolean callerMaySpeak(int turns) {
        boolean reached = turns == 0 ? script.greeting() == null || greeted : turnsHeard >= turns;
        boolean mayCutIn = active != null
                ? active.speech().interrupted() && active.begun()
                : !waiting.isEmpty() && waitingMayBeInterrupted;
        return reached && !detector.speaking() && (mayCutIn || (queue.isEmpty() && idle()));
    }

    /** Whether every turn was heard and answered to its end. */
    boolean finished() {
        return (handedOver || turnsHeard == script.turns().size())
                && (turnsHeard > 0 || script.greeting() == null || greeted)
                && queue.isEmpty()
                && late.isEmpty()
                && idle();
    }

    Report report() {
        List<String> mismatches = findings.mismatches();
        late.forEach(each -> mismatches.add(each.where() + ": no output of " + names(each.calls()) + " came"));
        if (!waiting.isEmpty()) {
            mismatches.add(where + ": no output of " + names(waiting) + " came");
        } else if (active != null || thinking != null || !queue.isEmpty()) {
            mismatches.add(where + ": the reply did not come to its end");
        } else if (latest != null && latest.speech().interrupted()) {
            mismatches.add(latest.where() + ": a reply that the caller should cut short was not interrupted");
        }
        return new Report(
                findings.violations(),
                mismatches,
                handedOver ? 0 : script.turns().size() - turnsHeard);
    }
}
