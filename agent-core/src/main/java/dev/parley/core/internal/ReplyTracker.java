package dev.parley.core.internal;

import dev.parley.core.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which reply is being spoken, and which are over. What they say is kept by {@link SpokenItems}.
 *
 * <p>Audio that comes for a reply that is over is late: by its id, or, where the provider gives none, until the next
 * reply begins.
 *
 * <p>Confined to the loop.
 */
final class ReplyTracker {
    /** Far more than run beside each other, and minutes of those that are over: audio of any other is that of a new one. */
    private static final int REPLIES_REMEMBERED = 64;

    /** Replies that are over, and of which late audio is no news: because they were cut, or because it was told. */
    private final Bounded<Boolean> over = new Bounded<>(REPLIES_REMEMBERED);

    /** Live replies outside of the conversation, and whether they are spoken: one that is written stands in nobody's way. */
    private final Map<String, Boolean> outOfBand = new Bounded<>(REPLIES_REMEMBERED);

    private final SpokenItems items;

    private boolean active;
    private boolean discardUnnamed;
    private boolean discardAll;
    private @Nullable String current;

    ReplyTracker(Clock clock, int sampleRate) {
        this.items = new SpokenItems(clock, sampleRate);
    }

    /** What they say, and how much of it was heard. */
    SpokenItems items() {
        return items;
    }

    void begin(@Nullable String responseId) {
        // Its response.created may come after its first audio.
        if (!active || responseId == null || !responseId.equals(current)) {
            items.replyBegins();
        }
        active = true;
        discardUnnamed = false;
        discardAll = false;
        current = responseId;
    }

    void beginOutOfBand(String responseId) {
        outOfBand.putIfAbsent(responseId, false);
    }

    /** Whether a reply is being received, in the conversation or spoken outside of it, and was not cancelled. */
    boolean active() {
        return active || outOfBand.containsValue(true);
    }

    /** Whether any reply goes on, spoken or written, in the conversation or outside of it. */
    boolean anyLive() {
        return active || !outOfBand.isEmpty();
    }

    /** Whether a reply of the conversation is. */
    boolean activeInConversation() {
        return active;
    }

    /** Whether this reply has begun, and whatever became of it. */
    boolean isKnown(@Nullable String responseId) {
        return active() || isOver(responseId) || (responseId != null && outOfBand.containsKey(responseId));
    }

    /** Whether this is the first audio after a reply that came to its own end. After a cut, audio under way is no fault. */
    boolean isFirstLateAudio(@Nullable String responseId) {
        if (responseId == null) {
            return false;
        }
        Boolean cut = over.get(responseId);
        return Boolean.FALSE.equals(cut) && over.put(responseId, true) != null;
    }

    /** Whether this is the reply that is being received; without an id, whether any is. */
    boolean isActive(@Nullable String responseId) {
        return active && (responseId == null || current == null || responseId.equals(current));
    }

    /** The current reply's id, or the last one's; null where the provider gives none. */
    @Nullable
    String current() {
        return current;
    }

    /**
     * All that is spoken is cut: whatever still comes for it is late.
     *
     * @return the replies outside of the conversation among it
     */
    List<String> cancel() {
        List<String> beside = new ArrayList<>();
        outOfBand.forEach((id, spoken) -> {
            if (spoken) {
                beside.add(id);
                over.put(id, true);
            }
        });
        beside.forEach(outOfBand::remove);
        if (!active && !beside.isEmpty()) {
            return beside;
        }
        if (current != null) {
            over.put(current, true);
        }
        // Told of without its id, and none of its audio has come: whatever comes may be its.
        discardAll = current == null;
        active = false;
        discardUnnamed = true;
        return beside;
    }

    /** A reply is done. Its id may be of an earlier one than the current. */
    void end(@Nullable String responseId) {
        if (responseId != null) {
            over.putIfAbsent(responseId, false);
            if (outOfBand.remove(responseId) != null) {
                return;
            }
        } else if (current != null) {
            over.putIfAbsent(current, false);
        }
        if (responseId == null || current == null || responseId.equals(current)) {
            active = false;
            discardUnnamed = true;
        }
    }

    boolean isOver(@Nullable String responseId) {
        return responseId == null
                ? discardUnnamed
                : over.containsKey(responseId) || (discardAll && !outOfBand.containsKey(responseId));
    }

    void received(@Nullable String responseId, @Nullable String itemId, int bytes) {
        if (responseId != null && outOfBand.containsKey(responseId)) {
            outOfBand.put(responseId, true);
        } else if (!active && responseId != null) {
            // Its response.created comes late, or never; it can be interrupted all the same.
            begin(responseId);
        } else if (current == null) {
            // Its response.created named none.
            current = responseId;
        }
        if (itemId != null) {
            items.received(itemId, responseId, bytes);
        }
    }

    /** Whether the item that was heard last belongs to the current reply. */
    boolean lastHeardIsCurrent() {
        return items.lastHeard() != null && Objects.equals(items.responseOf(items.lastHeard()), current);
    }
}
