package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.testkit.Recording;
import dev.parley.testkit.Violation.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The items of a conversation in their order, with the audio of the latest ones. Confined to the connection's monitor. */
final class OpenAiItems {
    private static final int LIMIT = 10_000;
    private static final int WITH_AUDIO = 16;

    private final List<Item> items = new ArrayList<>();

    /** One item; its JSON is as events show it, without audio. */
    static final class Item {
        private final ObjectNode json;
        private byte[] pcm16 = {};
        private long samples;

        Item(ObjectNode json) {
            this.json = json;
        }

        String id() {
            return json.path("id").asText();
        }

        ObjectNode json() {
            return json;
        }

        /** What was said so far; the bytes are not copied. */
        void audio(byte[] pcm, int length) {
            pcm16 = pcm;
            samples = length / 2;
        }

        long samples() {
            return samples;
        }

        long lengthMs() {
            return samples * 1_000 / Recording.SAMPLE_RATE;
        }

        boolean spokenByAssistant() {
            return json.path("content").path(0).path("type").asText("").equals("output_audio");
        }

        private ObjectNode withAudio() {
            ObjectNode whole = json.deepCopy();
            if (pcm16.length > 0 && whole.path("content").path(0) instanceof ObjectNode content) {
                int length = (int) Math.min(pcm16.length, samples * 2);
                content.put("audio", Base64.getEncoder().encodeToString(Arrays.copyOf(pcm16, length)));
            }
            return whole;
        }
    }

    @Nullable
    String lastId() {
        return items.isEmpty() ? null : items.get(items.size() - 1).id();
    }

    /** Adds one at the end, and tells the item before it. */
    @Nullable
    String add(Item item) {
        String last = lastId();
        insert(items.size(), item);
        return last;
    }

    /**
     * Adds a client's item where it wants it.
     *
     * @param previousId an item's id, {@code root} for the front, or null for the end
     * @return the item before it
     */
    @Nullable
    String add(Item item, @Nullable String previousId) throws Breach {
        if (find(item.id()) != null) {
            throw new Breach(
                    Kind.EVENT_SHAPE,
                    "item_create_duplicate_item_id",
                    "item.id",
                    "Error adding item: an item with this id exists already.");
        }
        if (previousId == null) {
            return add(item);
        }
        if (previousId.equals("root")) {
            insert(0, item);
            return null;
        }
        int index = items.indexOf(known(
                previousId,
                "item_create_invalid_previous_item_id",
                "previous_item_id",
                "Error adding item: the previous item does not exist."));
        insert(index + 1, item);
        return previousId;
    }

    private void insert(int index, Item item) {
        items.add(index, item);
        if (items.size() > LIMIT) {
            items.remove(0);
        }
        int spoken = 0;
        for (int i = items.size() - 1; i >= 0; i--) {
            if (items.get(i).pcm16.length > 0 && ++spoken > WITH_AUDIO) {
                items.get(i).pcm16 = new byte[0];
            }
        }
    }

    ObjectNode retrieve(String id) throws Breach {
        return known(id, "item_retrieve_invalid_item_id", "item_id", "Error retrieving item: the item does not exist.")
                .withAudio();
    }

    void delete(String id) throws Breach {
        items.remove(
                known(id, "item_delete_invalid_item_id", "item_id", "Error deleting item: the item does not exist."));
    }

    /** Cuts an assistant's audio to what was heard; its transcript goes, since nobody knows how far it was said. */
    void truncate(String id, int contentIndex, int audioEndMs) throws Breach {
        Item item = known(
                id, "item_truncate_invalid_item_id", "item_id", "Error truncating item: the item does not exist.");
        if (!item.spokenByAssistant() || item.samples == 0) {
            throw new Breach(
                    Kind.TRUNCATION,
                    "unsupported_content_type",
                    "item_id",
                    "Only model output audio messages can be truncated");
        }
        if (contentIndex != 0) {
            throw new Breach(
                    Kind.TRUNCATION, "invalid_value", "content_index", "The item has one content part, with index 0.");
        }
        if (audioEndMs > item.lengthMs()) {
            throw new Breach(
                    Kind.TRUNCATION,
                    "invalid_value",
                    "audio_end_ms",
                    "Audio content of " + item.lengthMs() + "ms is already shorter than " + audioEndMs + "ms");
        }
        item.samples = (long) audioEndMs * Recording.SAMPLE_RATE / 1_000;
        if (item.json.path("content").path(0) instanceof ObjectNode content) {
            content.remove("transcript");
        }
    }

    @Nullable
    Item find(String id) {
        for (Item item : items) {
            if (item.id().equals(id)) {
                return item;
            }
        }
        return null;
    }

    private Item known(String id, String code, String param, String message) throws Breach {
        Item item = find(id);
        if (item == null) {
            throw new Breach(Kind.UNKNOWN_ITEM, code, param, message);
        }
        return item;
    }

    List<Item> all() {
        return List.copyOf(items);
    }
}
