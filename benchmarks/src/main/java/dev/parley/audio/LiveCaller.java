package dev.parley.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A microphone with a caller before it: gives each sample when its time has come, silence until the caller speaks. */
final class LiveCaller implements AudioSource {
    private static final double PITCH = 440;
    private static final double LOUDNESS = 8_000;

    private final PcmFormat format;
    private final long openedAt = System.nanoTime();
    private volatile long speaksFrom = Long.MAX_VALUE;
    private long taken;

    LiveCaller(PcmFormat format) {
        this.format = format;
    }

    /** @param nanos by {@link System#nanoTime()} */
    void speakFrom(long nanos) {
        speaksFrom = nanos - openedAt;
    }

    void fallSilent() {
        speaksFrom = Long.MAX_VALUE;
    }

    @Override
    public PcmFormat format() {
        return format;
    }

    @Override
    public int read(ByteBuffer target) {
        long recorded = format.samplesIn(System.nanoTime() - openedAt);
        int samples = (int) Math.min(recorded - taken, target.remaining() / PcmFormat.BYTES_PER_SAMPLE);
        target.order(ByteOrder.LITTLE_ENDIAN);
        long loudFrom = speaksFrom == Long.MAX_VALUE ? Long.MAX_VALUE : format.samplesIn(speaksFrom);
        for (int i = 0; i < samples; i++, taken++) {
            double phase = 2 * Math.PI * PITCH * taken / format.sampleRate();
            target.putShort((short) (taken >= loudFrom ? LOUDNESS * Math.sin(phase) : 0));
        }
        return samples * PcmFormat.BYTES_PER_SAMPLE;
    }

    @Override
    public void close() {}
}
