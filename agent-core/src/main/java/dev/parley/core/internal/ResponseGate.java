package dev.parley.core.internal;

import dev.parley.core.Clock;
import dev.parley.core.UnsupportedByProviderException;
import dev.parley.core.event.ClientEvent;
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
 * <p>Confined to the loop.
 */
final class ResponseGate {
    static final Duration LONGEST_HOLD = Duration.ofSeconds(10);

    /** More calls than any reply makes; the oldest are forgotten, and their outputs then simply do not wait. */
    private static final int CALLS_REMEMBERED = 256;

    private final Dialect dialect;
    private final Clock clock;
    private final Executor loop;
    private final Consumer<ClientEvent> send;

    private final ArrayDeque<ClientEvent> held = new ArrayDeque<>();
    private final Map<String, Integer> replyOfCall = new HashMap<>();
    private final ArrayDeque<String> callsInOrder = new ArrayDeque<>();
    private Clock.@Nullable Timer floorLimit;

    /** Replies are numbered here, because not every server gives them ids. */
    private int replies;

    private boolean callerHasTheFloor;
    private int lastReplyBeforeSpeech;

    /** Counts the times that the floor was taken or kept: a timer of an earlier one means nothing. */
    private int floors;

    ResponseGate(Dialect dialect, Clock clock, Executor loop, Consumer<ClientEvent> send) {
        this.dialect = dialect;
        this.clock = clock;
        this.loop = loop;
        this.send = send;
    }

    /** @throws UnsupportedByProviderException where the provider ignores such requests */
    static void checkRequestsAreObeyed(Dialect dialect) {
        if (!dialect.acceptsResponseCreate()) {
            throw new UnsupportedByProviderException(dialect.name()
                    + " ignores response.create in this mode, so the agent cannot be asked to speak: it replies when the"
                    + " caller has spoken");
        }
    }

    void requestResponse() {
        send.accept(new ClientEvent.CreateResponse());
    }

    void onSpeechStarted() {
        callerHasTheFloor = true;
        lastReplyBeforeSpeech = replies;
        freeTheFloorLater();
    }

    void onSpeechStopped() {
        if (callerHasTheFloor) {
            freeTheFloorLater();
        }
    }

    void onReplyCreated() {
        replies++;
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
    void answer(String callId, String output) {
        ClientEvent event = new ClientEvent.ToolOutput(callId, output);
        if (mustWait(callId)) {
            held.add(event);
        } else {
            send.accept(event);
        }
    }

    void close() {
        cancelFloorLimit();
        held.clear();
    }

    private boolean mustWait(String callId) {
        if (!dialect.continuesAfterToolOutput() || !callerHasTheFloor) {
            return false;
        }
        return replyOfCall.getOrDefault(callId, Integer.MAX_VALUE) <= lastReplyBeforeSpeech;
    }

    private void freeTheFloorLater() {
        cancelFloorLimit();
        int mine = floors;
        floorLimit = clock.schedule(
                LONGEST_HOLD,
                () -> loop.execute(() -> {
                    if (mine == floors) {
                        freeTheFloor();
                    }
                }));
    }

    private void freeTheFloor() {
        cancelFloorLimit();
        callerHasTheFloor = false;
        while (!held.isEmpty()) {
            send.accept(held.remove());
        }
    }

    private void cancelFloorLimit() {
        floors++;
        if (floorLimit != null) {
            floorLimit.cancel();
            floorLimit = null;
        }
    }
}
