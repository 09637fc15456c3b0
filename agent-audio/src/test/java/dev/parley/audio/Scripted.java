package dev.parley.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** A source that gives what a test says: pieces, nothing for now, an end, or a fault. */
final class Scripted implements AudioSource {
    private final PcmFormat format;
    private final Deque<ByteBuffer> pieces = new ArrayDeque<>();
    private boolean ended;
    private boolean broken;
    boolean closed;

    Scripted(PcmFormat format) {
        this.format = format;
    }

    void give(ByteBuffer piece) {
        pieces.add(piece);
    }

    void end() {
        ended = true;
    }

    void fail() {
        broken = true;
    }

    @Override
    public PcmFormat format() {
        return format;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        while (!pieces.isEmpty() && !pieces.getFirst().hasRemaining()) {
            pieces.removeFirst();
        }
        if (pieces.isEmpty()) {
            if (broken) {
                throw new IOException("unplugged");
            }
            return ended ? -1 : 0;
        }
        ByteBuffer first = pieces.getFirst();
        int take = Math.min(first.remaining(), target.remaining());
        target.put(first.slice(first.position(), take));
        first.position(first.position() + take);
        return take;
    }

    @Override
    public void close() {
        closed = true;
    }
}
