package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.core.Clock;
import dev.parley.testkit.Call;
import dev.parley.testkit.Calls;
import dev.parley.testkit.HangUp;
import dev.parley.testkit.Pause;
import dev.parley.testkit.RawMessage;
import dev.parley.testkit.Report;
import dev.parley.testkit.Speech;
import dev.parley.testkit.Step;
import dev.parley.testkit.Turn;
import dev.parley.testkit.Violation;
import dev.parley.testkit.Violation.Kind;
import dev.parley.testkit.internal.ScriptedConnection.Beginning;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
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
    private final ScriptReader reader;
    private final String model;

    /** What of the session came with the token, and stays. */
    private final ObjectNode locked;

    private final Wire wire;
    private final Clock clock;
    private final ZoneId zone;
    private final double speed;
    private final Duration silence;
    private final Findings findings = new Findings();
    private final SwaramEvents events = new SwaramEvents();
    private final Ear ear;
    private final CallBook calls = new CallBook(findings::mismatch);

    /** Whether there is a configuration: from the token, or from the client. */
    private boolean configured;

    private boolean updated;
    private String userItemId = "";
    private @Nullable SpokenReply active;
    private final LatestReply latest = new LatestReply(findings::mismatch);
    private Clock.@Nullable Timer thinking;
    private boolean afterToolOutput;
    private long samples;

    SwaramConversation(RehearsalSettings settings, Beginning beginning, Wire wire) {
        this.reader = new ScriptReader(settings.script(), beginning.place(), findings::mismatch);
        this.model = beginning.handshake().model();
        this.locked = beginning.locked();
        this.configured = !locked.isEmpty();
        this.speed = settings.speed();
        this.zone = settings.zone();
        this.clock = settings.clock();
        this.wire = wire;
        this.silence = settings.silence();
        CallerAudioCheck check = new CallerAudioCheck(
                settings.script(),
                beginning.place().turns(),
                message -> findings.add(new Violation(Kind.CALLER_AUDIO_DIFFERS, message)));
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
            onConfigure((ObjectNode) configure.session());
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

    private void onConfigure(ObjectNode session) throws Breach {
        if (updated) {
            throw new Breach(Kind.CONFIGURED_TWICE, "a second session.update came; the configuration is fixed");
        }
        configured = true;
        updated = true;
        ObjectNode effective = session.deepCopy();
        wire.send(events.sessionUpdated(model, effective.setAll(locked)));
    }

    private void onChange(TurnDetector.Change change) {
        if (change == TurnDetector.Change.SPEECH_STARTED) {
            onSpeechStarted();
        } else {
            onSpeechStopped();
        }
    }

    private void onSpeechStarted() {
        userItemId = events.ids().newItem();
        wire.send(events.speechStarted(userItemId, ear.startMs()));
        SpokenReply cut = active;
        if (cut != null) {
            active = null;
            cut.cancel();
            latest.wasCut(cut, "the caller spoke");
        } else {
            latest.callerSpokeAfterIt();
        }
        if (calls.waiting()) {
            calls.interrupt(reader.where(), reader.waiting());
        } else if (!reader.nothingWaits() || thinking != null) {
            findings.mismatch(reader.where() + ": the caller spoke before the turn was over");
        }
        reader.skip();
        stopThinking();
    }

    private void onSpeechStopped() {
        latest.settle(active);
        afterToolOutput = false;
        wire.send(events.speechStopped(userItemId, ear.nowMs()));
        ear.onTurnHeard();
        Turn turn = reader.hearTurn();
        if (turn == null) {
            return;
        }
        wire.send(events.inputTranscript(userItemId, turn.hear()));
        wire.send(events.userItem(userItemId, turn.hear()));
        runQueue();
    }

    private void runQueue() {
        while (idle()) {
            Step step = reader.next();
            if (step == null) {
                return;
            }
            if (step instanceof Speech speech) {
                speak(speech);
            } else if (step instanceof Calls made) {
                call(made);
            } else if (step instanceof RawMessage raw) {
                wire.send(raw.text());
            } else if (step instanceof Pause pause) {
                think(pause);
            } else if (step instanceof HangUp hangUp) {
                reader.handOver();
                wire.hangUp(hangUp.code(), "as the script says", reader.place());
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
        latest.settle(active);
        SpokenReply reply = new SpokenReply(speech, reader.where(), events, speed, wire, clock, () -> {
            active = null;
            runQueue();
        });
        active = reply;
        latest.begins(reply);
        reply.start();
    }

    private void call(Calls step) {
        latest.settle(active);
        Map<String, Call> made =
                calls.make(step, reader.where(), LocalDate.ofInstant(clock.instant(), zone), events.ids()::newCall);
        new CallsReply(made, step.faults(), events, wire).send();
    }

    private void onOutput(SwaramMessage.Output output) throws Breach {
        reader.goOnWith(calls.settle(output.callId(), output.output()));
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
        Speech greeting = reader.greet();
        if (greeting == null) {
            findings.mismatch("response.create came, and the script has nothing to say to it");
            wire.send(events.error(
                    "server_error", "nothing_scripted", "the script has no reply to response.create", clientEventId));
            return;
        }
        speak(greeting);
    }

    private void onCancel(@Nullable String clientEventId) {
        SpokenReply cut = active;
        if (cut == null) {
            latest.cancelledAfterIt();
            wire.send(events.error(
                    "invalid_request_error", "response_cancel_not_active", "no response is active", clientEventId));
            return;
        }
        active = null;
        cut.cancel();
        latest.wasCut(cut, "the client cancelled it");
        reader.skip();
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
        boolean mayCutIn = active != null ? active.mustBeCut() && active.begun() : calls.waitingToBeInterrupted();
        return reader.reached(turns) && !ear.speaking() && (mayCutIn || (reader.nothingWaits() && idle()));
    }

    @Override
    public @Nullable CallersCue callersCue() {
        Integer next = reader.nextTurn();
        return next != null && callerMaySpeak(next) ? new CallersCue(next, active != null) : null;
    }

    @Override
    public boolean finished() {
        return reader.atItsEnd() && calls.lateSettled() && idle();
    }

    @Override
    public Report report() {
        List<String> mismatches = findings.mismatches();
        mismatches.addAll(calls.missing(reader.where()));
        if (!calls.waiting() && (active != null || thinking != null || !reader.nothingWaits())) {
            mismatches.add(reader.where() + ": the reply did not come to its end");
        } else if (latest.missingCut() != null) {
            mismatches.add(latest.missingCut());
        }
        mismatches.addAll(reader.greetingLeft());
        return new Report(findings.violations(), mismatches, reader.turnsLeft());
    }
}
