package dev.parley.testkit.internal;

import dev.parley.audio.AudioSink;
import dev.parley.audio.MemorySink;
import dev.parley.audio.PcmFormat;
import dev.parley.core.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What a caller hears, and whether something more is about to be heard. Thread-safe. */
public final class CallersEar implements AudioSink {
    private final MemorySink heard;
    private long written;

    public CallersEar(Clock clock) {
        this.heard = AudioSink.inMemory(CallersVoice.FORMAT, clock);
    }

    @Override
    public PcmFormat format() {
        return heard.format();
    }

    @Override
    public synchronized int write(ByteBuffer pcm16) throws IOException {
        int taken = heard.write(pcm16);
        written += taken / PcmFormat.BYTES_PER_SAMPLE;
        return taken;
    }

    @Override
    public synchronized long played() {
        return heard.played();
    }

    @Override
    public synchronized long flush() {
        written = heard.flush();
        return written;
    }

    /** Whether all that came was heard. */
    public synchronized boolean quiet() {
        return heard.played() == written;
    }

    /** PCM16, without the silence between. */
    public byte[] heard() {
        return heard.heard();
    }

    @Override
    public void close() {
        heard.close();
    }
}
