package dev.parley.audio;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A sink played at another rate than its own; positions are told at the rate of what is written.
 *
 * <p>The resampler's filter holds back the last few milliseconds until it sees what follows. So when the sink is about to run
 * dry, it is given those too, by a guess at what follows; what is written in time joins there without a seam. Only when
 * the sink has played everything does a new stream begin. A flush takes the filter back to the very sample where the sink
 * stopped, so that what is written next goes on from there.
 *
 * <p>The sink is given half a second at most, since a flush needs what it was given. Nothing is allocated per frame.
 */
final class ResamplingSink implements AudioSink {
    /** With less than this in the sink, nothing more is expected in time: the player writes every 20 ms. */
    private static final long NEARLY_DRY_MILLIS = 30;

    private static final long AHEAD_MILLIS = 500;

    private final AudioSink sink;
    private final PcmFormat format;
    private final Resampler resampler;
    private final long ahead;
    private final long nearlyDry;
    private final ByteBuffer piece = ByteBuffer.allocate(2_048);
    /** What became of one piece, and has not been taken yet. */
    private final ByteBuffer pending;
    /** What was written, from as far back as a flush may need. */
    private final SampleRing written = new SampleRing();
    /** Where the current stream began, in the samples of each side. */
    private long startIn;

    private long startOut;
    /** What the resampler has made, pending or taken by the sink. */
    private long made;
    /** The sink was flushed in the middle of the stream, and what is written next goes on with it. */
    private boolean resumes;

    private ResamplingSink(AudioSink sink, PcmFormat format) {
        this.sink = sink;
        this.format = format;
        this.resampler = Resampler.between(format, sink.format());
        long most = resampler.outputSamples(piece.capacity() / PcmFormat.BYTES_PER_SAMPLE + resampler.reach()) + 1;
        this.pending = ByteBuffer.allocate(Math.toIntExact(most * PcmFormat.BYTES_PER_SAMPLE))
                .limit(0);
        this.ahead = sink.format().sampleRate() * AHEAD_MILLIS / 1_000;
        this.nearlyDry = sink.format().sampleRate() * NEARLY_DRY_MILLIS / 1_000;
    }

    /** The sink itself if it has the rate. */
    static AudioSink of(AudioSink sink, PcmFormat format) {
        return sink.format().equals(format) ? sink : new ResamplingSink(sink, format);
    }

    @Override
    public PcmFormat format() {
        return format;
    }

    @Override
    public int write(ByteBuffer pcm16) throws IOException {
        long out = sink.played();
        if (out == made && resampler.owed() <= 0 && !resumes) {
            begin(written.end(), out);
        }
        int taken = 0;
        while (deliver() && made - out < ahead && pcm16.remaining() >= PcmFormat.BYTES_PER_SAMPLE) {
            piece.clear();
            int take = Math.min(piece.remaining(), pcm16.remaining());
            take -= take % PcmFormat.BYTES_PER_SAMPLE;
            int end = pcm16.limit();
            piece.put(pcm16.limit(pcm16.position() + take)).flip();
            pcm16.limit(end);
            written.add(piece, take / PcmFormat.BYTES_PER_SAMPLE);
            piece.rewind();
            pending.clear();
            resampler.push(piece, pending);
            made();
            taken += take;
            resumes = false;
        }
        settleIfNearlyDry(out);
        return taken;
    }

    @Override
    public long played() throws IOException {
        long out = sink.played();
        settleIfNearlyDry(out);
        return position(out);
    }

    @Override
    public long flush() throws IOException {
        long out = sink.flush();
        long at = position(out);
        pending.limit(0);
        made = out;
        resumes = at < written.end();
        written.dropFrom(at);
        if (resumes) {
            resampler.rewind(at - startIn, out - startOut, written, startIn);
        } else {
            begin(at, out);
        }
        return at;
    }

    @Override
    public boolean canTakeBack() {
        return sink.canTakeBack();
    }

    @Override
    public void close() throws IOException {
        sink.close();
    }

    private void begin(long in, long out) {
        resampler.reset();
        startIn = in;
        startOut = out;
    }

    private void settleIfNearlyDry(long out) throws IOException {
        if (resampler.owed() > 0 && deliver() && left(out) < nearlyDry) {
            pending.clear();
            resampler.settle(pending);
            made();
            deliver();
        }
    }

    /** How many samples the sink has still to play. */
    private long left(long out) {
        return sink instanceof MarkedSink marked ? marked.likelyLeft() : made - out;
    }

    /** @return whether nothing is pending any more */
    private boolean deliver() throws IOException {
        if (pending.hasRemaining()) {
            sink.write(pending);
        }
        return !pending.hasRemaining();
    }

    private void made() {
        pending.flip();
        made += pending.remaining() / PcmFormat.BYTES_PER_SAMPLE;
    }

    /** Which sample of what was written the sink has reached. What lies too far before it is let go of. */
    private long position(long out) {
        long within = (out - startOut) * format.sampleRate() / sink.format().sampleRate();
        long at = Math.min(startIn + within, written.end());
        written.dropBefore(Math.max(written.start(), at - resampler.reach()));
        return at;
    }
}
