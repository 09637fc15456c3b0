package dev.parley.audio;

import dev.parley.audio.internal.WavHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads a WAV file's audio as mono, a block at a time. */
final class WavSource implements AudioSource {
    private static final int BLOCK_FRAMES = 8_192;

    private final WavHeader header;
    private final FileChannel file;
    private final ByteBuffer raw;
    private final ByteBuffer mono = ByteBuffer.allocate(BLOCK_FRAMES * 2).order(ByteOrder.LITTLE_ENDIAN);
    private long position;

    WavSource(Path path, WavHeader header) throws IOException {
        this.header = header;
        this.file = FileChannel.open(path, StandardOpenOption.READ);
        this.raw = ByteBuffer.allocate(BLOCK_FRAMES * header.frameBytes()).order(ByteOrder.LITTLE_ENDIAN);
        this.position = header.dataOffset();
        mono.limit(0);
    }

    @Override
    public PcmFormat format() {
        return new PcmFormat(header.sampleRate());
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (!mono.hasRemaining() && !readBlock()) {
            return -1;
        }
        int take = Math.min(mono.remaining(), target.remaining());
        int end = mono.limit();
        mono.limit(mono.position() + take);
        target.put(mono);
        mono.limit(end);
        return take;
    }

    private boolean readBlock() throws IOException {
        long end = header.dataOffset() + header.dataBytes();
        raw.clear().limit((int) Math.min(raw.capacity(), end - position));
        while (raw.hasRemaining()) {
            int got = file.read(raw, position);
            if (got < 0) {
                break;
            }
            position += got;
        }
        raw.flip();
        mono.clear();
        while (raw.remaining() >= header.frameBytes()) {
            mono.putShort(
                    header.channels() == 2
                            ? (short) Math.floorDiv(raw.getShort() + raw.getShort(), 2)
                            : raw.getShort());
        }
        mono.flip();
        return mono.hasRemaining();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
