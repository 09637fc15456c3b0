package dev.parley.testkit.internal;

/**
 * Follows one direction of a WebSocket byte by byte (RFC 6455, section 5.2) to know when half of a frame's payload has
 * passed. The HTTP head of the handshake comes first.
 */
final class FrameSpotter {
    private static final int HEAD_END = 0x0D0A0D0A; // CR LF CR LF

    private int lastFour;
    private boolean inFrames;

    /** Bytes of the current frame's header so far, and how many it has in all. */
    private int headerSeen;

    private int headerLength = 2;
    private int lengthLeft;
    private long payload;
    private long payloadSeen;

    /** One byte goes by. */
    void pass(byte octet) {
        if (!inFrames) {
            lastFour = (lastFour << 8) | (octet & 0xFF);
            inFrames = lastFour == HEAD_END;
        } else if (headerSeen < headerLength) {
            onHeader(octet & 0xFF);
        } else {
            payloadSeen++;
        }
        if (headerSeen == headerLength && payloadSeen == payload) {
            headerSeen = 0;
            headerLength = 2;
            payload = 0;
            payloadSeen = 0;
        }
    }

    /** Whether half of a frame's payload has passed, and more is to come. */
    boolean inTheMiddle() {
        return headerSeen == headerLength && payload > 0 && payloadSeen == payload / 2;
    }

    private void onHeader(int octet) {
        headerSeen++;
        if (headerSeen == 2) {
            int length = octet & 0x7F;
            int lengthBytes = length == 126 ? 2 : length == 127 ? 8 : 0;
            int maskBytes = (octet & 0x80) == 0 ? 0 : 4;
            headerLength = 2 + lengthBytes + maskBytes;
            payload = lengthBytes == 0 ? length : 0;
            lengthLeft = lengthBytes;
        } else if (headerSeen > 2 && lengthLeft > 0) {
            payload = (payload << 8) | octet;
            lengthLeft--;
        }
    }
}
