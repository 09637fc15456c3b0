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

    /** Bytes that went out in no sample, until they are asked for. */
    private int lost;

    /** The whole samples up to the end of a piece, whose position is left alone. */
    ByteBuffer take(ByteBuffer piece) {
        ByteBuffer in = piece.duplicate();
        if (inside && !hasCarry && in.hasRemaining()) {
            in.get();
            lost++;
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

    /** What the last call gave is not sent, and what it kept back belongs to a sample that is gone. */
    void refused(ByteBuffer whole) {
        lost += whole.remaining();
        dropHalf();
    }

    /** There are no more pieces: half a sample is nothing that can be sent. */
    void end() {
        dropHalf();
    }

    /** How many bytes went out in no sample since this was last asked. */
    int takeLost() {
        int taken = lost;
        lost = 0;
        return taken;
    }

    private void dropHalf() {
        lost += hasCarry ? 1 : 0;
        hasCarry = false;
    }
}
