package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A client's messages as a test reads them: without the audio's characters, the latest ones only. */
final class ReceivedMessages {
    private static final int LIMIT = 10_000;
    private static final long LIMIT_CHARS = 2L << 20;
    private static final int UNREADABLE_CHARS = 1_000;

    private record Message(String type, String text) {}

    private final Deque<Message> messages = new ArrayDeque<>();
    private long chars;

    void add(ObjectNode message) {
        ObjectNode shown = message;
        if (message.path("audio").isTextual()) {
            shown = message.deepCopy();
            shown.put("audio", "<" + message.path("audio").textValue().length() + " characters>");
        }
        add(new Message(message.path("type").asText(""), shown.toString()));
    }

    void addUnreadable(String text) {
        add(new Message("", text.substring(0, Math.min(text.length(), UNREADABLE_CHARS))));
    }

    private void add(Message message) {
        messages.add(message);
        chars += message.text().length();
        while (messages.size() > LIMIT || (chars > LIMIT_CHARS && messages.size() > 1)) {
            chars -= messages.removeFirst().text().length();
        }
    }

    /** How many characters are kept. */
    long chars() {
        return chars;
    }

    List<String> all() {
        return messages.stream().map(Message::text).toList();
    }

    List<String> ofType(String type) {
        List<String> found = new ArrayList<>();
        for (Message message : messages) {
            if (message.type().equals(type)) {
                found.add(message.text());
            }
        }
        return found;
    }
}
