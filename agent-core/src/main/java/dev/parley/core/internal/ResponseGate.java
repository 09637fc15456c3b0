package dev.parley.core.internal;

import dev.parley.core.Clock;
import dev.parley.core.UnsupportedByProviderException;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import dev.parley.core.provider.Dialect;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a tool's output may go out and when the provider may be asked to speak, so that it never speaks twice.
 *
 * <p>A server that continues after a tool's output speaks at every output. So nothing asks it to, and an output that
 * becomes ready while the caller has the floor waits: the server will reply to the caller anyway, and an output in
 * between would make it speak twice. The caller has the floor from the start of their speech until the reply to it is done.
 * Outputs of that very reply's calls do not wait, since it cannot go on without them. If no reply comes (the speech was a
 * cough), the floor is free again {@link #LONGEST_HOLD} after the caller was last heard.
 *
 * <p>An answer that the model is not to speak about makes such a server speak all the same: the reply that begins next is
 * then cancelled before its first word, unless something else asked for one meanwhile.
 *
 * <p>Confined to the loop.
 */
final class ResponseGate {
    static final Duration LONGEST_HOLD = Duration.ofSeconds(10);

    /** More calls than any reply makes; the oldest are forgotten, and their outputs then simply do not wait. */
    private static final int CALLS_REMEMBERED = 256;

    private final Dialect dialect;
    private final LoopTimer floorLimit;
    private final Consumer<ClientEvent> send;

    private final ArrayDeque<Answer> held = new ArrayDeque<>();
    private final Map<String, Integer> replyOfCall = new HashMap<>();
    private final ArrayDeque<String> callsInOrder = new ArrayDeque<>();

    /** Replies are numbered here, because not every server gives them ids. */
    private int replies;

    private boolean callerHasTheFloor;
    private int lastReplyBeforeSpeech;

    /** Whether nobody wants the reply that the last output brings about. */
    private boolean nextIsUnwanted;

    private record Answer(ClientEvent.ToolOutput output, boolean wantsReply) {}

    ResponseGate(Dialect dialect, Clock clock, Executor loop, Consumer<ClientEvent> send) {
        this.dialect = dialect;
        this.floorLimit = new LoopTimer(clock, loop);
        this.send = send;
    }

    /** @throws UnsupportedByProviderException where the provider ignores such requests */
    static void checkRequestsAreObeyed(Dialect dialect, @Nullable ResponseOptions options) {
        if (!dialect.acceptsResponseCreate()) {
            throw new UnsupportedByProviderException(dialect.name()
                    + " ignores response.create in this mode, so the agent cannot be asked to speak: it replies when the"
                    + " caller has spoken");
        }
        if (options != null && !dialect.takesResponseOptions()) {
            throw new UnsupportedByProviderException(
                    dialect.name() + " takes no options for a reply: ask for one with requestResponse()");
        }
    }

    void requestResponse(@Nullable ResponseOptions options) {
        nextIsUnwanted = false;
        send.accept(new ClientEvent.CreateResponse(options));
    }

    void onSpeechStarted() {
        nextIsUnwanted = false;
        callerHasTheFloor = true;
        lastReplyBeforeSpeech = replies;
        freeTheFloorLater();
    }

    void onSpeechStopped() {
        if (callerHasTheFloor) {
            freeTheFloorLater();
        }
    }

    /** Whether the reply that begins is wanted; if not, it must be cancelled. */
    boolean onReplyCreated() {
        replies++;
        boolean wanted = !nextIsUnwanted;
        nextIsUnwanted = false;
        return wanted;
    }

    void onReplyDone() {
        if (callerHasTheFloor && replies > lastReplyBeforeSpeech) {
            freeTheFloor();
        }
    }

    /** The model asked for a tool in the current reply. */
    void onCall(String callId) {
        if (replyOfCall.put(callId, replies) == null) {
            callsInOrder.add(callId);
            if (callsInOrder.size() > CALLS_REMEMBERED) {
                replyOfCall.remove(callsInOrder.remove());
            }
        }
    }

    /** A tool's output is ready. */
    void answer(String callId, String output, boolean wantsReply) {
        Answer answer = new Answer(new ClientEvent.ToolOutput(callId, output), wantsReply);
        if (mustWait(callId)) {
            held.add(answer);
        } else {
            send(answer);
        }
    }

    private void send(Answer answer) {
        nextIsUnwanted = dialect.continuesAfterToolOutput() && !answer.wantsReply();
        send.accept(answer.output());
    }

    void close() {
        floorLimit.cancel();
        held.clear();
    }

    private boolean mustWait(String callId) {
        if (!dialect.continuesAfterToolOutput() || !callerHasTheFloor) {
            return false;
        }
        return replyOfCall.getOrDefault(callId, Integer.MAX_VALUE) <= lastReplyBeforeSpeech;
    }

    private void freeTheFloorLater() {
        floorLimit.set(LONGEST_HOLD, this::freeTheFloor);
    }

    private void freeTheFloor() {
        floorLimit.cancel();
        callerHasTheFloor = false;
        while (!held.isEmpty()) {
            send(held.remove());
        }
    }
}
