package dev.parley.audio;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A source heard at another rate than its own. */
final class ResamplingSource implements AudioSource {
    private final AudioSource source;
    private final Resampler resampler;
    private final ByteBuffer in = ByteBuffer.allocate(4_096).limit(0);
    private final ByteBuffer out = ByteBuffer.allocate(4_096).limit(0);
    private boolean ended;
    private boolean finished;

    private ResamplingSource(AudioSource source, PcmFormat format) {
        this.source = source;
        this.resampler = Resampler.between(source.format(), format);
    }

    /** The source itself if it has the rate. */
    static AudioSource of(AudioSource source, PcmFormat format) {
        return source.format().equals(format) ? source : new ResamplingSource(source, format);
    }

    @Override
    public PcmFormat format() {
        return resampler.to();
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int put = 0;
        while (target.hasRemaining()) {
            if (!out.hasRemaining() && !refill()) {
                return put == 0 && finished ? -1 : put;
            }
            int take = Math.min(out.remaining(), target.remaining());
            int end = out.limit();
            target.put(out.limit(out.position() + take));
            out.limit(end);
            put += take;
        }
        return put;
    }

    /** @return false if there is nothing now */
    private boolean refill() throws IOException {
        out.clear();
        while (out.position() == 0 && !finished) {
            if (!in.hasRemaining() && !ended) {
                int got = source.read(in.clear());
                in.flip();
                ended = got < 0;
                if (got == 0) {
                    break;
                }
            }
            resampler.push(in, out);
            if (ended && !in.hasRemaining()) {
                finished = resampler.finish(out);
            }
        }
        out.flip();
        return out.hasRemaining();
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
