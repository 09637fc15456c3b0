package dev.parley.audio.transcript;

import dev.parley.core.event.ServerEvent.Item;
import java.text.Normalizer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the caller's words belong. A place is kept when speech starts; the words come later: before the reply, after it
 * began, or never, for a silent turn.
 *
 * <p>With item ids words find their speech by id. Without, they belong to the newest speech that is over and unanswered
 * (servers that tell the words before the reply), else to the oldest that is over. Some servers tell the same words
 * twice, as a transcription and as an item, or as an item that is added and then done: the second telling is known by its id, or by saying
 * the same in the other way. What an earlier connection knew is told to the next one as items, which come back as such: no words of now.
 * Loop-confined.
 */
final class CallerSpeech {
    private static final int MOST = 32;
    /** No session carries over more. */
    private static final int MOST_CARRIED = 1_024;

    private enum Way {
        TRANSCRIPTION,
        ITEM
    }

    /** Some speech whose words are not known yet. */
    private static final class Speech {
        final @Nullable String itemId;
        final long position;
        final Instant startedAt;

        @Nullable
        Instant stoppedAt;

        boolean answered;

        Speech(@Nullable String itemId, long position, Instant startedAt) {
            this.itemId = itemId;
            this.position = position;
            this.startedAt = startedAt;
        }
    }

    /** Gives places in the conversation. */
    interface Positions {
        long next();
    }

    private record Told(@Nullable String itemId, String text, Way way) {}

    private final Positions positions;
    private final Deque<Speech> open = new ArrayDeque<>();
    private final Deque<String> carried = new ArrayDeque<>();
    private final Set<String> toldIds = new LinkedHashSet<>();
    private @Nullable Told last;

    CallerSpeech(Positions positions) {
        this.positions = positions;
    }

    void started(@Nullable String itemId, Instant now) {
        open.add(new Speech(itemId, positions.next(), now));
        if (open.size() > MOST) {
            open.removeFirst();
        }
    }

    void stopped(@Nullable String itemId, Instant now) {
        for (Speech speech : open) {
            if (speech.stoppedAt == null && (itemId == null || speech.itemId == null || itemId.equals(speech.itemId))) {
                speech.stoppedAt = now;
            }
        }
    }

    void answered() {
        for (Speech speech : open) {
            speech.answered |= speech.stoppedAt != null;
        }
    }

    /** Words that have not come by now never will: nobody is left who heard them. */
    void connectionLost() {
        open.clear();
        carried.clear();
        toldIds.clear();
        last = null;
    }

    /** Words of an earlier connection, or of an earlier conversation, are told to the server. */
    void carriedOver(String words) {
        carried.add(normalized(words));
        if (carried.size() > MOST_CARRIED) {
            carried.removeFirst();
        }
    }

    /** @return the turn, or null if these words make none */
    @Nullable
    Turn transcribed(@Nullable String itemId, String words, Instant now) {
        return told(new Told(itemId, normalized(words), Way.TRANSCRIPTION), now);
    }

    /** @return the turn, or null if this item makes none */
    @Nullable
    Turn item(Item item, Instant now) {
        boolean hasWords = "user".equals(item.role()) && !item.text().isBlank();
        if (!hasWords || (item.id() != null && toldIds.contains(item.id()))) {
            return null;
        }
        Told words = new Told(item.id(), normalized(item.text()), Way.ITEM);
        if (carried.remove(words.text())) {
            remember(words.itemId());
            return null;
        }
        return told(words, now);
    }

    private @Nullable Turn told(Told words, Instant now) {
        if (isSecondTelling(words)) {
            last = null;
            return null;
        }
        Speech speech = take(words.itemId());
        if (words.text().isEmpty()) {
            return null;
        }
        last = words;
        remember(words.itemId());
        long position = speech != null ? speech.position : positions.next();
        Instant startedAt = speech != null ? speech.startedAt : now;
        Instant endedAt = speech != null && speech.stoppedAt != null ? speech.stoppedAt : now;
        return new Turn(position, Turn.Role.USER, words.text(), null, false, startedAt, endedAt);
    }

    private void remember(@Nullable String itemId) {
        if (itemId != null && toldIds.add(itemId) && toldIds.size() > MOST) {
            toldIds.remove(toldIds.iterator().next());
        }
    }

    private boolean isSecondTelling(Told words) {
        if (last == null || last.way() == words.way()) {
            return false;
        }
        if (last.itemId() != null && words.itemId() != null) {
            return last.itemId().equals(words.itemId());
        }
        return last.text().equals(words.text());
    }

    private @Nullable Speech take(@Nullable String itemId) {
        Speech found = null;
        if (itemId != null) {
            for (Speech speech : open) {
                found = itemId.equals(speech.itemId) ? speech : found;
            }
        }
        if (found == null) {
            found = guess(itemId);
        }
        if (found != null) {
            open.remove(found);
        }
        return found;
    }

    private @Nullable Speech guess(@Nullable String itemId) {
        Speech unanswered = null;
        Speech over = null;
        Speech oldest = null;
        for (Speech speech : open) {
            if (itemId != null && speech.itemId != null) {
                continue;
            }
            oldest = oldest == null ? speech : oldest;
            if (speech.stoppedAt != null) {
                over = over == null ? speech : over;
                unanswered = speech.answered ? unanswered : speech;
            }
        }
        if (unanswered != null) {
            dropSilentBefore(unanswered);
            return unanswered;
        }
        return over != null ? over : oldest;
    }

    /** Speech that was over and unanswered before the newest one had no words. */
    private void dropSilentBefore(Speech newest) {
        for (Iterator<Speech> each = open.iterator(); each.hasNext(); ) {
            Speech speech = each.next();
            if (speech == newest) {
                return;
            }
            if (speech.itemId == null && speech.stoppedAt != null && !speech.answered) {
                each.remove();
            }
        }
    }

    static String normalized(String words) {
        return Normalizer.normalize(words.strip(), Normalizer.Form.NFC);
    }
}
