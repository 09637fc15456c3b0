package dev.parley.audio;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Samples that were played, and how long it was silent before each run of them. Silence takes no room. Not thread-safe. */
final class HeardAudio {
    private static final int BLOCK_BYTES = 1 << 16;
    /** What every JVM gives. */
    private static final int MOST_BYTES = Integer.MAX_VALUE - 8;

    /** Some silence, and the samples that followed each other after it. */
    private static final class Run {
        private final long silentSamples;
        private long samples;

        Run(long silentSamples) {
            this.silentSamples = silentSamples;
        }
    }

    private final List<byte[]> blocks = new ArrayList<>();
    private final List<Run> runs = new ArrayList<>();
    private long bytes;
    /** Where on the time line the last sample ends. */
    private long end;

    /** What is added next began to play at a place of the time line. */
    void begin(long start) {
        // a run that follows another at once may begin a fraction of a sample late: that is no gap
        long gap = start - end;
        if (gap > 1) {
            runs.add(new Run(gap));
            end = start;
        }
    }

    void add(ByteBuffer pcm16) {
        if (runs.isEmpty()) {
            runs.add(new Run(0));
        }
        int samples = pcm16.remaining() / PcmFormat.BYTES_PER_SAMPLE;
        runs.get(runs.size() - 1).samples += samples;
        end += samples;
        while (pcm16.hasRemaining()) {
            int block = (int) (bytes / BLOCK_BYTES);
            int at = (int) (bytes % BLOCK_BYTES);
            if (block == blocks.size()) {
                blocks.add(new byte[BLOCK_BYTES]);
            }
            int step = Math.min(pcm16.remaining(), BLOCK_BYTES - at);
            pcm16.get(blocks.get(block), at, step);
            bytes += step;
        }
    }

    /** Lets go of everything; the time line begins again at a place. */
    void forget(long start) {
        if (blocks.size() > 1) {
            blocks.subList(1, blocks.size()).clear();
        }
        runs.clear();
        bytes = 0;
        end = start;
    }

    byte[] withoutSilence() {
        byte[] all = array(bytes);
        copy(0, all, 0, all.length);
        return all;
    }

    byte[] withSilence() {
        long samples = 0;
        for (Run run : runs) {
            samples += run.silentSamples + run.samples;
        }
        byte[] all = array(samples * PcmFormat.BYTES_PER_SAMPLE);
        long from = 0;
        int to = 0;
        for (Run run : runs) {
            to += (int) run.silentSamples * PcmFormat.BYTES_PER_SAMPLE;
            int length = (int) run.samples * PcmFormat.BYTES_PER_SAMPLE;
            copy(from, all, to, length);
            from += length;
            to += length;
        }
        return all;
    }

    private static byte[] array(long bytes) {
        if (bytes > MOST_BYTES) {
            throw new IllegalStateException("what was heard is " + bytes + " bytes long, and an array holds "
                    + MOST_BYTES + ": call forget() now and then");
        }
        return new byte[(int) bytes];
    }

    private void copy(long from, byte[] to, int at, int length) {
        for (int done = 0; done < length; ) {
            int offset = (int) ((from + done) % BLOCK_BYTES);
            int step = Math.min(length - done, BLOCK_BYTES - offset);
            System.arraycopy(blocks.get((int) ((from + done) / BLOCK_BYTES)), offset, to, at + done, step);
            done += step;
        }
    }
}
