package dev.parley.core.internal;

import dev.parley.core.Clock;
import dev.parley.core.CloseReason;
import dev.parley.core.Interruption;
import dev.parley.core.Problem;
import dev.parley.core.ReconnectPolicy;
import dev.parley.core.SessionCounters;
import dev.parley.core.SessionState;
import dev.parley.core.ToolRequest;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import dev.parley.core.event.SessionConfig;
import dev.parley.core.internal.Connection.Stage;
import dev.parley.core.provider.Dialect;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A session's beginning, what the application and the parts ask of it, and its end. All of it runs on one lane, one task at a
 * time, beside what the {@link Connection} tells: so nothing in a session is locked. Any thread may call.
 */
final class SessionLoop implements Connections.Session {
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(2);

    /** Then the connection is dropped, whatever keeps the loop. */
    private static final Duration LONGEST_HANG_UP = Duration.ofSeconds(3);

    private static final String COMMIT = "parley_commit_";

    /** 100 ms of PCM16: of less OpenAI refuses to make a turn. */
    private static final double SHORTEST_TURN_BYTES_PER_HERTZ = 0.2;

    private final Shared shared;
    private final Dialect dialect;
    private final SerialLane lane;
    private final Lifecycle life;
    private final Audience audience;
    private final Outgoing outgoing;
    private final ConversationLog conversation;
    private final Connections connections;
    private final AtomicInteger commits = new AtomicInteger();
    private final AtomicBoolean dropSet = new AtomicBoolean();

    /** Completed when there is no connection any more, which somebody would have to drop. */
    private final CompletableFuture<Void> dropped = new CompletableFuture<>();

    SessionLoop(Shared shared, ReconnectPolicy reconnect, Dialer dialer) {
        this.shared = shared;
        this.dialect = shared.dialect();
        this.lane = shared.lane();
        this.life = shared.life();
        this.audience = shared.audience();
        this.outgoing = shared.outgoing();
        this.conversation = shared.conversation();
        this.connections = new Connections(shared, reconnect, dialer, this);
    }

    /** The session that listeners are told of. Called once, before all else. */
    void attach(VoiceSession self) {
        audience.attach(self);
    }

    /**
     * Opens the first connection; parts do not change from here on. Called once.
     *
     * @throws IllegalArgumentException if the configuration is too long to send
     */
    CompletableFuture<VoiceSession> connect(Parts opened, SessionConfig config) {
        outgoing.checkSize(new ClientEvent.SessionUpdate(config));
        lane.execute(() -> {
            audience.seat(opened);
            connections.start(config);
        });
        return life.whenReady();
    }

    // What the application and the parts ask.

    boolean appendAudio(ByteBuffer pcm16) {
        return outgoing.offerAudio(pcm16);
    }

    void requestResponse(@Nullable ResponseOptions options) {
        ClientEvent.CreateResponse request = new ClientEvent.CreateResponse(options);
        Capabilities.check(dialect, request);
        outgoing.checkSize(request);
        lane.execute(() -> connections.requestResponse(options));
    }

    void sendText(String text) {
        ClientEvent.Message message = new ClientEvent.Message("user", text, null);
        Capabilities.check(dialect, message);
        outgoing.checkSize(message);
        lane.execute(() -> {
            conversation.onUserText(text);
            if (connections.current().stage() == Stage.DIALING) {
                // The server will be told with the rest of the conversation.
                connections.requestResponse(null);
            } else {
                gate().say(message);
            }
        });
    }

    /** @param asks whether the reply is ours to ask for, where the server does not reply by itself */
    void commitAudio(boolean asks) {
        ClientEvent commit = new ClientEvent.CommitAudio();
        Capabilities.check(dialect, commit);
        String commitId = asks ? COMMIT + commits.incrementAndGet() : null;
        // Not on the loop: audio that is appended later must stand behind it.
        outgoing.sendAfterAudio(commit, commitId, sent -> {
            connections.current().turnEnded();
            if (commitId != null && !connections.config().repliesToSpeech()) {
                gate().onTurnEnded(commitId, sent >= dialect.sampleRate() * SHORTEST_TURN_BYTES_PER_HERTZ);
            }
        });
    }

    void clearAudio() {
        ClientEvent clear = new ClientEvent.ClearAudio();
        Capabilities.check(dialect, clear);
        outgoing.sendTakingBack(clear, () -> connections.current().turnTakenBack());
    }

    /** The escape hatch: what the session itself keeps account of goes the same way as its own. */
    void sendFromOutside(ClientEvent event) {
        Capabilities.check(dialect, event);
        if (event instanceof ClientEvent.AppendAudio append) {
            // It has a limit of its own.
            appendAudio(append.audio());
            return;
        }
        outgoing.checkSize(event);
        if (event instanceof ClientEvent.CommitAudio) {
            commitAudio(false);
        } else if (event instanceof ClientEvent.ClearAudio) {
            clearAudio();
        } else if (event instanceof ClientEvent.CreateResponse create) {
            requestResponse(create.options());
        } else if (event instanceof ClientEvent.ToolOutput output) {
            lane.execute(() -> answerFromOutside(output));
        } else if (event instanceof ClientEvent.SessionUpdate update) {
            lane.execute(() -> connections.reconfigure(update));
        } else if (event instanceof ClientEvent.Message message) {
            lane.execute(() -> tell(message));
        } else if (event instanceof ClientEvent.Raw raw) {
            lane.execute(() -> connections.sendRaw(raw));
        } else {
            lane.execute(() -> outgoing.send(event));
        }
    }

    private void tell(ClientEvent.Message message) {
        if (!conversation.onMessage(message)) {
            outgoing.sendOnceReady(message);
        } else if (connections.current().stage() != Stage.DIALING) {
            // Otherwise the server will be told with the rest of the conversation.
            outgoing.send(message);
        }
    }

    private void answerFromOutside(ClientEvent.ToolOutput output) {
        ToolRequest request = conversation.latestCall(output.callId());
        if (request != null) {
            settle(request, output.output(), true);
        } else {
            gate().answer(output.callId(), output.output(), true);
        }
    }

    void answer(ToolRequest request, String output, boolean wantsReply) {
        lane.execute(() -> settle(request, output, wantsReply));
    }

    private void settle(ToolRequest request, String whole, boolean wantsReply) {
        String output = outgoing.sendable(
                request,
                whole,
                bytes -> audience.report(new Problem(
                        Problem.Kind.CALL_UNANSWERABLE,
                        "the output of the tool " + request.name() + " is too long to be sent: " + bytes
                                + " bytes as JSON. The model was told so instead; let the tool return less")));
        ConversationLog.Answer answer = conversation.onAnswer(request, output);
        if (connections.isOpenFor(request.connection())) {
            connections.current().answer(request, output, wantsReply);
        } else if (answer == ConversationLog.Answer.LATE) {
            tellLate(request, output, wantsReply);
        } else if (!conversation.hasOpenCalls()) {
            connections.onCallsSettled();
        }
    }

    /** A call that outlived its connection, and that the next one was told of as unknown. */
    private void tellLate(ToolRequest request, String output, boolean wantsReply) {
        Stage stage = connections.current().stage();
        if (stage == Stage.DIALING) {
            // The next server will be told with the rest of the conversation.
            if (wantsReply) {
                connections.requestResponse(null);
            }
        } else if (dialect.takesText()) {
            outgoing.send(Instructions.lateOutcome(request, output));
            if (wantsReply) {
                connections.requestResponse(null);
            }
        } else {
            audience.report(new Problem(
                    Problem.Kind.CALL_UNANSWERABLE,
                    "the tool " + request.name() + " ended after its connection was replaced, and " + dialect.name()
                            + " could not be told how: it knows the outcome as unknown"));
        }
    }

    /** @param target to whom the caller goes then, or null */
    void leaveAfterReply(ToolRequest request, @Nullable String target) {
        lane.execute(() -> {
            if (connections.isOpenFor(request.connection())) {
                connections.current().leaveAfterReply(request, target);
            }
        });
    }

    void interrupt(Interruption.Cause cause) {
        lane.execute(() -> connections.current().interrupt(cause, true));
    }

    /** In the same task where the caller is the loop: what the server sends meanwhile is not played first. */
    void callerSpoke() {
        if (lane.isCurrent()) {
            connections.current().callerSpoke();
        } else {
            lane.execute(() -> connections.current().callerSpoke());
        }
    }

    /** At once where the caller is the loop. */
    void playedUpTo(String itemId, long heardNanos) {
        if (lane.isCurrent()) {
            connections.current().moveHeard(itemId, heardNanos);
        } else {
            lane.execute(() -> connections.current().moveHeard(itemId, heardNanos));
        }
    }

    private ResponseGate gate() {
        return connections.current().gate();
    }

    // The end.

    /** Nobody waits for this session any more: it ends at once, and no listener hears of it. */
    void abandon() {
        lane.execute(() -> {
            life.abandon();
            end(Endings.ofHangUp());
        });
    }

    void hangUp() {
        if (dropSet.compareAndSet(false, true)) {
            // The loop may be in a part that does not return, and whoever hangs up may be that part, or wait for it.
            Clock.Timer drop = shared.clock().schedule(LONGEST_HANG_UP, this::dropConnection);
            var unused = dropped.thenRun(drop::cancel);
        }
        lane.execute(() -> {
            if (!life.hangUp()) {
                return;
            }
            if (connections.current().stage() == Stage.DIALING) {
                // There is nobody to say goodbye to.
                end(Endings.ofHangUp());
            } else {
                connections.current().socket().close();
                life.within(LONGEST_CLOSE, () -> end(Endings.ofHangUp()));
            }
        });
    }

    /** From any thread, since the loop may be in a part that does not return: the connection is not paid for any longer. */
    void dropConnection() {
        connections.current().socket().abort();
    }

    /** Whoever closed the session has waited long enough: the connection goes, and the log says who holds up the end. */
    void giveUp() {
        dropConnection();
        audience.warnOfWhoDoesNotReturn();
    }

    @Override
    public void leave(@Nullable String target) {
        if (life.isClosed() || life.isHangingUp()) {
            return;
        }
        if (target != null) {
            audience.transfer(target);
        }
        hangUp();
    }

    /** A peer that does not close by itself, or no longer can, is dropped. */
    @Override
    public void end(CloseReason reason) {
        connections.current().socket().abort();
        if (!life.close(reason)) {
            return;
        }
        dropped.complete(null);
        connections.close();
        outgoing.close();
        audience.state(SessionState.CLOSED);
        var unused = audience.whenSettled(shared.clock())
                .thenComposeAsync(settled -> audience.closeParts(reason, shared.clock()), lane)
                .thenRunAsync(() -> tellEnd(reason), lane);
    }

    private void tellEnd(CloseReason reason) {
        life.endTold();
        audience.over();
        if (life.wasReady() && !life.isAbandoned()) {
            audience.end(reason);
        }
        life.notReady(reason);
        audience.afterwards(() -> life.ended(reason));
    }

    // What may be read from outside.

    Lifecycle life() {
        return life;
    }

    Audience audience() {
        return audience;
    }

    SerialLane lane() {
        return lane;
    }

    /** Whether the caller may not wait for the session, because the session waits for the caller. */
    boolean isOwnThread() {
        return lane.isCurrent() || audience.isListening();
    }

    SessionCounters counters() {
        return shared.counters().with(outgoing.outbox(), audience);
    }
}
