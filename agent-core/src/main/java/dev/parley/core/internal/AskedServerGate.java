package dev.parley.core.internal;

import dev.parley.core.Clock;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.provider.Dialect;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * </ul>
 */
final class AskedServerGate implements ResponseGate {
    /** The error by which a server refuses a second reply. */
    static final String ALREADY_ACTIVE = "conversation_already_has_active_response";

    /** A request that is neither met nor refused for so long is lost. */
    static final Duration LONGEST_UNANSWERED = Duration.ofSeconds(10);

    /** A reply whose end is never told holds nothing back for longer. */
    static final Duration LONGEST_HELD = ContinuingServerGate.LONGEST_HELD;

    /** A call that is told after its reply's end is one of several, perhaps; their next sign comes with the same burst. */
    static final Duration BETWEEN_LATE_CALLS = Duration.ofMillis(100);

    private static final int REPLIES_REMEMBERED = 64;

    /** A server that acknowledges some and not others must not be waited for. */
    private static final int MOST_UNACKNOWLEDGED = 64;

    private final Dialect dialect;
    private boolean repliesToSpeech;
    private final Out out;
    private final CallerFloor floor;
    private final LoopTimer unanswered;
    private final LoopTimer lateCalls;

    private final Map<String, Reply> repliesWithCalls = new LinkedHashMap<>();

    /** What was sent and not yet acknowledged, with its event's id: call ids of outputs, and typed turns by their texts. */
    private final Map<String, String> unacknowledged = new LinkedHashMap<>();

    /** Replies that are done, the latest ones: a call of another is a call of a reply that still goes on. */
    private final Set<String> over = new LinkedHashSet<>();

    /** Requests with options of their own, in order. */
    private final ArrayDeque<ResponseOptions> withOptions = new ArrayDeque<>();

    /** Whether a reply by the session's own settings is due. */
    private boolean due;

    /** Whether the application itself asked for that: it knows why, so the caller's floor does not hold it back. */
    private boolean dueNow;

    /** Whether the server writes a reply to the conversation now, and which. */
    private boolean active;

    private @Nullable String activeId;

    /** The request that is on its way, or that began the active reply. */
    private @Nullable Request made;

    /** Whether the active reply is what was asked for, even if the request for it is refused. */
    private boolean metWithoutUs;

    private int requests;

    /** A request; {@code options} are null for one by the session's settings. */
    private record Request(String eventId, @Nullable ResponseOptions options) {}

    /** A reply that called tools, by their call ids. */
    private static final class Reply {
        final Set<String> open = new HashSet<>();
        final Set<String> answered = new HashSet<>();
        boolean done;
        boolean cut;
        boolean wantsReply;
    }

    /** @param repliesToSpeech whether the server replies to the caller by itself */
    AskedServerGate(Dialect dialect, boolean repliesToSpeech, Clock clock, Executor loop, Out out) {
        this.dialect = dialect;
        this.repliesToSpeech = repliesToSpeech;
        this.out = out;
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
            due = true;
            dueNow = true;
        } else if (options.outOfBand()) {
            out.send(new ClientEvent.CreateResponse(options), nextEventId());
            return;
        } else {
            withOptions.add(options);
        }
        askIfItFits();
    }

    @Override
    public void say(ClientEvent.Message message) {
        awaitAcknowledgement(typed(message.text()), "");
        out.send(message, null);
        requestResponse(null);
    }

    @Override
    public void onSpeechStarted() {
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
            return true;
        }
        unanswered.set(LONGEST_HELD, this::stopWaiting);
        floor.onReplyCreated();
        active = true;
        activeId = created.responseId();
        if (unacknowledged.isEmpty()) {
            due = false;
            dueNow = false;
            metWithoutUs = made != null && made.options() == null;
        }
        return true;
    }

    @Override
    public void onReplyCut() {
        Reply reply = repliesWithCalls.get(key(activeId));
        if (reply != null) {
            reply.cut = true;
        }
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
        String id = done.responseId() == null ? activeId : done.responseId();
        if (id != null) {
            rememberOver(id);
        }
        for (Map.Entry<String, Reply> each : List.copyOf(repliesWithCalls.entrySet())) {
            // One reply is written at a time: an end that names none ends whatever there is.
            if (id == null || each.getKey().equals(id)) {
                Reply reply = each.getValue();
                reply.done = true;
                reply.cut |= done.cancelled();
                settle(reply);
            }
        }
        if (!active) {
            floor.onReplyDone();
        }
        askIfItFits();
    }

    @Override
    public void onCall(String callId, @Nullable String responseId) {
        String id = responseId == null ? activeId : responseId;
        Reply reply = repliesWithCalls.computeIfAbsent(key(id), unknown -> new Reply());
        // Where its response.created comes late, a reply goes on all the same.
        reply.done = id == null ? !active : over.contains(id);
        if (reply.done) {
            lateCalls.set(BETWEEN_LATE_CALLS, this::settleAll);
        }
        if (!reply.answered.contains(callId)) {
            // What a server repeats after its answer gets no second one, and must not be waited for.
            reply.open.add(callId);
        }
        if (repliesWithCalls.size() > REPLIES_REMEMBERED) {
            repliesWithCalls.remove(repliesWithCalls.keySet().iterator().next());
        }
    }

    @Override
    public void answer(String callId, String output, boolean wantsReply) {
        String eventId = nextEventId();
        awaitAcknowledgement(callId, eventId);
        out.send(new ClientEvent.ToolOutput(callId, output), eventId);
        // One output answers a call wherever it was told, also when a later reply repeated it.
        boolean known = false;
        for (Reply reply : List.copyOf(repliesWithCalls.values())) {
            if (reply.open.remove(callId) || reply.answered.contains(callId)) {
                known = true;
                reply.answered.add(callId);
                reply.wantsReply |= wantsReply;
                settle(reply);
            }
        }
        due |= wantsReply && !known;
        askIfItFits();
    }

    @Override
    public void onItem(ServerEvent.Item item) {
        if (item.callId() != null && "function_call_output".equals(item.type())) {
            unacknowledged.remove(item.callId());
        } else if ("user".equals(item.role())) {
            unacknowledged.remove(typed(item.text()));
        }
    }

    @Override
    public boolean onError(ServerEvent.ErrorEvent error) {
        if (error.eventId() != null && unacknowledged.values().remove(error.eventId())) {
            return false;
        }
        boolean ownIsOnItsWay = made != null && !active;
        if (error.eventId() == null
                && dialect.namesFaultyEvents()
                && !(ALREADY_ACTIVE.equals(error.code()) && ownIsOnItsWay)) {
            return ALREADY_ACTIVE.equals(error.code()) && oweReplyToCaller();
        }
        Request refused = made;
        if (refused == null || !(error.eventId() == null || refused.eventId().equals(error.eventId()))) {
            return false;
        }
        if (ALREADY_ACTIVE.equals(error.code())) {
            made = null;
            if (!metWithoutUs) {
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
        due = true;
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
        return due || lateCalls.isSet() || !withOptions.isEmpty() || (made != null && !active);
    }

    @Override
    public Unmet unmet() {
        List<ResponseOptions> requests = new ArrayList<>(withOptions);
        if (made != null && made.options() != null) {
            requests.add(0, made.options());
        }
        return new Unmet(due || (made != null && !active && made.options() == null), requests);
    }

    @Override
    public void close() {
        floor.close();
        unanswered.close();
        lateCalls.close();
        due = false;
        withOptions.clear();
    }

    private void rememberOver(String id) {
        over.add(id);
        if (over.size() > REPLIES_REMEMBERED) {
            over.remove(over.iterator().next());
        }
    }

    /** A reply is settled when it is done and all its calls have their outputs. */
    private void settle(Reply reply) {
        if (reply.done && reply.open.isEmpty() && !lateCalls.isSet()) {
            repliesWithCalls.values().remove(reply);
            due |= reply.wantsReply && !reply.cut;
        }
    }

    private void settleAll() {
        List.copyOf(repliesWithCalls.values()).forEach(this::settle);
        askIfItFits();
    }

    private void askIfItFits() {
        if (active || made != null) {
            return;
        }
        if (due && (dueNow || !floor.isTaken())) {
            due = false;
            dueNow = false;
            ask(null);
        } else if (!withOptions.isEmpty()) {
            ask(withOptions.remove());
        }
    }

    private void ask(@Nullable ResponseOptions options) {
        made = new Request(nextEventId(), options);
        unanswered.set(LONGEST_UNANSWERED, this::stopWaiting);
        out.send(new ClientEvent.CreateResponse(options), made.eventId());
    }

    /** Before whatever else waits, since it was asked for first. */
    private void again(Request refused) {
        if (refused.options() == null) {
            due = true;
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

    /** @param eventId by which an error would name what was sent; empty where nothing names it */
    private void awaitAcknowledgement(String sent, String eventId) {
        if (dialect.acknowledgesItems()) {
            unacknowledged.put(sent, eventId);
            if (unacknowledged.size() > MOST_UNACKNOWLEDGED) {
                unacknowledged.remove(unacknowledged.keySet().iterator().next());
            }
        }
    }

    /** Apart from call ids. */
    private static String typed(String text) {
        return "typed " + text;
    }

    private String nextEventId() {
        return "parley_" + ++requests;
    }

    private static String key(@Nullable String responseId) {
        return responseId == null ? "" : responseId;
    }
}
