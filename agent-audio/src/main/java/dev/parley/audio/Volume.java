package dev.parley.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** How loud the agent is played, by the sink's position: a change is a ramp of some milliseconds, so that it does not click. */
final class Volume {
    private static final int MOST_SAMPLES = 4_096;

    private final int rampSamples;
    private final ByteBuffer scaled =
            ByteBuffer.allocate(MOST_SAMPLES * PcmFormat.BYTES_PER_SAMPLE).order(ByteOrder.LITTLE_ENDIAN);
    private double from = 1;
    private double to = 1;
    private long start;

    Volume(int rampSamples) {
        this.rampSamples = rampSamples;
    }

    /** From now on, without a ramp: while nothing plays. */
    void set(double gain) {
        from = gain;
        to = gain;
    }

    /** From a position on, beginning with the gain that it has by then. */
    void change(double gain, long position) {
        from = at(position);
        to = gain;
        start = position;
    }

    double at(long position) {
        return from + (to - from) * Math.max(0, Math.min(1, (position - start) / (double) rampSamples));
    }

    /** Whether samples from this position on stay as they are. */
    boolean isFull(long position) {
        return to == 1 && (from == 1 || position - start >= rampSamples);
    }

    /**
     * The first samples, as loud as they are to be from a position on: in a buffer that is the same at each call.
     *
     * @param pcm16 little-endian
     */
    ByteBuffer scaled(ByteBuffer pcm16, long position) {
        int bytes = Math.min(pcm16.remaining(), scaled.capacity());
        scaled.clear();
        for (int i = 0; i < bytes; i += PcmFormat.BYTES_PER_SAMPLE) {
            double gain = at(position + i / PcmFormat.BYTES_PER_SAMPLE);
            scaled.putShort((short) Math.round(pcm16.getShort(pcm16.position() + i) * gain));
        }
        return scaled.flip();
    }
}
