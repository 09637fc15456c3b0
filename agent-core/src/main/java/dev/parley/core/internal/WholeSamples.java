package dev.parley.core.internal;

import java.nio.ByteBuffer;

/**
 * Cuts pieces of PCM16 at whole samples: the odd byte at a piece's end goes in front of the next one. So whatever is
 * dropped on the way, what follows is never shifted by a byte, which would turn speech into noise. Not thread-safe.
 */
final class WholeSamples {
    /** Whether the next byte is the second one of a sample. */
    private boolean inside;

    /** The first byte of that sample; nothing if it was refused, and then the second goes too. */
    private boolean hasCarry;

    private byte carry;

    /** The whole samples up to the end of a piece, whose position is left alone. */
    ByteBuffer take(ByteBuffer piece) {
        ByteBuffer in = piece.duplicate();
        if (inside && !hasCarry && in.hasRemaining()) {
            in.get();
            inside = false;
        }
        int all = in.remaining() + (hasCarry ? 1 : 0);
        boolean odd = all % 2 == 1;
        if (!hasCarry && !odd) {
            return in;
        }
        ByteBuffer whole = ByteBuffer.allocate(all - (odd ? 1 : 0));
        while (whole.hasRemaining()) {
            whole.put(hasCarry ? carry : in.get());
            hasCarry = false;
        }
        if (odd) {
            carry = hasCarry ? carry : in.get();
            hasCarry = true;
        }
        inside = odd;
        return whole.flip();
    }

    /** What the last call gave was not sent, and what it kept back belongs to a sample that is gone. */
    void refused() {
        hasCarry = false;
    }
}
