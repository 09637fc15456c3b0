package dev.parley.audio;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** What comes through a stream of bytes. */
final class StreamSource implements AudioSource {
    private final PcmFormat format;
    private final InputStream stream;
    private final byte[] block = new byte[4_096];

    StreamSource(PcmFormat format, InputStream stream) {
        this.format = Objects.requireNonNull(format);
        this.stream = Objects.requireNonNull(stream);
    }

    @Override
    public PcmFormat format() {
        return format;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int got = stream.read(block, 0, Math.min(block.length, target.remaining()));
        if (got > 0) {
            target.put(block, 0, got);
        }
        return got;
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
