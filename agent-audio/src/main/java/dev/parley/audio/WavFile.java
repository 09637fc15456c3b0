package dev.parley.audio;

import dev.parley.audio.internal.WavHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * A WAV file of PCM16 at 8, 16, 22.05, 24, 44.1 or 48 kHz, mono or stereo. Stereo is mixed down to mono (the mean of the
 * two sides, rounded down).
 *
 * <p>It reads what recorders really leave behind: chunks in any order, odd chunks with or without a padding byte,
 * {@code WAVE_FORMAT_EXTENSIBLE}, files beyond 4 GiB (RF64), sizes that were never filled in, and files cut off in the middle (whole frames are
 * kept). Anything else is refused with one sentence that names the file and what to do.
 *
 * <p>Immutable. The file is read when its audio is asked for, so leave it where it is.
 */
public final class WavFile {
    private final Path path;
    private final WavHeader header;

    private WavFile(Path path, WavHeader header) {
        this.path = path;
        this.header = header;
    }

    /**
     * Reads a file's header.
     *
     * @throws IOException with one sentence for people, if there is no such file, it cannot be read, or it is not PCM16
     *     WAV of a rate and channels that are read here
     */
    public static WavFile open(Path path) throws IOException {
        return new WavFile(path, WavHeader.read(path));
    }

    /** The rate. The audio is mono, whatever the file holds. */
    public PcmFormat format() {
        return new PcmFormat(header.sampleRate());
    }

    /** 1 or 2: what the file holds. */
    public int channels() {
        return header.channels();
    }

    /** How long the audio lasts. */
    public Duration duration() {
        return format().duration(frames());
    }

    /** How many samples of mono audio there are. */
    public long frames() {
        return header.dataBytes() / header.frameBytes();
    }

    /**
     * All of the audio, mono.
     *
     * @return PCM16 little-endian
     * @throws IOException if the file cannot be read, or holds more than 2 GB of audio
     */
    public ByteBuffer pcm() throws IOException {
        ByteBuffer all = ByteBuffer.allocate(inMemory(frames() * PcmFormat.BYTES_PER_SAMPLE))
                .order(ByteOrder.LITTLE_ENDIAN);
        try (AudioSource source = source()) {
            while (all.hasRemaining() && source.read(all) >= 0) {
                // the file may have become shorter since its header was read: the loop then ends at its end
            }
        }
        return all.flip().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * The two sides of a stereo file as they are, left first; of a mono file, the same audio twice.
     *
     * @return two buffers of PCM16 little-endian
     * @throws IOException if the file cannot be read, or holds more than 2 GB of audio
     */
    public ByteBuffer[] sides() throws IOException {
        ByteBuffer raw =
                ByteBuffer.allocate(inMemory(frames() * header.frameBytes())).order(ByteOrder.LITTLE_ENDIAN);
        int side = (int) frames() * PcmFormat.BYTES_PER_SAMPLE;
        ByteBuffer left = ByteBuffer.allocate(side).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer right = ByteBuffer.allocate(side).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            long from = header.dataOffset();
            while (raw.hasRemaining() && file.read(raw, from + raw.position()) >= 0) {
                // a read may be partial
            }
        }
        raw.flip();
        while (raw.remaining() >= header.frameBytes()) {
            short first = raw.getShort();
            left.putShort(first);
            right.putShort(header.channels() == 2 ? raw.getShort() : first);
        }
        return new ByteBuffer[] {left.flip(), right.flip()};
    }

    private int inMemory(long bytes) throws IOException {
        if (bytes > Integer.MAX_VALUE - 8) {
            throw new IOException(path + " is too long to be held in memory: read it as a source");
        }
        return (int) bytes;
    }

    /** A source that reads the file from its start, as it is needed. Each call gives one of its own. */
    public AudioSource source() throws IOException {
        return new WavSource(path, header);
    }

    /** A source that reads a file from its start: {@link #open} and {@link #source()}. */
    public static AudioSource source(Path path) throws IOException {
        return open(path).source();
    }

    /**
     * Writes mono audio to a new file; one that exists is replaced.
     *
     * @param pcm16 little-endian; its position is left alone; half a sample at the end is left out
     */
    public static void write(Path path, PcmFormat format, ByteBuffer pcm16) throws IOException {
        try (WavWriter writer = WavWriter.mono(path, format)) {
            writer.write(pcm16.duplicate());
        }
    }

    /**
     * Writes stereo audio to a new file; one that exists is replaced. The shorter side is followed by silence.
     *
     * @param left PCM16 little-endian; positions are left alone
     */
    public static void writeStereo(Path path, PcmFormat format, ByteBuffer left, ByteBuffer right) throws IOException {
        ByteBuffer first = left.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer second = right.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int frames = Math.max(first.remaining(), second.remaining()) / PcmFormat.BYTES_PER_SAMPLE;
        ByteBuffer both = ByteBuffer.allocate(Math.multiplyExact(frames, 4)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < frames; i++) {
            both.putShort(first.remaining() >= 2 ? first.getShort() : 0);
            both.putShort(second.remaining() >= 2 ? second.getShort() : 0);
        }
        try (WavWriter writer = WavWriter.stereo(path, format)) {
            writer.write(both.flip());
        }
    }
}
