package dev.parley.audio.transcript;

import dev.parley.audio.internal.ReplyIds;
import java.text.Normalizer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One reply as it is received and heard, until it becomes a turn. Loop-confined. */
final class Reply {
    private @Nullable String responseId;
    private final long position;
    private final int bytesPerSecond;
    private final Instant createdAt;
    private final Map<String, SpokenItem> items = new LinkedHashMap<>();
    private @Nullable Instant audioAt;
    private @Nullable Instant heardFrom;
    private @Nullable Instant heardAt;
    private @Nullable Instant cutAt;
    private boolean done;
    private boolean cancelled;
    private final boolean outOfBand;
    private final int connection;
    private boolean connectionLost;

    /**
     * @param outOfBand whether it stays outside of the conversation, beside other replies
     * @param connection the number of the one that it comes over
     */
    Reply(
            @Nullable String responseId,
            boolean outOfBand,
            int connection,
            long position,
            int bytesPerSecond,
            Instant createdAt) {
        this.responseId = responseId;
        this.outOfBand = outOfBand;
        this.connection = connection;
        this.position = position;
        this.bytesPerSecond = bytesPerSecond;
        this.createdAt = createdAt;
    }

    /** Its beginning may have named no reply, and its pieces do. */
    void belongsTo(@Nullable String named) {
        if (responseId == null) {
            responseId = named;
        }
    }

    @Nullable
    String responseId() {
        return responseId;
    }

    void audio(String item, int bytes, Instant now) {
        item(item).addAudio(bytes);
        if (audioAt == null) {
            audioAt = now;
        }
    }

    void text(String item, String delta) {
        item(item).addText(delta);
    }

    /** Text that is read and not heard. */
    void written(String item, String delta) {
        item(item).addWriting(delta);
    }

    /**
     * Something of an item was heard.
     *
     * @param formerly whether that item may have come over a connection that was lost since
     * @return whether the item is of this reply
     */
    boolean heard(String itemId, boolean formerly, Duration upTo, Instant now) {
        SpokenItem item = connectionLost == formerly ? itemReportedAs(itemId) : null;
        if (item == null) {
            return false;
        }
        if (heardFrom == null) {
            heardFrom = now.minus(upTo);
        }
        heardAt = now;
        item.heardUpTo(upTo.toNanos());
        return true;
    }

    /** By its former name, as our player reports it, or by its own, as players do that know nothing of connections. */
    private @Nullable SpokenItem itemReportedAs(String name) {
        if (connectionLost) {
            for (Map.Entry<String, SpokenItem> each : items.entrySet()) {
                if (ReplyIds.former(each.getKey(), connection).equals(name)) {
                    return each.getValue();
                }
            }
        }
        return items.get(name);
    }

    /** The rest of it will never come. What was received may still be heard. */
    void connectionLost() {
        if (!connectionLost) {
            connectionLost = true;
            done(!done);
        }
    }

    boolean isOfLostConnection() {
        return connectionLost;
    }

    void done(boolean wasCancelled) {
        done = true;
        cancelled |= wasCancelled;
    }

    void cut(Instant now) {
        if (cutAt == null) {
            cutAt = now;
        }
    }

    boolean isOutOfBand() {
        return outOfBand;
    }

    /** Whether there was something to hear, and it was heard. */
    boolean playedOut() {
        return heardFrom != null && allHeard();
    }

    boolean isDone() {
        return done;
    }

    boolean isCut() {
        return cutAt != null;
    }

    boolean allHeard() {
        return items.values().stream().allMatch(item -> !item.hasAudio() || item.allHeard());
    }

    /**
     * The turn that it became.
     *
     * @param played whether anybody plays and tells of it; if not, what was received counts as heard
     * @return null for a reply without words
     */
    @Nullable
    Turn turn(boolean played, Instant now) {
        boolean cut = cancelled || cutAt != null || !done || (played && !allHeard());
        StringBuilder heard = new StringBuilder();
        StringBuilder rest = new StringBuilder();
        for (SpokenItem item : items.values()) {
            String text = item.text();
            int length = cut && played ? item.heardLength() : text.length();
            join(heard, text.substring(0, length));
            join(rest, text.substring(length));
        }
        if (heard.isEmpty() && rest.isEmpty()) {
            return null;
        }
        return new Turn(
                position,
                Turn.Role.ASSISTANT,
                normalized(heard),
                rest.isEmpty() ? null : normalized(rest),
                cut,
                startedAt(),
                endedAt(played, now));
    }

    private Instant startedAt() {
        if (heardFrom != null) {
            return heardFrom;
        }
        return audioAt != null ? audioAt : createdAt;
    }

    private Instant endedAt(boolean played, Instant now) {
        if (cutAt != null) {
            return cutAt;
        }
        if (played) {
            return heardAt != null ? heardAt : now;
        }
        // nobody says when it was played: as if it was while it came
        long nanos =
                items.values().stream().mapToLong(SpokenItem::receivedNanos).sum();
        Instant spoken = startedAt().plusNanos(nanos);
        return spoken.isAfter(now) ? spoken : now;
    }

    private SpokenItem item(String id) {
        return items.computeIfAbsent(id, key -> new SpokenItem(bytesPerSecond));
    }

    private static void join(StringBuilder all, String text) {
        String part = text.strip();
        if (!part.isEmpty()) {
            all.append(all.isEmpty() ? "" : " ").append(part);
        }
    }

    private static String normalized(CharSequence text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }
}
