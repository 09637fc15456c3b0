package dev.parley.core.internal;

import dev.parley.core.Clock;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import dev.parley.core.event.ServerEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The gate to a server that continues after a tool's output: it speaks at every output. So nothing asks it to, and an output
 * that becomes ready while the caller has the floor waits: the server will reply to the caller anyway, and an output in
 * between would make it speak twice. Outputs of that very reply's calls do not wait, since it cannot go on without them.
 *
 * <p>A request of the application's own waits for the end of a reply that is being spoken, and goes with it if an output
 * makes the server speak anyway. Beside a call that still runs it does not wait: it may be about that very wait.
 *
 * <p>An answer that the model is not to speak about makes such a server speak all the same: the reply that begins next is
 * then cancelled before its first word, unless something else asked for one meanwhile.
 */
final class ContinuingServerGate implements ResponseGate {
    /** A reply whose end is never told holds nothing back for longer. */
    static final Duration LONGEST_HELD = Duration.ofMinutes(1);

    /** More calls than any reply makes; the oldest are forgotten, and their outputs then simply do not wait. */
    private static final int CALLS_REMEMBERED = 256;

    private final CallerFloor floor;
    private final Out out;
    private final LoopTimer untold;

    private final ArrayDeque<Answer> held = new ArrayDeque<>();
    private final Map<String, Integer> replyOfCall = new HashMap<>();
    private final ArrayDeque<String> callsInOrder = new ArrayDeque<>();

    /** Requests that wait for the end of the active reply. */
    private final Set<ClientEvent.CreateResponse> asked = new LinkedHashSet<>();

    private boolean active;

    /** Whether nobody wants the reply that the outputs since the last one bring about. */
    private boolean nextIsUnwanted;

    /** Whether an output or the application asked for a reply since the last one began. */
    private boolean nextIsWanted;

    private record Answer(ClientEvent.ToolOutput output, boolean wantsReply) {}

    ContinuingServerGate(Clock clock, Executor loop, Out out) {
        this.floor = new CallerFloor(clock, loop, this::sendHeld);
        this.out = out;
        this.untold = new LoopTimer(clock, loop);
    }

    @Override
    public void repliesToSpeech(boolean byItself) {}

    @Override
    public void requestResponse(@Nullable ResponseOptions options) {
        ClientEvent.CreateResponse request = new ClientEvent.CreateResponse(options);
        if (active) {
            asked.add(request);
        } else {
            ask(request);
        }
    }

    private void ask(ClientEvent.CreateResponse request) {
        nextIsWanted = true;
        nextIsUnwanted = false;
        out.send(request, null);
    }

    private void askHeld() {
        active = false;
        untold.cancel();
        if (nextIsWanted || nextIsUnwanted) {
            // An output brings about the reply that was asked for.
            boolean met = asked.remove(new ClientEvent.CreateResponse());
            nextIsWanted |= met;
            nextIsUnwanted &= !met;
        }
        asked.forEach(this::ask);
        asked.clear();
    }

    @Override
    public void say(ClientEvent.Message message) {
        out.send(message, null);
        requestResponse(null);
    }

    @Override
    public void onSpeechStarted() {
        nextIsUnwanted = false;
        floor.onSpeechStarted();
    }

    @Override
    public void onSpeechStopped() {
        floor.onSpeechStopped();
    }

    @Override
    public boolean onReplyCreated(ServerEvent.ResponseCreated created) {
        floor.onReplyCreated();
        active = true;
        untold.set(LONGEST_HELD, this::askHeld);
        boolean wanted = !nextIsUnwanted;
        nextIsUnwanted = false;
        nextIsWanted = false;
        return wanted;
    }

    @Override
    public void onReplyCut() {}

    @Override
    public void onReplyDone(ServerEvent.ResponseDone done) {
        floor.onReplyDone();
        askHeld();
    }

    @Override
    public void onCall(String callId, @Nullable String responseId) {
        if (replyOfCall.put(callId, floor.reply()) == null) {
            callsInOrder.add(callId);
            if (callsInOrder.size() > CALLS_REMEMBERED) {
                replyOfCall.remove(callsInOrder.remove());
            }
        }
    }

    @Override
    public void answer(String callId, String output, boolean wantsReply) {
        Answer answer = new Answer(new ClientEvent.ToolOutput(callId, output), wantsReply);
        if (floor.isTakenSince(replyOfCall.getOrDefault(callId, Integer.MAX_VALUE))) {
            held.add(answer);
        } else {
            send(answer);
        }
    }

    @Override
    public void onItem(ServerEvent.Item item) {}

    @Override
    public boolean onError(ServerEvent.ErrorEvent error) {
        return false;
    }

    @Override
    public boolean isWaiting() {
        return !held.isEmpty() || !asked.isEmpty() || nextIsWanted || nextIsUnwanted;
    }

    @Override
    public Unmet unmet() {
        boolean due = nextIsWanted || asked.contains(new ClientEvent.CreateResponse());
        List<ResponseOptions> withOptions = asked.stream()
                .map(ClientEvent.CreateResponse::options)
                .filter(Objects::nonNull)
                .toList();
        return new Unmet(due || held.stream().anyMatch(Answer::wantsReply), withOptions);
    }

    @Override
    public void close() {
        floor.close();
        untold.close();
        held.clear();
        asked.clear();
        nextIsWanted = false;
        nextIsUnwanted = false;
    }

    private void send(Answer answer) {
        nextIsWanted |= answer.wantsReply();
        nextIsUnwanted = !nextIsWanted;
        out.send(answer.output(), null);
    }

    private void sendHeld() {
        while (!held.isEmpty()) {
            send(held.remove());
        }
    }
}
