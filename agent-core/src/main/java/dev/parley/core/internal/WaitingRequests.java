package dev.parley.core.internal;

import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Requests for replies that wait for the end of another, in order. Those by the session's own settings are one. Confined to the
 * loop.
 */
final class WaitingRequests {
    private final ArrayDeque<Waiting> requests = new ArrayDeque<>();

    /**
     * One of them.
     *
     * @param turn the hand-ended turn for which alone it is, or null
     */
    record Waiting(
            ClientEvent.CreateResponse create, @Nullable String turn) {
        /** @param turn the hand-ended turn for which alone it is, or null */
        static Waiting plain(@Nullable String turn) {
            return new Waiting(new ClientEvent.CreateResponse(), turn);
        }

        boolean isPlain() {
            return create.options() == null;
        }
    }

    void add(Waiting request) {
        if (isNew(request)) {
            requests.add(request);
        }
    }

    /** Before whatever else waits, since it was asked for first. */
    void addFirst(Waiting request) {
        if (isNew(request)) {
            requests.addFirst(request);
        }
    }

    /** If not, the one that waits is for more than its turn. */
    private boolean isNew(Waiting request) {
        if (!request.isPlain() || !hasPlain()) {
            return true;
        }
        List<Waiting> all = List.copyOf(requests);
        requests.clear();
        all.forEach(each -> requests.add(each.isPlain() ? new Waiting(each.create(), null) : each));
        return false;
    }

    /** Whether one by the session's own settings waits. */
    boolean hasPlain() {
        return requests.stream().anyMatch(Waiting::isPlain);
    }

    /** Takes out the one by the session's own settings, if it waits. */
    @Nullable
    Waiting removePlain() {
        for (Waiting each : requests) {
            if (each.isPlain()) {
                requests.remove(each);
                return each;
            }
        }
        return null;
    }

    /** Takes out the first; there must be one. */
    Waiting remove() {
        return requests.remove();
    }

    /** The server refused a turn. */
    void refuse(String turn) {
        requests.removeIf(each -> turn.equals(each.turn()));
    }

    boolean isEmpty() {
        return requests.isEmpty();
    }

    /** What those with options of their own ask for, in order. */
    List<ResponseOptions> withOptions() {
        List<ResponseOptions> all = new ArrayList<>();
        for (Waiting each : requests) {
            ResponseOptions options = each.create().options();
            if (options != null) {
                all.add(options);
            }
        }
        return all;
    }

    void clear() {
        requests.clear();
    }
}
