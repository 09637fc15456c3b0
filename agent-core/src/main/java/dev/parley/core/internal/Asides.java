package dev.parley.core.internal;

import dev.parley.core.Clock;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Requests for replies outside of the conversation. They wait for nothing and may run beside each other, so all that is kept
 * of them is what a lost connection would take along: those whose reply has not begun, and the replies that have and are not
 * done. The latest {@value #REMEMBERED} of each, for {@link #LONGEST_UNTOLD} at most: a refusal that names no event is not known
 * for one of theirs. Confined to the loop.
 */
final class Asides {
    /** A reply of which nothing is told for so long never begins, or is over. */
    static final Duration LONGEST_UNTOLD = Duration.ofMinutes(1);

    private static final int REMEMBERED = 256;

    private final Clock clock;
    private final LoopTimer limit;

    /** By the ids of their events, in order. Replies do not say which request they answer: the oldest comes first. */
    private final Map<String, Asked> asked = new LinkedHashMap<>();

    /** When they began, by their ids, in order. */
    private final Map<String, Long> begun = new LinkedHashMap<>();

    private int raws;

    /**
     * A request.
     *
     * @param options null for one that the application wrote as JSON: it is not made again
     */
    private record Asked(@Nullable ResponseOptions options, long since) {}

    Asides(Clock clock, Executor loop) {
        this.clock = clock;
        this.limit = new LoopTimer(clock, loop);
    }

    /** Whether this message, which the application wrote as JSON, is such a request. */
    static boolean isOne(ClientEvent.Raw raw) {
        return raw.json().contains("response.create") && raw.json().contains("\"none\"");
    }

    void askedRaw() {
        put("raw " + ++raws, null);
    }

    void asked(String eventId, ResponseOptions options) {
        put(eventId, options);
    }

    private void put(String eventId, @Nullable ResponseOptions options) {
        asked.put(eventId, new Asked(options, clock.nanoTime()));
        if (asked.size() > REMEMBERED) {
            removeFirst(asked);
        }
        watch();
    }

    void onCreated(@Nullable String replyId) {
        removeFirst(asked);
        if (replyId != null) {
            begun.put(replyId, clock.nanoTime());
            if (begun.size() > REMEMBERED) {
                removeFirst(begun);
            }
        }
        watch();
    }

    void onDone(@Nullable String replyId) {
        if (replyId != null) {
            begun.remove(replyId);
            watch();
        }
    }

    /** The server refused an event. */
    void onRefused(String eventId) {
        asked.remove(eventId);
        watch();
    }

    /** Whether a reply was asked for that has not begun. */
    boolean isAwaited() {
        return !asked.isEmpty();
    }

    boolean isOpen() {
        return !asked.isEmpty() || !begun.isEmpty();
    }

    /** Those whose reply has not begun and that can be made again, in order. */
    List<ResponseOptions> unmet() {
        List<ResponseOptions> unmet = new ArrayList<>();
        for (Asked each : asked.values()) {
            if (each.options() != null) {
                unmet.add(each.options());
            }
        }
        return unmet;
    }

    /** How many replies have begun and are not done. */
    int unfinished() {
        return begun.size();
    }

    void close() {
        limit.close();
        asked.clear();
        begun.clear();
    }

    private void watch() {
        if (!isOpen()) {
            limit.cancel();
        } else if (!limit.isSet()) {
            limit.set(LONGEST_UNTOLD.minusNanos(longest()), this::giveUp);
        }
    }

    private void giveUp() {
        asked.values().removeIf(each -> isTooOld(each.since()));
        begun.values().removeIf(this::isTooOld);
        watch();
    }

    private boolean isTooOld(long since) {
        return clock.nanoTime() - since >= LONGEST_UNTOLD.toNanos();
    }

    /** How long the oldest has waited, in nanoseconds. */
    private long longest() {
        long now = clock.nanoTime();
        long longest = 0;
        if (!asked.isEmpty()) {
            longest = now - asked.values().iterator().next().since();
        }
        if (!begun.isEmpty()) {
            longest = Math.max(longest, now - begun.values().iterator().next());
        }
        return longest;
    }

    private static void removeFirst(Map<String, ?> each) {
        Iterator<String> ids = each.keySet().iterator();
        if (ids.hasNext()) {
            ids.next();
            ids.remove();
        }
    }
}
