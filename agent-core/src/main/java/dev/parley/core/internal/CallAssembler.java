package dev.parley.core.internal;

import dev.parley.core.Problem;
import dev.parley.core.ToolRequest;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.ServerEvent.Item;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Puts tool calls together from the events that tell of them. A call needs an id, a name and its arguments; servers spread
 * them over {@code function_call_arguments.done} and the item's own events in different ways. A call is handed on once, as
 * soon as it is whole, and at the latest when its reply is done: then a call without a name is still handed on, so that it
 * gets its answer, and one without an id is reported, because nothing could be answered.
 *
 * <p>Confined to the loop.
 */
final class CallAssembler {
    /** Far more calls than a reply has: a server that opens calls without end is cut off here. */
    static final int MOST_OPEN = 128;

    private final int connection;
    private final boolean waitsForItems;
    private final Consumer<ToolRequest> onCall;
    private final Consumer<Problem> onProblem;

    /** In the order in which they were told of. */
    private final Set<Partial> open = new LinkedHashSet<>();

    private final Map<String, Partial> byItem = new HashMap<>();
    private final Map<String, Partial> byCall = new HashMap<>();

    /** Whether it was said of the current reply that it opens too many. */
    private boolean saidTooMany;

    /** Ids of items and calls that were handed on: their items come again in later events, and are no new calls. */
    private final HandedOn handedOn = new HandedOn();

    /** Ids of calls that an item told whole, before the event that is meant for it. */
    private final HandedOn fromItems = new HandedOn();

    private static final class Partial {
        @Nullable
        String responseId;

        @Nullable
        String itemId;

        @Nullable
        String callId;

        @Nullable
        String name;

        @Nullable
        String arguments;

        /** The item's own event says so. */
        boolean complete;
    }

    /**
     * @param connection which of the session's connections this is
     * @param waitsForItems whether the server says by an item's own event that a call is complete: a call that ends incomplete
     *     is then never run
     */
    CallAssembler(int connection, boolean waitsForItems, Consumer<ToolRequest> onCall, Consumer<Problem> onProblem) {
        this.connection = connection;
        this.waitsForItems = waitsForItems;
        this.onCall = onCall;
        this.onProblem = onProblem;
    }

    void onArguments(ServerEvent.FunctionCallArguments event) {
        if (event.callId() != null && fromItems.remove(event.callId())) {
            // An item told the whole call before: this is the same call, not a second one.
            return;
        }
        // The same call id twice is told twice: whoever answers calls knows what is a repetition.
        Partial call = find(event.itemId(), event.callId());
        call.responseId = event.responseId() != null ? event.responseId() : call.responseId;
        identify(call, event.itemId(), event.callId());
        call.name = event.name() != null && !event.name().isEmpty() ? event.name() : call.name;
        call.arguments = event.arguments();
        handOnIfWhole(call);
    }

    /** Whether this is an item of a call that was told of in part. */
    boolean isOpen(Item item) {
        return known(item.id(), item.callId()) != null;
    }

    /** @param complete whether the item's arguments are final */
    void onItem(@Nullable String responseId, Item item, boolean complete) {
        if (!item.isFunctionCall() || isHandedOn(item)) {
            return;
        }
        if (complete && ("incomplete".equals(item.status()) || "cancelled".equals(item.status()))) {
            Partial unfinished = known(item.id(), item.callId());
            if (unfinished != null) {
                remove(unfinished);
            }
            return;
        }
        Partial call = find(item.id(), item.callId());
        call.responseId = responseId != null ? responseId : call.responseId;
        identify(call, item.id(), item.callId());
        call.name = item.name() != null && !item.name().isEmpty() ? item.name() : call.name;
        call.complete |= complete;
        if (complete && item.arguments() != null && call.arguments == null) {
            call.arguments = item.arguments();
            if (call.callId != null && call.name != null) {
                fromItems.add(call.callId, call.responseId);
            }
        }
        handOnIfWhole(call);
    }

    /**
     * The reply is over: its calls are as whole as they will ever be, and so are those of replies before it.
     *
     * @param isOver whether a reply with this id is over
     */
    void onResponseDone(ServerEvent.ResponseDone done, Predicate<String> isOver) {
        if (!done.cancelled()) {
            for (Item item : done.output()) {
                onItem(done.responseId(), item, true);
            }
        }
        saidTooMany = false;
        for (Partial call : List.copyOf(open)) {
            if (call.responseId != null && done.responseId() != null && !isOver.test(call.responseId)) {
                continue;
            }
            remove(call);
            boolean unfinished = waitsForItems && !call.complete && !"completed".equals(done.status());
            // A nameless repetition of a call that was handed on says nothing new.
            boolean echo = call.name == null && call.callId != null && handedOn.contains("call " + call.callId);
            if (done.cancelled() || unfinished || echo) {
                continue;
            }
            if (call.callId == null) {
                onProblem.accept(new Problem(
                        Problem.Kind.CALL_UNANSWERABLE,
                        "the provider asked for the tool " + (call.name == null ? "(no name)" : call.name)
                                + " without a call id, so the call was not run: nothing could carry its answer"));
            } else {
                handOn(call, call.callId);
            }
        }
        Predicate<String> over = done.responseId() == null ? any -> true : isOver;
        handedOn.replyDone(over);
        fromItems.replyDone(over);
    }

    private Partial find(@Nullable String itemId, @Nullable String callId) {
        Partial known = known(itemId, callId);
        if (known != null) {
            return known;
        }
        Partial call = new Partial();
        open.add(call);
        if (open.size() > MOST_OPEN) {
            remove(open.iterator().next());
            if (!saidTooMany) {
                saidTooMany = true;
                onProblem.accept(new Problem(
                        Problem.Kind.OUT_OF_ORDER,
                        "the provider has more than " + MOST_OPEN + " tool calls open; the oldest are dropped"));
            }
        }
        return call;
    }

    private @Nullable Partial known(@Nullable String itemId, @Nullable String callId) {
        Partial call = itemId == null ? null : byItem.get(itemId);
        return call == null && callId != null ? byCall.get(callId) : call;
    }

    private void identify(Partial call, @Nullable String itemId, @Nullable String callId) {
        if (itemId != null) {
            forget(byItem, call.itemId, call);
            byItem.put(itemId, call);
            call.itemId = itemId;
        }
        if (callId != null) {
            forget(byCall, call.callId, call);
            byCall.put(callId, call);
            call.callId = callId;
        }
    }

    private void remove(Partial call) {
        open.remove(call);
        forget(byItem, call.itemId, call);
        forget(byCall, call.callId, call);
    }

    private static void forget(Map<String, Partial> by, @Nullable String id, Partial call) {
        if (id != null) {
            by.remove(id, call);
        }
    }

    private boolean isHandedOn(Item item) {
        return (item.id() != null && handedOn.contains("item " + item.id()))
                || (item.callId() != null && handedOn.contains("call " + item.callId()));
    }

    private void handOnIfWhole(Partial call) {
        boolean whole = call.callId != null && call.name != null && call.arguments != null;
        if (whole && (call.complete || !waitsForItems)) {
            remove(call);
            handOn(call, Objects.requireNonNull(call.callId));
        }
    }

    private void handOn(Partial call, String callId) {
        handedOn.add("call " + callId, call.responseId);
        if (call.itemId != null) {
            handedOn.add("item " + call.itemId, call.responseId);
        }
        onCall.accept(new ToolRequest(
                callId,
                Objects.requireNonNullElse(call.name, ""),
                Objects.requireNonNullElse(call.arguments, ""),
                call.responseId,
                connection));
    }
}
