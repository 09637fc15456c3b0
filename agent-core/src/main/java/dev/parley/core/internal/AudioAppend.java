package dev.parley.core.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The hot path of a call's way out: an {@code input_audio_buffer.append}. No JSON machinery, since base64 needs no escaping.
 *
 * <p>The JDK's encoder is fast (it is intrinsic), but it writes to the start of an array alone. So the audio goes through it
 * in pieces that stay in the processor's nearest cache, and the message is put together in one array.
 */
final class AudioAppend {
    private static final byte[] HEAD = ascii("{\"type\":\"input_audio_buffer.append\",\"audio\":\"");
    private static final byte[] TAIL = ascii("\"}");

    /** A multiple of 3: only the last piece may need padding. */
    private static final int PIECE = 768;

    private AudioAppend() {}

    /** The message with these bytes, whose position is left alone. */
    static String of(ByteBuffer pcm16) {
        int from = pcm16.position();
        int left = pcm16.remaining();
        byte[] message = new byte[HEAD.length + base64Length(left) + TAIL.length];
        System.arraycopy(HEAD, 0, message, 0, HEAD.length);
        int to = HEAD.length;
        Base64.Encoder encoder = Base64.getEncoder();
        byte[] piece = new byte[Math.min(PIECE, left)];
        byte[] base64 = new byte[base64Length(piece.length)];
        while (left > 0) {
            if (left < piece.length) {
                piece = new byte[left];
            }
            pcm16.get(from, piece);
            int written = encoder.encode(piece, base64);
            System.arraycopy(base64, 0, message, to, written);
            from += piece.length;
            left -= piece.length;
            to += written;
        }
        System.arraycopy(TAIL, 0, message, to, TAIL.length);
        return new String(message, StandardCharsets.ISO_8859_1);
    }

    private static int base64Length(int bytes) {
        return (bytes + 2) / 3 * 4;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
