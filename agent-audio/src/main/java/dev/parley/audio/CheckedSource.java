package dev.parley.audio;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A source that must have done what it says. One that tells of bytes which are not there would otherwise be asked for them
 * again and again, without a pause.
 */
final class CheckedSource implements AudioSource {
    private final AudioSource source;

    CheckedSource(AudioSource source) {
        this.source = source;
    }

    @Override
    public PcmFormat format() {
        return source.format();
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int before = target.position();
        int got = source.read(target);
        int put = target.position() - before;
        if (got < -1 || put != Math.max(got, 0)) {
            throw new IOException("its read(…) returned " + got + " and put " + put
                    + " bytes; return how many bytes were" + " put, 0 if there is nothing now, and -1 at the end");
        }
        return got;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
