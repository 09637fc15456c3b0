package dev.parley.core.internal;

import java.io.IOException;
import okio.Buffer;
import okio.ForwardingSource;
import okio.Source;
import org.jspecify.annotations.Nullable;

/**
 * Follows the frames of a WebSocket (RFC 6455, section 5.2) as they pass, unchanged, and breaks off where a message begins
 * to be longer than the limit. Looks at nothing but the headers. Owned by the socket's reader.
 */
final class FrameMeter extends ForwardingSource {
    private static final int OPCODE = 0x0f;
    private static final int CONTROL = 0x08;
    private static final int LENGTH = 0x7f;
    private static final int LENGTH_IN_2_BYTES = 126;
    private static final int LENGTH_IN_8_BYTES = 127;

    private final long maxBytes;
    private final Buffer arrived = new Buffer();
    private @Nullable MessageTooLongException tooLong;

    /** Of the message that is being received, in the frames so far. */
    private long messageBytes;

    /** Of the current frame: how many bytes of its header have passed, and of its payload have not. */
    private int headerBytes;

    private long payloadLeft;
    private int first;
    private int lengthBytesLeft;
    private long length;

    FrameMeter(Source source, long maxBytes) {
        super(source);
        this.maxBytes = maxBytes;
    }

    @Override
    public long read(Buffer sink, long byteCount) throws IOException {
        if (tooLong == null && super.read(arrived, byteCount) == -1) {
            return -1;
        }
        long within = follow();
        if (within == 0 && tooLong != null) {
            throw tooLong;
        }
        // What came before the message that is too long is still delivered.
        sink.write(arrived, within);
        return within;
    }

    /** How many of the bytes that arrived may pass: all, or those before the length that is too long. */
    private long follow() {
        long at = 0;
        while (at < arrived.size() && tooLong == null) {
            if (payloadLeft > 0) {
                long passed = Math.min(payloadLeft, arrived.size() - at);
                payloadLeft -= passed;
                at += passed;
            } else {
                header(arrived.getByte(at) & 0xff);
                at += tooLong == null ? 1 : 0;
            }
        }
        return at;
    }

    private void header(int b) {
        headerBytes++;
        if (headerBytes == 1) {
            first = b;
            return;
        }
        if (headerBytes == 2) {
            length = b & LENGTH;
            if (length < LENGTH_IN_2_BYTES) {
                frame();
            } else {
                lengthBytesLeft = length == LENGTH_IN_8_BYTES ? Long.BYTES : Short.BYTES;
                length = 0;
            }
            return;
        }
        length = length << Byte.SIZE | b;
        lengthBytesLeft--;
        if (lengthBytesLeft == 0) {
            frame();
        }
    }

    /** The header is complete. Control frames stand between the frames of a message and are no part of it. */
    private void frame() {
        headerBytes = 0;
        payloadLeft = length;
        if ((first & CONTROL) != 0) {
            return;
        }
        boolean begins = (first & OPCODE) != 0;
        long soFar = begins ? 0 : messageBytes;
        if (length < 0 || length > maxBytes - soFar) {
            tooLong = new MessageTooLongException(length < 0 ? Long.MAX_VALUE : soFar + length, maxBytes);
            return;
        }
        messageBytes = soFar + length;
    }
}
