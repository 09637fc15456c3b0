package dev.parley.audio;

import java.nio.ByteBuffer;

/** Audio in memory, read once from its start to its end. */
final class MemorySource implements AudioSource {
    private final PcmFormat format;
    private final ByteBuffer rest;

    MemorySource(PcmFormat format, ByteBuffer pcm16) {
        this.format = format;
        this.rest = pcm16.asReadOnlyBuffer();
    }

    @Override
    public PcmFormat format() {
        return format;
    }

    @Override
    public int read(ByteBuffer target) {
        if (!rest.hasRemaining()) {
            return -1;
        }
        int take = Math.min(rest.remaining(), target.remaining());
        int end = rest.limit();
        rest.limit(rest.position() + take);
        target.put(rest);
        rest.limit(end);
        return take;
    }

    @Override
    public void close() {
        rest.position(rest.limit());
    }
}
