package dev.parley.audio;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Writes a WAV file piece by piece. The header is right after each piece, so a program that dies leaves a file that plays.
 *
 * <p>Not thread-safe. A file ends at 4 GiB (more than a day at 24 kHz mono): what would go beyond is refused.
 */
public final class WavWriter implements Closeable {
    private static final int HEADER_BYTES = 44;
    private static final long MOST_DATA = 0xFFFF_FFFFL - HEADER_BYTES;

    private final FileChannel file;
    private final PcmFormat format;
    private final int channels;
    private final byte[] carried;
    private int carriedBytes;
    private long dataBytes;

    private WavWriter(Path path, PcmFormat format, int channels) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        this.format = format;
        this.channels = channels;
        this.carried = new byte[frameBytes()];
        this.file = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        try {
            writeHeader();
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Begins a mono file; one that exists is replaced, folders are made. */
    public static WavWriter mono(Path path, PcmFormat format) throws IOException {
        return new WavWriter(path, format, 1);
    }

    /** Begins a stereo file; one that exists is replaced, folders are made. */
    public static WavWriter stereo(Path path, PcmFormat format) throws IOException {
        return new WavWriter(path, format, 2);
    }

    /**
     * Appends audio.
     *
     * @param pcm16 little-endian, left before right; any number of bytes: a part of a frame waits for its rest
     */
    public void write(ByteBuffer pcm16) throws IOException {
        int bytes = carriedBytes + pcm16.remaining();
        int whole = bytes - bytes % frameBytes();
        if (dataBytes + whole > MOST_DATA) {
            throw new IOException("a WAV file holds at most 4 GiB: begin another one");
        }
        @Nullable ByteBuffer first = null;
        if (whole > 0 && carriedBytes > 0) {
            first = ByteBuffer.wrap(carried.clone(), 0, carriedBytes);
            whole -= carriedBytes;
            carriedBytes = 0;
        }
        if (whole > 0) {
            int end = pcm16.limit();
            pcm16.limit(pcm16.position() + whole);
            if (first != null) {
                append(first);
            }
            append(pcm16);
            pcm16.limit(end);
            writeHeader();
        }
        int rest = pcm16.remaining();
        pcm16.get(carried, carriedBytes, rest);
        carriedBytes += rest;
    }

    /** Ends the file. A part of a frame that still waits is left out. Idempotent. */
    @Override
    public void close() throws IOException {
        file.close();
    }

    private void append(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            dataBytes += file.write(bytes, HEADER_BYTES + dataBytes);
        }
    }

    private void writeHeader() throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(tag("RIFF")).putInt((int) (36 + dataBytes)).putInt(tag("WAVE"));
        header.putInt(tag("fmt ")).putInt(16).putShort((short) 1).putShort((short) channels);
        header.putInt(format.sampleRate()).putInt(format.sampleRate() * frameBytes());
        header.putShort((short) frameBytes()).putShort((short) 16);
        header.putInt(tag("data")).putInt((int) dataBytes).flip();
        long at = 0;
        while (header.hasRemaining()) {
            at += file.write(header, at);
        }
    }

    private int frameBytes() {
        return channels * PcmFormat.BYTES_PER_SAMPLE;
    }

    private static int tag(String name) {
        return name.charAt(0) | name.charAt(1) << 8 | name.charAt(2) << 16 | name.charAt(3) << 24;
    }
}
