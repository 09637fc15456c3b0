package dev.parley.core.internal;

import dev.parley.core.event.ServerEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The hot path of a call's way in: an audio delta, which is a flat object that is nearly all base64. Its few fields are read
 * here, and the base64 is decoded where it stands. A JSON reader would first copy it into a string of its own.
 *
 * <p>This reads a part of JSON, strictly. Whatever it does not know (escapes, nesting, fractions, a second {@code delta}) it
 * leaves to {@link EventFields}, which reads all of it and finds what is wrong with it; so both must always agree on what
 * this one accepts. One pass; lives for one message.
 */
final class AudioDelta {
    /** Below this the ordinary way is as good. */
    private static final int WORTH_IT = 256;

    /** More digits than any index has, and fewer than any reader of JSON refuses. */
    private static final int MOST_DIGITS = 18;

    /** Longer than any field's name is, and shorter than any reader of JSON refuses. */
    private static final int LONGEST_NAME = 64;

    private static final byte[] TYPE = ascii("type");
    private static final byte[] DELTA = ascii("delta");
    private static final byte[] ITEM_ID = ascii("item_id");
    private static final byte[] RESPONSE_ID = ascii("response_id");
    private static final byte[] TYPE_GA = ascii("response.output_audio.delta");
    private static final byte[] TYPE_BETA = ascii("response.audio.delta");
    private static final byte[] TRUE = ascii("true");
    private static final byte[] FALSE = ascii("false");
    private static final byte[] NULL = ascii("null");

    private final String message;

    /** The message, a byte for each char. What is not Latin-1 stands here as a question mark. */
    private final byte[] text;

    private int at;

    /** Where the string that was read last begins and ends; -1 if the value was no string. */
    private int start;

    private int end;

    private boolean isAudio;
    private int deltaStart = -1;
    private int deltaEnd;
    private @Nullable String responseId;
    private @Nullable String itemId;

    private AudioDelta(String message, byte[] text) {
        this.message = message;
        this.text = text;
    }

    /** Null where the message is not an audio delta of the plain kind. */
    static ServerEvent.@Nullable OutputAudio read(String message) {
        if (message.length() < WORTH_IT) {
            return null;
        }
        byte[] text = message.getBytes(StandardCharsets.ISO_8859_1);
        // A surrogate pair becomes one question mark, and then positions differ.
        if (text.length != message.length()) {
            return null;
        }
        AudioDelta delta = new AudioDelta(message, text);
        return delta.readObject() ? delta.decoded() : null;
    }

    private ServerEvent.@Nullable OutputAudio decoded() {
        try {
            ByteBuffer base64 = ByteBuffer.wrap(text, deltaStart, deltaEnd - deltaStart);
            return new ServerEvent.OutputAudio(
                    responseId, itemId, Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Whether the whole message is an object with an audio type and one {@code delta}. */
    private boolean readObject() {
        if (!take('{')) {
            return false;
        }
        do {
            if (!take('"') || !readString() || end - start > LONGEST_NAME) {
                return false;
            }
            int nameStart = start;
            int nameEnd = end;
            if (!take(':') || !readField(nameStart, nameEnd)) {
                return false;
            }
        } while (take(','));
        return take('}') && atEnd() && isAudio && deltaStart >= 0;
    }

    private boolean readField(int nameStart, int nameEnd) {
        if (is(DELTA, nameStart, nameEnd)) {
            return deltaStart < 0 && readDelta();
        }
        if (!readValue()) {
            return false;
        }
        if (is(TYPE, nameStart, nameEnd)) {
            isAudio = start >= 0 && (is(TYPE_GA, start, end) || is(TYPE_BETA, start, end));
            return isAudio;
        }
        if (is(RESPONSE_ID, nameStart, nameEnd)) {
            responseId = lastString();
        } else if (is(ITEM_ID, nameStart, nameEnd)) {
            itemId = lastString();
        }
        return true;
    }

    /** Up to the next quote. If that one is escaped, a backslash stands before it, and so it is no base64. */
    private boolean readDelta() {
        if (!take('"')) {
            return false;
        }
        deltaStart = at;
        deltaEnd = message.indexOf('"', at);
        at = deltaEnd + 1;
        return deltaEnd >= 0;
    }

    /** A string without escapes, a whole number, or a word. */
    private boolean readValue() {
        if (take('"')) {
            return readString();
        }
        start = -1;
        return takeWord(TRUE) || takeWord(FALSE) || takeWord(NULL) || takeWholeNumber();
    }

    /** Stands behind the opening quote, leaves behind the closing one. */
    private boolean readString() {
        start = at;
        for (int i = at; i < text.length; i++) {
            byte b = text[i];
            if (b == '"') {
                end = i;
                at = i + 1;
                return true;
            }
            boolean control = b >= 0 && b < ' ';
            if (b == '\\' || control) {
                return false;
            }
        }
        return false;
    }

    private boolean takeWholeNumber() {
        int first = at;
        while (at < text.length && text[at] >= '0' && text[at] <= '9') {
            at++;
        }
        int digits = at - first;
        return digits == 1 || (digits > 1 && digits <= MOST_DIGITS && text[first] != '0');
    }

    private boolean takeWord(byte[] word) {
        if (at + word.length > text.length || !is(word, at, at + word.length)) {
            return false;
        }
        at += word.length;
        return true;
    }

    /** Takes one character, behind any white space. */
    private boolean take(char wanted) {
        skipWhiteSpace();
        if (at < text.length && text[at] == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private boolean atEnd() {
        skipWhiteSpace();
        return at == text.length;
    }

    private void skipWhiteSpace() {
        while (at < text.length && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r')) {
            at++;
        }
    }

    private boolean is(byte[] word, int from, int to) {
        return Arrays.equals(text, from, to, word, 0, word.length);
    }

    private @Nullable String lastString() {
        return start < 0 ? null : message.substring(start, end);
    }

    private static byte[] ascii(String word) {
        return word.getBytes(StandardCharsets.US_ASCII);
    }
}
