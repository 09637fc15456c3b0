package dev.parley.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A sink played at another rate than its own; positions are told at the rate of what is written.
 *
 * <p>The resampler's filter holds back the last few milliseconds until it sees what follows. So when the sink is about to run
 * dry and nothing was written, the stream is ended and its tail is played; what is written later begins a new stream.
 */
final class ResamplingSink implements AudioSink {
    /** With less than this in the sink, nothing more is expected in time: the player writes every 20 ms. */
    private static final long NEARLY_DRY_MILLIS = 45;

    /** A stream of the resampler: where it ends, in the samples of each side. */
    private record Stream(long endIn, long endOut) {}

    private final AudioSink sink;
    private final PcmFormat format;
    private final Resampler resampler;
    private final ByteBuffer piece = ByteBuffer.allocate(2_048);
    private final ByteBuffer pending = ByteBuffer.allocate(16_384).limit(0);
    private final Deque<Stream> ended = new ArrayDeque<>();
    /** Where the current stream, or the oldest that still plays, began. */
    private Stream start = new Stream(0, 0);

    private long takenIn;
    private long madeOut;
    private long streamStartIn;

    private ResamplingSink(AudioSink sink, PcmFormat format) {
        this.sink = sink;
        this.format = format;
        this.resampler = Resampler.between(format, sink.format());
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
        int taken = 0;
        while (deliver() && pcm16.remaining() >= PcmFormat.BYTES_PER_SAMPLE) {
            piece.clear();
            int take = Math.min(piece.remaining(), pcm16.remaining());
            take -= take % PcmFormat.BYTES_PER_SAMPLE;
            int end = pcm16.limit();
            piece.put(pcm16.limit(pcm16.position() + take)).flip();
            pcm16.limit(end);
            pending.clear();
            // 1,024 samples become at most 6,144, for which there is room
            resampler.push(piece, pending);
            made();
            taken += take;
            takenIn += take / PcmFormat.BYTES_PER_SAMPLE;
        }
        return taken;
    }

    @Override
    public long played() throws IOException {
        long out = sink.played();
        boolean held = takenIn > streamStartIn;
        long left = madeOut - out;
        if (held && deliver() && left < sink.format().sampleRate() * NEARLY_DRY_MILLIS / 1_000) {
            pending.clear();
            boolean complete = resampler.finish(pending);
            made();
            if (!complete) {
                throw new IOException("the resampler held more than " + pending.capacity() + " bytes");
            }
            ended.add(new Stream(takenIn, madeOut));
            streamStartIn = takenIn;
            deliver();
        }
        return position(out);
    }

    @Override
    public long flush() throws IOException {
        long out = sink.flush();
        long at = position(out);
        resampler.reset();
        pending.limit(0);
        ended.clear();
        start = new Stream(at, out);
        takenIn = at;
        madeOut = out;
        streamStartIn = at;
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

    /** @return whether nothing is pending any more */
    private boolean deliver() throws IOException {
        if (pending.hasRemaining()) {
            sink.write(pending);
        }
        return !pending.hasRemaining();
    }

    private void made() {
        pending.flip();
        madeOut += pending.remaining() / PcmFormat.BYTES_PER_SAMPLE;
    }

    /** Which sample of what was written the sink has reached. */
    private long position(long out) {
        while (!ended.isEmpty() && ended.getFirst().endOut() <= out) {
            start = ended.removeFirst();
        }
        long within =
                (out - start.endOut()) * format.sampleRate() / sink.format().sampleRate();
        long most = ended.isEmpty() ? takenIn : ended.getFirst().endIn();
        return Math.min(start.endIn() + within, most);
    }
}
