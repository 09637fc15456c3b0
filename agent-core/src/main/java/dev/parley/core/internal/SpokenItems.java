package dev.parley.core.internal;

import dev.parley.core.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The items that replies are made of, and how far each was received and heard.
 *
 * <p>A player of the application's own reports now and then, and seldom the very end. So where anybody reports, it is taken to
 * play on from there, one item after the other and in real time: what has had the time to sound since then was heard.
 *
 * <p>Confined to the loop.
 */
final class SpokenItems {
    /** Of items that were heard or cut hardly anything is reported any more. */
    private static final int PAST_ITEMS_REMEMBERED = 16;

    /** A player's queue is seconds of audio, and a reply is one item or two: hardly ever do so many wait to be heard. */
    private static final int ITEMS_REMEMBERED = 64;

    private static final int BYTES_PER_SAMPLE = 2;
    private static final long SHORTEST_HEARD = Duration.ofMillis(20).toNanos();

    /** By how much a player may be behind what was worked out. */
    private static final long MARGIN = Duration.ofMillis(20).toNanos();

    /** Instead of a position: it is where it was. */
    static final long NOT_MOVED = -1;

    private final Clock clock;
    private final int sampleRate;
    private final Map<String, Item> items = new HashMap<>();
    /** The same in the order in which they began. */
    private final List<Item> inOrder = new ArrayList<>();

    /** Items that waited to be heard when there was no room for them any more: a report on one is not of a new item. */
    private final Map<String, Boolean> forgotten = new Bounded<>(ITEMS_REMEMBERED);

    private @Nullable String lastHeard;

    /** Items are numbered in the order in which they began. */
    private int begun;

    /** What a player reports and never came here is of the connection before, and plays before all that came since. */
    private int former = Integer.MIN_VALUE;

    private int firstOfCurrent;

    /** When all that was received has sounded, if it plays on since the last report. */
    private long soundsUntil;

    private static final class Item {
        final String id;
        final int number;
        final @Nullable String responseId;
        long received;
        /** Players have thrown away what was not heard. */
        boolean cut;

        /** In nanoseconds. */
        long heard;

        /** When all of it has sounded, if it plays on since the last report. */
        long soundsUntil;

        Item(String id, int number, @Nullable String responseId) {
            this.id = id;
            this.number = number;
            this.responseId = responseId;
        }
    }

    SpokenItems(Clock clock, int sampleRate) {
        this.clock = clock;
        this.sampleRate = sampleRate;
        this.soundsUntil = clock.nanoTime();
    }

    /** What is received from now on is of a new reply of the conversation. */
    void replyBegins() {
        firstOfCurrent = begun;
    }

    void received(String itemId, @Nullable String responseId, int bytes) {
        Item item = items.get(itemId);
        if (item == null || item.number < 0) {
            item = begin(new Item(itemId, begun++, responseId));
        }
        item.received += bytes;
        long now = clock.nanoTime();
        soundsUntil = (soundsUntil - now > 0 ? soundsUntil : now) + nanos(bytes);
        item.soundsUntil = soundsUntil;
    }

    /**
     * Moves an item's heard position on. A report of the same position again says that the player stands still there.
     *
     * @param upTo in nanoseconds
     * @return the position as it now is, in nanoseconds: clamped to what was received, and never behind an earlier one;
     *     {@link #NOT_MOVED} if nothing moved
     */
    long heard(String itemId, long upTo) {
        if (forgotten.containsKey(itemId)) {
            return NOT_MOVED;
        }
        Item known = items.get(itemId);
        Item item = known != null ? known : begin(new Item(itemId, former++, null));
        long clamped = item.received == 0 ? upTo : Math.min(upTo, nanos(item.received));
        if (clamped < item.heard) {
            return NOT_MOVED;
        }
        boolean moved = clamped > item.heard;
        item.heard = clamped;
        playsOnFrom(item);
        if (!moved) {
            return NOT_MOVED;
        }
        lastHeard = itemId;
        return clamped;
    }

    private void playsOnFrom(Item reported) {
        long until = clock.nanoTime();
        // by index: every 20 ms, and an iterator is an object
        for (int i = 0; i < inOrder.size(); i++) {
            Item item = inOrder.get(i);
            if (item.number >= reported.number) {
                until += isLeft(item) ? left(item) : 0;
                item.soundsUntil = until;
            }
        }
        soundsUntil = until;
    }

    /** An item of which a part was received and never heard. */
    record Unheard(String itemId, @Nullable String responseId, Duration heard, Duration received) {}

    /**
     * The players fell silent: what was not heard never will be. Tells of which items that was so. Items before the one that
     * was heard last are over, however much of them was reported; where nobody reports, so are those of earlier replies.
     *
     * @param cutByPlayer whether a player knows that it had not come to the end: then its reports are all that was heard
     */
    List<Unheard> flushed(boolean cutByPlayer) {
        int from = Math.min(mark(), playing());
        List<Unheard> unheard = new ArrayList<>();
        for (Item item : inOrder) {
            if (item.number >= from && isLeft(item) && (cutByPlayer || !hasSounded(item))) {
                item.cut = true;
                unheard.add(new Unheard(
                        item.id,
                        item.responseId,
                        Duration.ofNanos(item.heard),
                        Duration.ofNanos(nanos(item.received))));
            }
        }
        soundsUntil = clock.nanoTime();
        return unheard;
    }

    /** Whether players report, and cannot have come to the end yet. */
    boolean isPlaying() {
        int from = playing();
        for (Item item : inOrder) {
            if (item.number >= from && isLeft(item) && !hasSounded(item)) {
                return true;
            }
        }
        return false;
    }

    /** Never where nobody reports: it may not play at all. */
    private boolean hasSounded(Item item) {
        return playing() < begun && clock.nanoTime() - item.soundsUntil >= MARGIN;
    }

    /** Where the audio of the reply that began last begins. */
    int mark() {
        return firstOfCurrent;
    }

    /** Where the item that was heard last begins; behind everything if nobody reports. */
    private int playing() {
        Item item = lastHeard == null ? null : items.get(lastHeard);
        return item == null ? begun : item.number;
    }

    /**
     * How much the caller will still hear of what came since this mark, and before it of what plays still; pieces shorter than
     * a player's frame do not count.
     */
    Duration unheardSince(int mark) {
        int from = Math.min(mark, playing());
        long all = 0;
        for (Item item : inOrder) {
            if (item.number >= from && isLeft(item)) {
                all += left(item);
            }
        }
        return Duration.ofNanos(all);
    }

    private boolean isLeft(Item item) {
        return !item.cut && left(item) > SHORTEST_HEARD;
    }

    private Item begin(Item item) {
        makeRoom();
        forgotten.remove(item.id);
        Item before = items.put(item.id, item);
        if (before != null) {
            inOrder.remove(before);
        }
        inOrder.add(item);
        return item;
    }

    /** First go those of which nothing is heard any more, then the oldest that wait, and never the one that plays. */
    private void makeRoom() {
        int playing = playing();
        int past = 0;
        for (Item item : inOrder) {
            past += isPast(item, playing) ? 1 : 0;
        }
        for (Iterator<Item> oldestFirst = inOrder.iterator(); oldestFirst.hasNext(); ) {
            Item item = oldestFirst.next();
            boolean full = items.size() >= ITEMS_REMEMBERED;
            if (isPast(item, playing)) {
                if (full || past > PAST_ITEMS_REMEMBERED) {
                    oldestFirst.remove();
                    items.remove(item.id);
                    past--;
                }
            } else if (full && item.number != playing) {
                oldestFirst.remove();
                items.remove(item.id);
                forgotten.put(item.id, true);
            }
        }
    }

    /** Whether it was heard, was cut, or is over because a later one is. */
    private boolean isPast(Item item, int playing) {
        return item.number != playing && (item.number < Math.min(mark(), playing) || !isLeft(item));
    }

    private long left(Item item) {
        return nanos(item.received) - item.heard;
    }

    /** The item that was heard last, or null if none was. */
    @Nullable
    String lastHeard() {
        return lastHeard;
    }

    Duration heardOf(@Nullable String itemId) {
        Item item = itemId == null ? null : items.get(itemId);
        return item == null ? Duration.ZERO : Duration.ofNanos(item.heard);
    }

    @Nullable
    String responseOf(@Nullable String itemId) {
        Item item = itemId == null ? null : items.get(itemId);
        return item == null ? null : item.responseId;
    }

    private long nanos(long bytes) {
        return bytes / BYTES_PER_SAMPLE * 1_000_000_000L / sampleRate;
    }
}
