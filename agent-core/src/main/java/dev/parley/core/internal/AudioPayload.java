package dev.parley.core.internal;

import java.nio.ByteBuffer;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The hot path of a call's way in: a long message that is nearly all base64. The base64 is cut out and decoded where it
 * stands, and the few fields around it are read as JSON. That costs little more than decoding the base64 alone; to read the
 * whole message as JSON would copy it once more.
 *
 * @param skeleton the message with an empty {@code delta}
 * @param pcm what stood there, decoded
 */
record AudioPayload(String skeleton, ByteBuffer pcm) {
    private static final String FIELD = "\"delta\"";

    /** Below this the ordinary way is as good. */
    private static final int WORTH_IT = 256;

    /**
     * Cuts the payload out, or gives null where the message does not look like one: short, no {@code delta}, or one that is
     * not plain base64. The caller then reads it in the ordinary way, which also finds what is wrong with it.
     */
    static @Nullable AudioPayload cutOut(String message) {
        if (message.length() < WORTH_IT) {
            return null;
        }
        int field = message.indexOf(FIELD);
        int start = field < 0 ? -1 : openingQuote(message, field + FIELD.length()) + 1;
        int end = start <= 0 ? -1 : message.indexOf('"', start);
        if (end - start < WORTH_IT / 2) {
            return null;
        }
        ByteBuffer pcm = decoded(message, start, end);
        return pcm == null ? null : new AudioPayload(message.substring(0, start) + message.substring(end), pcm);
    }

    /** The quote that opens the field's text, behind a colon and any white space; -2 if there is none. */
    private static int openingQuote(String message, int from) {
        boolean colon = false;
        for (int i = from; i < message.length(); i++) {
            char c = message.charAt(i);
            if (c == '"' && colon) {
                return i;
            }
            if (c == ':' && !colon) {
                colon = true;
            } else if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
                return -2;
            }
        }
        return -2;
    }

    /** Null if it is not base64, an escaped slash included. */
    @SuppressWarnings("deprecation") // getBytes drops the upper half of each char: those are looked at first
    private static @Nullable ByteBuffer decoded(String message, int start, int end) {
        int all = 0;
        for (int i = start; i < end; i++) {
            all |= message.charAt(i);
        }
        if (all > 0x7f) {
            return null;
        }
        byte[] base64 = new byte[end - start];
        message.getBytes(start, end, base64, 0);
        try {
            return ByteBuffer.wrap(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
