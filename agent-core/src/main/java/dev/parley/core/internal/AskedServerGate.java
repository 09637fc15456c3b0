package dev.parley.core.internal;

import dev.parley.core.Clock;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.provider.Dialect;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The gate to a server that speaks when it is asked. It writes one reply at a time, refuses a request while one is being
 * written, and replies to the caller's speech by itself, so the gate asks once, and only when that fits:
 *
 * <ul>
 *   <li>A reply that called tools is followed by one request, when it is done and every one of its calls has its output.
 *       Outputs go out at once. Requests that are due together are one.
 *   <li>Any reply that began after the server acknowledged the last output has seen it, whoever asked for that reply: then
 *       none is asked for.
 *   <li>While the caller has the floor, the server will reply by itself: the request waits.
 *   <li>A request that the server refuses because a reply is active is made again when that one is done.
 *   <li>A request with options of its own is made as it is, in its turn; one out of band does not wait at all.
 *   <li>A turn of the caller's that the application ended is replied to if the server takes it. The request goes out beside the
 *       turn's end, which saves a round trip; where too little of a voice was sent, only when the server has taken it.
 * </ul>
 */
final class AskedServerGate implements ResponseGate {
    /** A call that is told after its reply's end is one of several, perhaps; their next sign comes with the same burst. */
    static final Duration BETWEEN_LATE_CALLS = Duration.ofMillis(100);

    private final Dialect dialect;
    private boolean repliesToSpeech;
    private final Out out;
    private final CallerFloor floor;
    private final LoopTimer unanswered;
    private final LoopTimer lateCalls;

    private final CallingReplies replies = new CallingReplies();
    private final Asides asides;
    private final HandEndedTurns turns;

    private final Unacknowledged unacknowledged;

    /** Requests with options of their own, in order. */
    private final ArrayDeque<ResponseOptions> withOptions = new ArrayDeque<>();

    private final DueReply due = new DueReply();

    /** Whether the server writes a reply to the conversation now, and which. */
    private boolean active;

    private @Nullable String activeId;

    /** The request that is on its way, or that began the active reply. */
    private @Nullable Request made;

    /** Whether the active reply is what was asked for, even if the request for it is refused. */
    private boolean metWithoutUs;

    /** The id of the request whose turn the server has refused since: its reply ends before its first word. */
    private @Nullable String unwanted;

    /** Whether the caller has begun to speak since that refusal: the next reply may be the server's own, to them. */
    private boolean spokenSince;

    private final EventIds ids = EventIds.ofGate();

    /**
     * A request.
     *
     * @param options null for one by the session's settings
     * @param turn the hand-ended turn for which alone it was made, or null
     */
    private record Request(
            String eventId,
            @Nullable ResponseOptions options,
            @Nullable String turn) {}

    /** @param repliesToSpeech whether the server replies to the caller by itself */
    AskedServerGate(Dialect dialect, boolean repliesToSpeech, Clock clock, Executor loop, Out out) {
        this.dialect = dialect;
        this.repliesToSpeech = repliesToSpeech;
        this.out = out;
        this.asides = new Asides(clock, loop);
        this.turns = new HandEndedTurns(dialect);
        this.unacknowledged = new Unacknowledged(dialect.acknowledgesItems());
        this.floor = new CallerFloor(clock, loop, this::askIfItFits);
        this.unanswered = new LoopTimer(clock, loop);
        this.lateCalls = new LoopTimer(clock, loop);
    }

    @Override
    public void repliesToSpeech(boolean byItself) {
        repliesToSpeech = byItself;
    }

    @Override
    public void requestResponse(@Nullable ResponseOptions options) {
        if (options == null) {
            due.oweNow(null);
        } else if (options.outOfBand()) {
            String eventId = ids.next();
            asides.asked(eventId, options);
            out.send(new ClientEvent.CreateResponse(options), eventId);
            return;
        } else {
            withOptions.add(options);
        }
        askIfItFits();
    }

    @Override
    public void askedAsideRaw() {
        asides.askedRaw();
    }

    @Override
    public boolean awaitsAside() {
        return asides.isAwaited();
    }

    @Override
    public void onTurnEnded(String commitId, boolean certain) {
        if (turns.ended(commitId, certain)) {
            due.oweNow(commitId);
            askIfItFits();
        }
    }

    @Override
    public boolean refusesTurn(ServerEvent.ErrorEvent error) {
        String turn = turns.refusedBy(error);
        if (turn == null) {
            return false;
        }
        if (!due.refuse(turn) && made != null && turn.equals(made.turn()) && !active) {
            unwanted = made.eventId();
            spokenSince = false;
        }
        return true;
    }

    @Override
    public void say(ClientEvent.Message message) {
        unacknowledged.typed(message.text());
        out.send(message, null);
        requestResponse(null);
    }

    @Override
    public void onSpeechStarted() {
        spokenSince = true;
        floor.onSpeechStarted();
    }

    @Override
    public void onSpeechStopped() {
        if (repliesToSpeech) {
            floor.onSpeechStopped();
        } else {
            floor.free();
        }
    }

    @Override
    public boolean onReplyCreated(ServerEvent.ResponseCreated created) {
        if (created.outOfBand()) {
            asides.onCreated(created.responseId());
            return true;
        }
        unanswered.set(LONGEST_HELD, this::stopWaiting);
        floor.onReplyCreated();
        active = true;
        activeId = created.responseId();
        boolean wanted = !isUnwanted(made) || repliesToSpeech || spokenSince;
        if (wanted && unacknowledged.isEmpty() && !turns.areUntaken()) {
            due.forget();
            metWithoutUs = made != null && made.options() == null;
        }
        return wanted;
    }

    @Override
    public void onReplyCut() {
        replies.cut(activeId);
    }

    @Override
    public void onReplyDone(ServerEvent.ResponseDone done) {
        boolean late = !active && done.responseId() != null;
        if (!late
                && (done.responseId() == null
                        || activeId == null
                        || done.responseId().equals(activeId))) {
            active = false;
            made = null;
            metWithoutUs = false;
            unanswered.cancel();
        }
        asides.onDone(done.responseId());
        replies.done(done.responseId() == null ? activeId : done.responseId(), done.cancelled());
        settle();
        if (!active) {
            floor.onReplyDone();
        }
        askIfItFits();
    }

    @Override
    public void onCall(String callId, @Nullable String responseId) {
        String id = responseId == null ? activeId : responseId;
        if (replies.called(callId, id, active)) {
            lateCalls.set(BETWEEN_LATE_CALLS, this::settleAll);
        }
    }

    @Override
    public void answer(String callId, String output, boolean wantsReply) {
        String eventId = ids.next();
        unacknowledged.output(callId, eventId);
        out.send(new ClientEvent.ToolOutput(callId, output), eventId);
        if (!replies.answered(callId, wantsReply) && wantsReply) {
            due.owe(null);
        }
        settle();
        askIfItFits();
    }

    @Override
    public void onItem(ServerEvent.Item item) {
        unacknowledged.onItem(item);
        if ("user".equals(item.role()) && turns.onItem(item)) {
            requestResponse(null);
        }
    }

    @Override
    public boolean onError(ServerEvent.ErrorEvent error) {
        if (error.eventId() != null && unacknowledged.refused(error.eventId())) {
            return false;
        }
        boolean ownIsOnItsWay = made != null && !active;
        if (error.eventId() == null
                && dialect.namesFaultyEvents()
                && !(ALREADY_ACTIVE.equals(error.code()) && ownIsOnItsWay)) {
            return ALREADY_ACTIVE.equals(error.code()) && oweReplyToCaller();
        }
        if (error.eventId() != null) {
            asides.onRefused(error.eventId());
        }
        Request refused = made;
        if (refused == null || !(error.eventId() == null || refused.eventId().equals(error.eventId()))) {
            return false;
        }
        if (ALREADY_ACTIVE.equals(error.code())) {
            made = null;
            if (!metWithoutUs && !isUnwanted(refused)) {
                again(refused);
            }
            if (!active) {
                waitForUntoldReply();
            }
            return true;
        }
        if (error.eventId() != null) {
            made = null;
            unanswered.cancel();
            askIfItFits();
        }
        return false;
    }

    /**
     * The server wanted to reply to the caller by itself, and an active reply stood in its way. It does not try again, so that
     * reply is ours to ask for, and the caller's floor no longer waits for it.
     */
    private boolean oweReplyToCaller() {
        due.owe(null);
        if (!active && made == null) {
            waitForUntoldReply();
        }
        floor.free();
        return true;
    }

    /** The server knows of a reply that it has not told of; its end will be told, or it is over already. */
    private void waitForUntoldReply() {
        active = true;
        activeId = null;
        unanswered.set(LONGEST_UNANSWERED, this::stopWaiting);
    }

    @Override
    public boolean isWaiting() {
        return due.isDue()
                || lateCalls.isSet()
                || !withOptions.isEmpty()
                || (made != null && !active)
                || asides.isOpen();
    }

    @Override
    public Unmet unmet() {
        List<ResponseOptions> requests = new ArrayList<>(withOptions);
        if (made != null && made.options() != null) {
            requests.add(0, made.options());
        }
        requests.addAll(asides.unmet());
        boolean onItsWay = made != null && !active && made.options() == null && !isUnwanted(made);
        return new Unmet(due.isDue() || onItsWay, requests, asides.unfinished());
    }

    @Override
    public void close() {
        floor.close();
        asides.close();
        unanswered.close();
        lateCalls.close();
        due.forget();
        withOptions.clear();
    }

    private void settle() {
        if (!lateCalls.isSet() && replies.settle()) {
            due.owe(null);
        }
    }

    private void settleAll() {
        settle();
        askIfItFits();
    }

    private void askIfItFits() {
        if (active || made != null) {
            return;
        }
        if (due.fits(floor.isTaken())) {
            ask(null, due.take());
        } else if (!withOptions.isEmpty()) {
            ask(withOptions.remove(), null);
        }
    }

    private void ask(@Nullable ResponseOptions options, @Nullable String turn) {
        made = new Request(ids.next(), options, turn);
        unanswered.set(LONGEST_UNANSWERED, this::stopWaiting);
        out.send(new ClientEvent.CreateResponse(options), made.eventId());
    }

    private boolean isUnwanted(@Nullable Request request) {
        return request != null && request.eventId().equals(unwanted);
    }

    /** Before whatever else waits, since it was asked for first. */
    private void again(Request refused) {
        if (refused.options() == null) {
            due.owe(refused.turn());
        } else {
            withOptions.addFirst(refused.options());
        }
    }

    private void stopWaiting() {
        if (active) {
            onReplyDone(new ServerEvent.ResponseDone(activeId, null, List.of()));
        } else {
            made = null;
            askIfItFits();
        }
    }
}
