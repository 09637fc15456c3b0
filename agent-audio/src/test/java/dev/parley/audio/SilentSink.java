package dev.parley.audio;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Says that it takes all, at 24 kHz, and plays none of it. */
class SilentSink implements AudioSink {
    @Override
    public PcmFormat format() {
        return new PcmFormat(24_000);
    }

    @Override
    public int write(ByteBuffer pcm16) throws IOException {
        return pcm16.remaining();
    }

    @Override
    public long played() throws IOException {
        return 0;
    }

    @Override
    public long flush() throws IOException {
        return 0;
    }

    @Override
    public void close() throws IOException {}
}
