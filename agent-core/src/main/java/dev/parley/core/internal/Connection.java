package dev.parley.core.internal;

import dev.parley.core.Interruption;
import dev.parley.core.Problem;
import dev.parley.core.ToolRequest;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.ServerEvent.ErrorEvent;
import dev.parley.core.event.SessionConfig;
import dev.parley.core.internal.Endings.Ending;
import dev.parley.core.provider.CloseMeaning;
import dev.parley.core.provider.Dialect;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a session: what its server tells, and what follows. Its calls and replies die with it: a later connection
 * knows none of them, whatever their ids, and what a replaced one still says is not heard. Confined to the loop.
 */
final class Connection implements RealtimeSocket.Events {
    private static final Logger log = LoggerFactory.getLogger(Connection.class);
    private static final Duration LONGEST_AFTER_FATAL_ERROR = Duration.ofSeconds(2);
    private static final int NORMAL = 1000;
    private static final int ABNORMAL = 1006;

    /** How far a connection has come. */
    enum Stage {
        DIALING,
        CONFIGURING,
        READY
    }

    private final int number;
    private final Shared session;
    private final ConnectionOwner owner;
    private final Dialect dialect;

    /** What the server goes by: the last configuration that it confirmed. */
    private SessionConfig config;

    private final RealtimeSocket socket;
    private final ReplyTracker replies;
    private final ResponseGate gate;
    private final CallAssembler calls;
    private final Farewell farewell;
    private final CallerTurn turn;
    private final Interrupter interrupter;

    private Stage stage = Stage.DIALING;
    private @Nullable ErrorEvent lastError;

    /** @param number of the session's connections, from 1 */
    Connection(int number, Shared session, ConnectionOwner owner, SessionConfig config) {
        this.number = number;
        this.session = session;
        this.owner = owner;
        this.dialect = session.dialect();
        this.config = config;
        this.socket = new RealtimeSocket(session.codec(), session.lane(), this);
        this.replies = new ReplyTracker(session.clock(), dialect.sampleRate());
        this.gate =
                ResponseGate.of(dialect, config.repliesToSpeech(), session.clock(), session.lane(), session.outgoing());
        this.calls = new CallAssembler(number, dialect.completesItems(), this::onCall, session.audience()::report);
        this.turn = new CallerTurn(session.clock());
        this.farewell = new Farewell(session.clock(), session.lane(), replies, owner::leave);
        this.interrupter = new Interrupter(session, replies, gate, farewell);
    }

    int number() {
        return number;
    }

    Stage stage() {
        return stage;
    }

    RealtimeSocket socket() {
        return socket;
    }

    ResponseGate gate() {
        return gate;
    }

    /** A tool's output is ready, and no later than its connection. */
    void answer(ToolRequest request, String output, boolean wantsReply) {
        farewell.onAnswer(request.callId(), wantsReply);
        gate.answer(request.callId(), output, wantsReply);
    }

    /** A tool asks for the end of the session, once the agent has spoken about its output. */
    void leaveAfterReply(ToolRequest request, @Nullable String target) {
        farewell.afterReplyTo(request, target);
    }

    /** Whether a reply was on its way. */
    boolean wasReplying() {
        return replies.active();
    }

    /** Whether nobody speaks or waits for an answer, nothing plays, and nothing waits for a moment to be sent. */
    boolean isQuiet() {
        return stage == Stage.READY
                && !turn.isOpen()
                && !isHeldByHand()
                && !replies.anyLive()
                && !replies.items().isPlaying()
                && !gate.isWaiting();
    }

    /** Whether the server has audio of a turn that the application has yet to end. */
    private boolean isHeldByHand() {
        return config.settings().hasManualTurns() && session.outgoing().hasUnendedAudio();
    }

    /** The application ended the caller's turn. */
    void turnEnded() {
        turn.onEnded();
        if (config.settings().hasManualTurns()) {
            session.stopwatches().onCallerStopped(replies.activeInConversation());
        }
    }

    /** The application took back what the caller said. */
    void turnTakenBack() {
        turn.onTakenBack();
    }

    /** The configuration was confirmed. */
    void ready() {
        stage = Stage.READY;
    }

    /** Nothing of it happens any more. */
    void close() {
        gate.close();
        farewell.close();
    }

    // What the socket tells.

    @Override
    public void onOpen() {
        if (owner.isCurrent(this)) {
            stage = Stage.CONFIGURING;
            owner.opened();
        }
    }

    @Override
    public void onEvent(ServerEvent told) {
        if (!owner.isCurrent(this)) {
            return;
        }
        ServerEvent event = told;
        if (told instanceof ServerEvent.ResponseCreated created && created.outOfBand() && !gate.awaitsAside()) {
            // Some servers never name a conversation: what nobody asked to keep out of it is in it.
            event = new ServerEvent.ResponseCreated(created.responseId());
        }
        if (event instanceof ServerEvent.OutputAudio audio) {
            onAudio(audio);
            return;
        }
        beforeParts(event);
        interrupter.tell(event);
        afterParts(event);
    }

    @Override
    public void onMalformed(String why) {
        if (owner.isCurrent(this)) {
            session.counters().malformed.incrementAndGet();
            session.audience()
                    .report(new Problem(
                            Problem.Kind.MALFORMED_MESSAGE,
                            dialect.name() + " sent a message that was skipped: " + why));
        }
    }

    @Override
    public void onClosed(int code, String reason) {
        if (owner.isCurrent(this)) {
            owner.lost(session.endings().ofClose(code, lastError));
        }
    }

    @Override
    public void onFailure(Throwable failure, int httpStatus) {
        if (owner.isCurrent(this)) {
            if (failure instanceof MessageTooLongException) {
                session.counters().malformed.incrementAndGet();
            }
            Endings endings = session.endings();
            owner.lost(stage == Stage.DIALING ? endings.ofFailure(failure, httpStatus) : endings.ofLoss(failure));
        }
    }

    // What follows.

    private void onAudio(ServerEvent.OutputAudio audio) {
        int bytes = audio.audio().remaining();
        Counters counters = session.counters();
        counters.audioReceived.addAndGet(bytes);
        if (replies.isOver(audio.responseId())) {
            counters.lateAudio.addAndGet(bytes);
            if (replies.isFirstLateAudio(audio.responseId())) {
                session.audience()
                        .report(new Problem(
                                Problem.Kind.OUT_OF_ORDER,
                                dialect.name()
                                        + " sent audio for a reply that was already done; it is dropped and counted"));
            }
            return;
        }
        replies.received(audio.responseId(), audio.itemId(), bytes);
        session.stopwatches().onAudio();
        interrupter.tell(audio);
    }

    /** What must have happened before a part sees the event: above all, silence before anything else. */
    private void beforeParts(ServerEvent event) {
        session.conversation().onEvent(event);
        if (event instanceof ServerEvent.SessionUpdated) {
            config = owner.config();
            gate.repliesToSpeech(config.repliesToSpeech());
            if (stage == Stage.CONFIGURING) {
                owner.confirmed();
            }
        } else if (event instanceof ServerEvent.SpeechStarted) {
            turn.onSpeechStarted();
            session.stopwatches().onCallerStarted();
            gate.onSpeechStarted();
            farewell.onCallerSpoke();
            if (dialect.cancelsWhenCallerSpeaks() && config.interruptsReplies()) {
                interrupt(Interruption.Cause.CALLER_SPOKE, false);
            }
        } else if (event instanceof ServerEvent.SpeechStopped) {
            turn.onEnded();
            session.stopwatches().onCallerStopped(replies.activeInConversation());
            gate.onSpeechStopped();
        } else if (event instanceof ServerEvent.ResponseCreated created) {
            onReplyCreated(created);
        } else if (event instanceof ServerEvent.ResponseDone done) {
            onReplyDone(done);
        } else if (event instanceof ServerEvent.Unrecognized) {
            session.counters().unrecognized.incrementAndGet();
        }
    }

    private void onReplyCreated(ServerEvent.ResponseCreated created) {
        if (created.outOfBand() && created.responseId() != null) {
            replies.beginOutOfBand(created.responseId());
        } else if (!created.outOfBand() || !replies.active()) {
            replies.begin(created.responseId());
        }
        lastError = null;
        turn.onReplyCreated(created);
        if (!created.outOfBand()) {
            session.stopwatches().onReplyCreated();
        }
        if (gate.onReplyCreated(created)) {
            if (!created.outOfBand()) {
                farewell.onReplyCreated();
            }
        } else {
            // A reply that nobody asked for: it ends before its first word, which is no interruption of anything.
            replies.cancel();
            interrupter.cancelAtServer(null);
        }
    }

    private void onReplyDone(ServerEvent.ResponseDone done) {
        if (!replies.isKnown(done.responseId())) {
            session.audience()
                    .report(new Problem(
                            Problem.Kind.OUT_OF_ORDER, dialect.name() + " ended a reply that it had not begun"));
        }
        if (done.cancelled() && replies.isActive(done.responseId())) {
            interrupt(Interruption.Cause.PROVIDER, false);
        }
        replies.end(done.responseId());
        if (!replies.activeInConversation()) {
            session.stopwatches().onReplyDone();
        }
        turn.onReplyDone(done);
        if (done.usage() != null) {
            session.counters().inputTokens.addAndGet(done.usage().input());
            session.counters().outputTokens.addAndGet(done.usage().output());
        }
        if ("failed".equals(done.status())) {
            session.audience()
                    .report(new Problem(
                            Problem.Kind.PROVIDER_ERROR,
                            dialect.name() + " could not reply" + (done.reason() == null ? "" : ": " + done.reason())));
        }
    }

    /** What follows from the event, once every part has seen it. */
    private void afterParts(ServerEvent event) {
        if (event instanceof ServerEvent.FunctionCallArguments arguments) {
            calls.onArguments(arguments);
        } else if (event instanceof ServerEvent.OutputItem output) {
            calls.onItem(output.responseId(), output.item(), output.done());
        } else if (event instanceof ServerEvent.ItemCreated created) {
            gate.onItem(created.item());
            // A call that is told outside of any reply is history that the application has added: it was run long ago.
            if (replies.active() || calls.isOpen(created.item())) {
                calls.onItem(
                        null, created.item(), "completed".equals(created.item().status()));
            }
        } else if (event instanceof ServerEvent.ResponseDone done) {
            calls.onResponseDone(done, replies::isOver);
            gate.onReplyDone(done);
            farewell.onReplyDone();
        } else if (event instanceof ErrorEvent error) {
            onError(error);
        }
    }

    private void onError(ErrorEvent error) {
        if (gate.refusesTurn(error)) {
            turn.onTakenBack();
            session.audience().report(HandEndedTurns.refusal(dialect.name(), Endings.nameOf(error)));
            return;
        }
        if (gate.onError(error) || isHarmless(error)) {
            log.debug("{} reports {}, which changes nothing", dialect.name(), Endings.nameOf(error));
            return;
        }
        boolean first = lastError == null;
        lastError = error;
        session.audience()
                .report(new Problem(
                        Problem.Kind.PROVIDER_ERROR,
                        // Its message may repeat what was sent: the event itself tells it to those who ask.
                        dialect.name() + " reports " + Endings.nameOf(error)));
        CloseMeaning fatal = error.code() == null ? null : dialect.fatalErrors().get(error.code());
        if (fatal == CloseMeaning.SESSION_EXPIRED) {
            owner.lost(session.endings().of(fatal, NORMAL));
        } else if (fatal != null) {
            // The close that follows says the same, and is not always sent.
            owner.lostUnless(LONGEST_AFTER_FATAL_ERROR, session.endings().of(fatal, ABNORMAL));
        } else if (stage == Stage.CONFIGURING && first) {
            // A refused configuration is never confirmed; a refused key is followed by a close, which says more.
            Ending refused = session.endings().ofRefusedConfiguration(error);
            if (Endings.isServerError(error)) {
                owner.lostUnless(LONGEST_AFTER_FATAL_ERROR, refused);
            } else {
                owner.endedUnless(LONGEST_AFTER_FATAL_ERROR, refused);
            }
        }
    }

    /**
     * Bad timing, or an item that could not be cut: servers refuse one whose audio they have not kept, or have cut themselves.
     * The caller has heard what they have heard all the same.
     */
    private boolean isHarmless(ErrorEvent error) {
        return (error.code() != null && dialect.harmlessErrors().contains(error.code()))
                || Interrupter.isCut(error.eventId());
    }

    private void onCall(ToolRequest request) {
        gate.onCall(request.callId(), request.responseId());
        farewell.onCall(request.callId());
        session.conversation().onCall(request);
        if (!session.audience().request(request)) {
            log.debug("no part of the session answers the tool {}; the application may", request.name());
        }
    }

    /** Somebody reported playback: every 20 ms while the agent speaks, so that nothing of it allocates. */
    void moveHeard(String itemId, long heardNanos) {
        long moved = replies.items().heard(itemId, heardNanos);
        if (moved != SpokenItems.NOT_MOVED) {
            session.audience().heard(itemId, moved);
            farewell.onHeard();
        }
    }

    /** A part found out that the caller speaks. */
    void callerSpoke() {
        interrupter.callerSpoke();
    }

    /** @param providerMustBeTold whether it does not know yet */
    void interrupt(Interruption.Cause cause, boolean providerMustBeTold) {
        interrupter.interrupt(cause, providerMustBeTold);
    }
}
