package dev.parley.core.internal;

import dev.parley.core.Clock;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.internal.WaitingRequests.Waiting;
import dev.parley.core.provider.Dialect;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The gate to a server that continues after a tool's output: it speaks at every output. So nothing asks it to, and an output
 * that becomes ready while the caller has the floor waits: the server will reply to the caller anyway, and an output in
 * between would make it speak twice. Outputs of that very reply's calls do not wait, since it cannot go on without them.
 *
 * <p>A request of the application's own waits for the end of a reply that is being spoken, and goes with it if an output
 * makes the server speak anyway. Beside a call that still runs it does not wait: it may be about that very wait. Requests by the
 * session's own settings that wait are one; each with options of its own has a reply of its own, one after the other, and one
 * out of band does not wait at all. A request that the server refuses because a reply is active is made again after that one,
 * unless it is by the session's own settings and that reply began after it: then that is what was asked for.
 *
 * <p>An answer that the model is not to speak about makes such a server speak all the same: the reply that begins next is
 * then cancelled before its first word, unless something else asked for one meanwhile. So is a reply that was asked for beside
 * the end of a caller's turn which the server then refused.
 */
final class ContinuingServerGate implements ResponseGate {
    /** More calls than run at once; the oldest are forgotten, and their outputs then simply do not wait. */
    private static final int CALLS_REMEMBERED = 256;

    private final Dialect dialect;
    private final CallerFloor floor;
    private final Out out;

    /** What the server should tell of and may not: the end of the active reply, or the beginning of the next. */
    private final LoopTimer untold;

    private final ArrayDeque<Answer> held = new ArrayDeque<>();

    /** Of the calls without an output; and of those that came again in their own reply after it, until others push them out. */
    private final Map<String, Integer> replyOfCall = new Bounded<>(CALLS_REMEMBERED);

    private final WaitingRequests asked = new WaitingRequests();

    /** The request that is on its way, or that was made when the active reply began. */
    private @Nullable Request made;

    private final NextReply next = new NextReply();
    private final HandEndedTurns turns;
    private final Asides asides;

    /** Typed turns: a reply that crosses one has not seen it. Outputs have replies of their own. */
    private final Unacknowledged typed;

    private final EventIds ids = EventIds.ofGate();

    private boolean active;
    private @Nullable String activeId;

    /** Whether the active reply is what was asked for, even if the request for it is refused. */
    private boolean metWithoutUs;

    /** Whether the active reply is one that only a refusal has told of. */
    private boolean activeIsUntold;

    private record Answer(ClientEvent.ToolOutput output, boolean wantsReply) {}

    private record Request(String eventId, ClientEvent.CreateResponse create) {}

    ContinuingServerGate(Dialect dialect, Clock clock, Executor loop, Out out) {
        this.dialect = dialect;
        this.asides = new Asides(clock, loop);
        this.turns = new HandEndedTurns(dialect);
        this.typed = new Unacknowledged(dialect.acknowledgesItems());
        this.floor = new CallerFloor(clock, loop, this::sendHeld);
        this.out = out;
        this.untold = new LoopTimer(clock, loop);
    }

    @Override
    public void repliesToSpeech(boolean byItself) {}

    @Override
    public void requestResponse(@Nullable ResponseOptions options) {
        if (options != null && options.outOfBand()) {
            String eventId = ids.next();
            asides.asked(eventId, options);
            out.send(new ClientEvent.CreateResponse(options), eventId);
        } else {
            request(new Waiting(new ClientEvent.CreateResponse(options), null));
        }
    }

    private void request(Waiting request) {
        boolean isFree = !active && made == null;
        if (isFree && !next.isComing()) {
            ask(request);
        } else if (isFree && request.isPlain()) {
            next.merge(request.turn());
            untold.set(LONGEST_UNANSWERED, this::stopWaiting);
        } else {
            asked.add(request);
            if (!untold.isSet()) {
                untold.set(LONGEST_UNANSWERED, this::stopWaiting);
            }
        }
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
            request(Waiting.plain(commitId));
        }
    }

    @Override
    public boolean refusesTurn(ServerEvent.ErrorEvent error) {
        String turn = turns.refusedBy(error);
        if (turn == null) {
            return false;
        }
        asked.refuse(turn);
        next.refuse(turn);
        return true;
    }

    private void ask(Waiting request) {
        made = new Request(ids.next(), request.create());
        next.want(request.turn());
        untold.set(LONGEST_UNANSWERED, this::stopWaiting);
        out.send(request.create(), made.eventId());
    }

    private void onReplyOver() {
        active = false;
        activeId = null;
        activeIsUntold = false;
        metWithoutUs = false;
        made = null;
        untold.cancel();
        if (next.isComing()) {
            // An output brings about the reply that was asked for.
            Waiting met = asked.removePlain();
            if (met != null) {
                next.merge(met.turn());
            }
            untold.set(LONGEST_UNANSWERED, this::stopWaiting);
        } else if (!asked.isEmpty()) {
            ask(asked.remove());
        }
    }

    /** Neither the end of the active reply nor the beginning of the next is told. */
    private void stopWaiting() {
        if (!active) {
            if (next.isMerged()) {
                asked.addFirst(Waiting.plain(next.turn()));
            }
            next.forget();
        }
        onReplyOver();
    }

    @Override
    public void say(ClientEvent.Message message) {
        typed.typed(message.text());
        out.send(message, null);
        requestResponse(null);
    }

    @Override
    public void onSpeechStarted() {
        next.allow();
        floor.onSpeechStarted();
    }

    @Override
    public void onSpeechStopped() {
        floor.onSpeechStopped();
    }

    @Override
    public boolean onReplyCreated(ServerEvent.ResponseCreated created) {
        if (created.outOfBand()) {
            asides.onCreated(created.responseId());
            return true;
        }
        floor.onReplyCreated();
        active = true;
        activeId = created.responseId();
        if (typed.isEmpty() && !turns.areUntaken()) {
            metWithoutUs = made != null && made.create().options() == null;
            if (activeIsUntold) {
                // Told only now, so it began after the refusal.
                asked.removePlain();
            }
        } else if (next.isMerged()) {
            // It began before what it should have answered.
            asked.addFirst(Waiting.plain(next.turn()));
        }
        activeIsUntold = false;
        untold.set(LONGEST_HELD, this::stopWaiting);
        boolean wanted = !next.isUnwanted();
        next.forget();
        return wanted;
    }

    @Override
    public void onReplyCut() {}

    @Override
    public void onReplyDone(ServerEvent.ResponseDone done) {
        asides.onDone(done.responseId());
        boolean another = done.responseId() != null
                && (!active || (activeId != null && !done.responseId().equals(activeId)));
        if (!another) {
            floor.onReplyDone();
            onReplyOver();
        }
    }

    @Override
    public void onCall(String callId, @Nullable String responseId) {
        replyOfCall.put(callId, floor.reply());
    }

    @Override
    public void answer(String callId, String output, boolean wantsReply) {
        Answer answer = new Answer(new ClientEvent.ToolOutput(callId, output), wantsReply);
        Integer reply = replyOfCall.remove(callId);
        if (reply != null && floor.isTakenSince(reply)) {
            held.add(answer);
        } else {
            send(answer);
        }
    }

    @Override
    public void onItem(ServerEvent.Item item) {
        typed.onItem(item);
        if ("user".equals(item.role()) && turns.onItem(item)) {
            requestResponse(null);
        }
    }

    @Override
    public boolean onError(ServerEvent.ErrorEvent error) {
        boolean refusedAsSecond = ALREADY_ACTIVE.equals(error.code());
        boolean ownIsOnItsWay = made != null && !active;
        if (error.eventId() == null && dialect.namesFaultyEvents() && !(refusedAsSecond && ownIsOnItsWay)) {
            // It answers nothing of ours: the server wanted to reply to the caller by itself, and does not try again.
            return refusedAsSecond && askAgain(Waiting.plain(null));
        }
        if (error.eventId() != null) {
            asides.onRefused(error.eventId());
        }
        Request refused = made;
        if (refused == null || !(error.eventId() == null || refused.eventId().equals(error.eventId()))) {
            return false;
        }
        if (refusedAsSecond) {
            made = null;
            if (ownIsOnItsWay && !next.isWanted()) {
                // Its turn was refused, too.
                next.forget();
                waitForUntoldReply();
                return true;
            }
            return metWithoutUs || askAgain(new Waiting(refused.create(), next.turn()));
        }
        if (error.eventId() != null) {
            made = null;
            if (!active) {
                next.forget();
                onReplyOver();
            }
        }
        return false;
    }

    /** After the reply that is in the way. */
    private boolean askAgain(Waiting refused) {
        asked.addFirst(refused);
        if (!active && made == null) {
            if (next.isWanted()) {
                next.forget();
            }
            waitForUntoldReply();
        }
        return true;
    }

    /** The server knows of a reply that it has not told of; its end will be told, or it is over already. */
    private void waitForUntoldReply() {
        active = true;
        activeIsUntold = true;
        untold.set(LONGEST_UNANSWERED, this::stopWaiting);
    }

    @Override
    public boolean isWaiting() {
        return !held.isEmpty() || !asked.isEmpty() || next.isComing() || asides.isOpen();
    }

    @Override
    public Unmet unmet() {
        List<ResponseOptions> withOptions = new ArrayList<>();
        if (made != null && made.create().options() != null) {
            withOptions.add(made.create().options());
        }
        withOptions.addAll(asked.withOptions());
        withOptions.addAll(asides.unmet());
        boolean onItsWay = next.isWanted() && (made == null || made.create().options() == null);
        boolean due = asked.hasPlain() || onItsWay;
        return new Unmet(due || held.stream().anyMatch(Answer::wantsReply), withOptions, asides.unfinished());
    }

    @Override
    public void close() {
        floor.close();
        asides.close();
        untold.close();
        held.clear();
        asked.clear();
        made = null;
        next.forget();
    }

    private void send(Answer answer) {
        next.bring(answer.wantsReply());
        if (!active && made == null) {
            untold.set(LONGEST_UNANSWERED, this::stopWaiting);
        }
        out.send(answer.output(), null);
    }

    private void sendHeld() {
        while (!held.isEmpty()) {
            send(held.remove());
        }
    }
}
