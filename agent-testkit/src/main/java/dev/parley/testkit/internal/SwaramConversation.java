package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run of a script on one connection, in swaram's order of events. Confined to the connection's monitor.
 *
 * <p>A turn that is heard puts its steps in a queue. Steps run one after another while nothing is being said by either
 * side and no call waits for its output; speech of the caller drops what is left of them.
 */
final class SwaramConversation implements Conversation {
    private final Script script;
    private final String model;
    private final Wire wire;
    private final Clock clock;
    private final ZoneId zone;
    private final double speed;
    private final Duration silence;
    private final Findings findings = new Findings();
    private final SwaramEvents events = new SwaramEvents();
    private final Ear ear;
    private final CallBook calls = new CallBook(findings::mismatch);

    private boolean configured;
    private boolean greeted;
    private int turnsHeard;
    private String userItemId = "";
    private String where = "";
    private final Deque<Step> queue = new ArrayDeque<>();
    private @Nullable SpokenReply active;
    private @Nullable SpokenReply latest;
    private Clock.@Nullable Timer thinking;
    private boolean handedOver;
    private boolean afterToolOutput;
    private long samples;

    SwaramConversation(RehearsalSettings settings, String model, int firstTurn, Wire wire) {
        this.script = settings.script();
        this.model = model;
        this.turnsHeard = firstTurn;
        this.speed = settings.speed();
        this.zone = settings.zone();
        this.clock = settings.clock();
        this.wire = wire;
        this.silence = settings.silence();
        CallerAudioCheck check = new CallerAudioCheck(
                script, firstTurn, message -> findings.add(new Violation(Kind.CALLER_AUDIO_DIFFERS, message)));
        this.ear = new Ear(settings.silenceMs(), check, this::onChange);
    }

    @Override
    public void begin() {
        wire.send(events.sessionCreated(model));
    }

    @Override
    public void onMessage(ObjectNode message) {
        String eventId = message.path("event_id").textValue();
        try {
            onMessage(SwaramMessages.read(message), eventId);
        } catch (Breach breach) {
            refuse(breach.violation(), eventId);
        }
    }

    private void onMessage(SwaramMessage message, @Nullable String clientEventId) throws Breach {
        if (message instanceof SwaramMessage.Configure configure) {
            onConfigure(configure.session());
            return;
        }
        if (!configured) {
            throw message instanceof SwaramMessage.Append
                    ? new Breach(Kind.AUDIO_BEFORE_CONFIGURATION, "audio came before session.update")
                    : new Breach(Kind.EVENT_BEFORE_CONFIGURATION, message.type() + " came before session.update");
        }
        if (message instanceof SwaramMessage.Append append) {
            ear.hear(append.samples());
            samples += append.pcm16().remaining() / 2;
        } else if (message instanceof SwaramMessage.Commit) {
            if (ear.speaking()) {
                ear.endTurn();
                onSpeechStopped();
            }
        } else if (message instanceof SwaramMessage.Clear) {
            ear.clear();
            runQueue();
        } else if (message instanceof SwaramMessage.Create) {
            onCreate(clientEventId);
        } else if (message instanceof SwaramMessage.Cancel) {
            onCancel(clientEventId);
        } else if (message instanceof SwaramMessage.Output output) {
            onOutput(output);
        }
    }

    @Override
    public void refuse(Violation violation) {
        refuse(violation, null);
    }

    private void refuse(Violation violation, @Nullable String clientEventId) {
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

    private void onChange(TurnDetector.Change change) {
        if (change == TurnDetector.Change.SPEECH_STARTED) {
            onSpeechStarted();
        } else {
            onSpeechStopped();
        }
    }

    private void onSpeechStarted() {
        userItemId = events.newItem();
        wire.send(events.speechStarted(userItemId, ear.startMs()));
        SpokenReply cut = active;
        if (cut != null) {
            active = null;
            cut.cancel();
            noteInterruption(cut, "the caller spoke");
        } else if (latest != null && latest.speech().interrupted() && latest.audible()) {
            // all of it was sent, and the caller still heard it: the client's player has to stop
            latest = null;
        }
        if (calls.waiting()) {
            calls.interrupt(where, List.copyOf(queue));
        } else if (!queue.isEmpty() || thinking != null) {
            findings.mismatch(where + ": the caller spoke before the turn was over");
        }
        queue.clear();
        stopThinking();
    }

    private void onSpeechStopped() {
        noteMissingInterruption();
        afterToolOutput = false;
        wire.send(events.speechStopped(userItemId, ear.nowMs()));
        ear.onTurnHeard();
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
            } else if (step instanceof Calls made) {
                call(made);
            } else if (step instanceof RawMessage raw) {
                wire.send(raw.text());
            } else if (step instanceof Pause pause) {
                think(pause);
            } else if (step instanceof HangUp hangUp) {
                handedOver = turnsHeard < script.turns().size();
                wire.hangUp(hangUp.code(), "as the script says", turnsHeard);
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
        return active == null && thinking == null && !calls.waiting() && !ear.speaking();
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

    private void call(Calls step) {
        noteMissingInterruption();
        Map<String, Call> made = calls.make(step, where, LocalDate.ofInstant(clock.instant(), zone), events::newCall);
        new CallsReply(made, step.faults(), events, wire).send();
    }

    private void onOutput(SwaramMessage.Output output) throws Breach {
        queue.addAll(calls.settle(output.callId(), output.output()));
        wire.send(events.outputItem(output.callId(), output.output().toString()));
        afterToolOutput = true;
        runQueue();
    }

    private void onCreate(@Nullable String clientEventId) throws Breach {
        if (afterToolOutput || calls.waiting()) {
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

    @Override
    public void onClosed() {
        ear.onClosed();
        stopThinking();
        if (active != null) {
            active.stop();
        }
    }

    @Override
    public long samples() {
        return samples;
    }

    @Override
    public Duration silence() {
        return silence;
    }

    @Override
    public boolean callerMaySpeak(int turns) {
        boolean reached = turns == 0 ? script.greeting() == null || greeted : turnsHeard >= turns;
        boolean mayCutIn =
                active != null ? active.speech().interrupted() && active.begun() : calls.waitingToBeInterrupted();
        return reached && !ear.speaking() && (mayCutIn || (queue.isEmpty() && idle()));
    }

    @Override
    public boolean finished() {
        return (handedOver || turnsHeard == script.turns().size())
                && (turnsHeard > 0 || script.greeting() == null || greeted)
                && queue.isEmpty()
                && calls.lateSettled()
                && idle();
    }

    @Override
    public Report report() {
        List<String> mismatches = findings.mismatches();
        mismatches.addAll(calls.missing(where));
        if (!calls.waiting() && (active != null || thinking != null || !queue.isEmpty())) {
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
