package dev.parley.audio.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a WAV file's audio lies and what it is.
 *
 * @param dataBytes whole frames only
 */
public record WavHeader(int sampleRate, int channels, long dataOffset, long dataBytes) {
    private static final Set<Integer> RATES = Set.of(8_000, 16_000, 22_050, 24_000, 44_100, 48_000);
    private static final int PCM = 1;
    private static final int EXTENSIBLE = 0xFFFE;
    private static final Map<Integer, String> ENCODINGS =
            Map.of(2, "ADPCM", 3, "floating point", 6, "A-law", 7, "µ-law", 0x11, "ADPCM", 0x55, "MP3");
    /** The second half of the GUID that turns a format tag into a subformat, as two little-endian longs with the tag. */
    private static final long SUBFORMAT_FIRST = 0x0010_0000_0000_0000L;

    private static final long SUBFORMAT_SECOND = 0x719B_3800_AA00_0080L;
    /** More than any recorder writes: a file of zeros is chunks without end. */
    private static final int MOST_CHUNKS = 1_000;

    private static final String MEND = "convert it, for example with: sox in.wav -r 24000 -c 1 -b 16 -e signed out.wav";

    /** Bytes of one sample of each channel. */
    public int frameBytes() {
        return channels * 2;
    }

    /**
     * @throws IOException with one sentence for people
     */
    public static WavHeader read(Path path) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            return new Parser(path, file).parse();
        } catch (NoSuchFileException e) {
            throw new IOException(path + " does not exist: check the name", e);
        } catch (AccessDeniedException e) {
            throw new IOException(path + " may not be read: check its permissions", e);
        } catch (IOException e) {
            if (Files.isDirectory(path)) {
                throw new IOException(path + " is a folder: name a WAV file", e);
            }
            throw e;
        }
    }

    /** Walks the chunks of one file. */
    private static final class Parser {
        private final Path path;
        private final FileChannel file;
        private final long length;
        private @Nullable ByteBuffer format;
        private long dataOffset = -1;
        /** What a file of more than 4 GiB says in its {@code ds64} chunk (EBU Tech 3306). */
        private long longDataBytes = -1;

        private long dataBytes;

        Parser(Path path, FileChannel file) throws IOException {
            this.path = path;
            this.file = file;
            this.length = file.size();
        }

        WavHeader parse() throws IOException {
            ByteBuffer riff = bytes(0, 12);
            if (riff.remaining() < 12 || riff.getInt(8) != tag("WAVE")) {
                throw refused("is not a WAV file");
            }
            int kind = riff.getInt(0);
            if (kind == tag("RIFX")) {
                throw refused("is a big-endian WAV file (RIFX)");
            }
            if (kind != tag("RIFF") && kind != tag("RF64") && kind != tag("BW64")) {
                throw refused("is not a WAV file");
            }
            long at = 12;
            for (int i = 0; i < MOST_CHUNKS && at + 8 <= length && (format == null || dataOffset < 0); i++) {
                at = chunk(at);
            }
            if (format == null) {
                throw refused("has no format chunk");
            }
            if (dataOffset < 0) {
                throw refused("has no audio in it");
            }
            return checked(format);
        }

        /** Reads the chunk at a place and says where the next one begins. */
        private long chunk(long at) throws IOException {
            ByteBuffer head = bytes(at, 8);
            int id = head.getInt();
            long size = head.getInt() & 0xFFFF_FFFFL;
            long body = at + 8;
            if (id == tag("ds64")) {
                ByteBuffer sizes = bytes(body, (int) Math.min(size, 16));
                longDataBytes = sizes.remaining() == 16 ? sizes.getLong(8) : -1;
            } else if (id == tag("fmt ")) {
                format = bytes(body, (int) Math.min(size, 40));
            } else if (id == tag("data")) {
                dataOffset = body;
                dataBytes = dataSize(body, size == 0xFFFF_FFFFL && longDataBytes >= 0 ? longDataBytes : size);
                size = dataBytes;
            }
            long next = body + size;
            boolean padded = size % 2 == 1 && !chunkAt(next);
            return padded ? next + 1 : next;
        }

        /**
         * A recorder that streams, or that died, never filled the size in: it says 0, or more than there is. The audio
         * then goes on to the end of the file.
         */
        private long dataSize(long body, long size) throws IOException {
            long rest = length - body;
            boolean unfilled = size == 0 && rest > 0 && !chunkAt(body);
            return unfilled || size > rest ? rest : size;
        }

        /** Some writers leave the padding byte out: a chunk's name right there tells. */
        private boolean chunkAt(long at) throws IOException {
            ByteBuffer id = bytes(at, 8);
            if (id.remaining() < 8) {
                return false;
            }
            for (int i = 0; i < 4; i++) {
                int letter = id.get(i);
                if (letter < ' ' || letter > '~') {
                    return false;
                }
            }
            return at + 8 + (id.getInt(4) & 0xFFFF_FFFFL) <= length;
        }

        private WavHeader checked(ByteBuffer fmt) throws IOException {
            if (fmt.remaining() < 16) {
                throw refused("has a format chunk that is cut off");
            }
            int encoding = fmt.getShort(0) & 0xFFFF;
            int channels = fmt.getShort(2) & 0xFFFF;
            int sampleRate = fmt.getInt(4);
            int bits = fmt.getShort(14) & 0xFFFF;
            if (encoding == EXTENSIBLE && fmt.remaining() >= 40) {
                long first = fmt.getLong(24);
                boolean known = (first & ~0xFFFFL) == SUBFORMAT_FIRST && fmt.getLong(32) == SUBFORMAT_SECOND;
                encoding = known ? (int) (first & 0xFFFF) : EXTENSIBLE;
            }
            if (encoding != PCM) {
                throw refused("holds " + ENCODINGS.getOrDefault(encoding, "encoding " + encoding) + ", not PCM16");
            }
            if (bits != 16) {
                throw refused("holds PCM of " + bits + " bits, not 16");
            }
            if (channels != 1 && channels != 2) {
                throw refused("has " + channels + " channels, not one or two");
            }
            if (!RATES.contains(sampleRate)) {
                throw refused("has a rate of " + Integer.toUnsignedString(sampleRate)
                        + " Hz, not 8, 16, 22.05, 24, 44.1 or 48 kHz");
            }
            int frameBytes = channels * 2;
            return new WavHeader(sampleRate, channels, dataOffset, dataBytes - dataBytes % frameBytes);
        }

        private ByteBuffer bytes(long at, int count) throws IOException {
            ByteBuffer read = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
            while (read.hasRemaining() && file.read(read, at + read.position()) >= 0) {
                // a read may be partial
            }
            return read.flip();
        }

        private IOException refused(String why) {
            return new IOException(path + " " + why + ": " + MEND);
        }

        private static int tag(String name) {
            return name.charAt(0) | name.charAt(1) << 8 | name.charAt(2) << 16 | name.charAt(3) << 24;
        }
    }
}
