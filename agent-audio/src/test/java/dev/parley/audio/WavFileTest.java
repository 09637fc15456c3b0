package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WavFileTest {
    private static final String MEND =
            ": convert it, for example with: sox in.wav -r 24000 -c 1 -b 16 -e signed out.wav";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {8_000, 16_000, 22_050, 24_000, 44_100, 48_000})
    void readsBackWhatItWrites(int rate) throws IOException {
        Path path = folder.resolve("made/here/a.wav");
        WavFile.write(path, new PcmFormat(rate), Pcm.ramp(-500, 20_001));
        WavFile wav = WavFile.open(path);
        assertThat(wav.format()).isEqualTo(new PcmFormat(rate));
        assertThat(wav.frames()).isEqualTo(20_001);
        assertThat(wav.duration()).isEqualTo(new PcmFormat(rate).duration(20_001));
        assertThat(Pcm.samples(wav.pcm())).isEqualTo(Pcm.samples(Pcm.ramp(-500, 20_001)));
    }

    @Test
    void stereoIsMixedDownAndItsSidesCanBeHad() throws IOException {
        Path path = folder.resolve("s.wav");
        WavFile.writeStereo(path, new PcmFormat(24_000), samples(100, -3, 32_767, 7), samples(200, -4, 32_767));
        WavFile wav = WavFile.open(path);
        assertThat(wav.channels()).isEqualTo(2);
        assertThat(Pcm.samples(wav.pcm())).containsExactly(150, -4, 32_767, 3);
        assertThat(Pcm.samples(wav.sides()[0])).containsExactly(100, -3, 32_767, 7);
        assertThat(Pcm.samples(wav.sides()[1])).containsExactly(200, -4, 32_767, 0);
    }

    @Test
    void chunksMayComeInAnyOrderAndOddOnesMayLackTheirPadding() throws IOException {
        byte[] audio = Pcm.bytes(Pcm.ramp(1, 10));
        byte[] padded = join(
                chunk("LIST", new byte[3]), new byte[1], chunk("data", audio), chunk("fmt ", fmt(1, 1, 24_000, 16)));
        byte[] unpadded = join(
                chunk("LIST", new byte[3]),
                chunk("fmt ", fmt(1, 1, 24_000, 16)),
                chunk("data", audio),
                chunk("id3 ", new byte[5]));
        assertThat(Pcm.samples(open(riff(padded)).pcm())).isEqualTo(Pcm.samples(audio));
        assertThat(Pcm.samples(open(riff(unpadded)).pcm())).isEqualTo(Pcm.samples(audio));
    }

    @ParameterizedTest
    @CsvSource({"0", "4294967295", "1000000", "40"})
    void aSizeThatLiesMeansToTheEndOfTheFile(long saidSize) throws IOException {
        byte[] audio = Pcm.bytes(Pcm.ramp(1, 10));
        byte[] data = chunk("data", audio);
        ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).putInt(4, (int) saidSize);
        assertThat(Pcm.samples(open(riff(join(chunk("fmt ", fmt(1, 1, 16_000, 16)), data)))
                        .pcm()))
                .isEqualTo(Pcm.samples(audio));
    }

    @Test
    void aFileCutOffInTheMiddleKeepsItsWholeFrames() throws IOException {
        byte[] whole = riff(join(chunk("fmt ", fmt(1, 2, 16_000, 16)), chunk("data", Pcm.bytes(Pcm.ramp(0, 10)))));
        byte[] cut = Arrays.copyOf(whole, whole.length - 3);
        assertThat(open(cut).frames()).isEqualTo(4);
        assertThat(Pcm.samples(open(cut).sides()[1])).containsExactly(1, 3, 5, 7);
    }

    @Test
    void extensiblePcmIsRead() throws IOException {
        byte[] audio = Pcm.bytes(Pcm.ramp(1, 10));
        assertThat(Pcm.samples(open(riff(join(chunk("fmt ", extensible(1)), chunk("data", audio))))
                        .pcm()))
                .isEqualTo(Pcm.samples(audio));
        assertRefused(
                riff(join(chunk("fmt ", extensible(3)), chunk("data", audio))), " holds floating point, not PCM16");
    }

    @Test
    void aFileOfMoreThanFourGigabytesSaysItsSizeElsewhere() throws IOException {
        byte[] audio = Pcm.bytes(Pcm.ramp(1, 10));
        byte[] data = chunk("data", audio);
        ByteBuffer.wrap(data).putInt(4, -1);
        byte[] after = chunk("LIST", new byte[6]);
        for (String kind : List.of("RF64", "BW64")) {
            byte[] file = riff(join(
                    chunk("ds64", longs(1_000, audio.length, 10)), chunk("fmt ", fmt(1, 1, 16_000, 16)), data, after));
            System.arraycopy(kind.getBytes(StandardCharsets.US_ASCII), 0, file, 0, 4);
            assertThat(Pcm.samples(open(file).pcm())).isEqualTo(Pcm.samples(audio));
            ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(28, Long.MAX_VALUE);
            assertThat(open(file).frames()).as("a size that lies").isEqualTo(17);
            ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(28, Long.MIN_VALUE);
            assertThat(open(file).frames()).as("a size that lies").isEqualTo(17);
        }
    }

    /** The file is a hole: nothing of it is on the disk. */
    @Test
    void whatIsTooLongForMemoryIsReadAsASource() throws IOException {
        Path path = folder.resolve("long.wav");
        long audio = 3_000_000_000L;
        byte[] head = riff(join(chunk("fmt ", fmt(1, 1, 48_000, 16)), chunk("data", new byte[0])));
        ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).putInt(40, (int) audio);
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(head));
            file.write(ByteBuffer.wrap(new byte[] {1}), 44 + audio - 1);
        }
        WavFile wav = WavFile.open(path);
        assertThat(wav.frames()).isEqualTo(audio / 2);
        String tooLong = path + " is too long to be held in memory: read it as a source";
        assertThatThrownBy(wav::pcm).isInstanceOf(IOException.class).hasMessage(tooLong);
        assertThatThrownBy(wav::sides).isInstanceOf(IOException.class).hasMessage(tooLong);
        try (AudioSource source = wav.source()) {
            assertThat(source.read(ByteBuffer.allocate(1_000))).isEqualTo(1_000);
        }
    }

    /** Each of its eight zeros is a chunk of no name and no length; once all of them were looked at. */
    @Test
    void aFileOfZerosIsGivenUpSoon() throws IOException {
        Path path = folder.resolve("t.wav");
        Files.write(path, riff(new byte[0]));
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {1}), 8_000_000_000L);
        }
        assertThatThrownBy(() -> WavFile.open(path)).hasMessage(path + " has no format chunk" + MEND);
    }

    @Test
    void aFileCutOffAnywhereIsReadOrRefused() throws IOException {
        byte[] whole = riff(join(
                chunk("LIST", new byte[6]),
                chunk("fmt ", extensible(1)),
                chunk("data", Pcm.bytes(Pcm.ramp(1, 10))),
                chunk("id3 ", new byte[4])));
        for (int length = 0; length < whole.length; length++) {
            assertReadOrRefused(Arrays.copyOf(whole, length), "cut off after " + length);
        }
    }

    @Test
    void noDamageToAHeaderDoesMoreThanRefuse() throws IOException {
        byte[] whole = riff(
                join(chunk("LIST", new byte[6]), chunk("fmt ", fmt(1, 2, 44_100, 16)), chunk("data", new byte[64])));
        Random random = new Random(11);
        for (int round = 0; round < 300; round++) {
            byte[] damaged = whole.clone();
            for (int i = 0; i <= random.nextInt(4); i++) {
                damaged[random.nextInt(whole.length)] = (byte) random.nextInt(256);
            }
            assertReadOrRefused(damaged, "round " + round);
        }
    }

    private void assertReadOrRefused(byte[] file, String what) throws IOException {
        WavFile wav;
        try {
            wav = open(file);
        } catch (IOException e) {
            assertThat(e.getMessage())
                    .as(what)
                    .startsWith(folder.resolve("t.wav").toString())
                    .endsWith(MEND);
            return;
        }
        assertThat(wav.pcm().remaining()).as(what).isEqualTo((int) wav.frames() * 2);
        assertThat(wav.sides()[1].remaining()).as(what).isEqualTo((int) wav.frames() * 2);
        assertThat(wav.frames() * wav.channels() * 2).as(what).isLessThan(file.length);
    }

    @Test
    void anEmptyRecordingIsReadAsNothing() throws IOException {
        WavFile wav = open(riff(join(chunk("fmt ", fmt(1, 1, 8_000, 16)), chunk("data", new byte[0]))));
        assertThat(wav.duration()).isEqualTo(Duration.ZERO);
        assertThat(wav.source().read(ByteBuffer.allocate(10))).isEqualTo(-1);
    }

    @Test
    void whatIsNotPcm16OfAKnownRateIsRefusedInOneSentence() throws IOException {
        byte[] data = chunk("data", new byte[4]);
        assertRefused("not audio at all".getBytes(StandardCharsets.US_ASCII), " is not a WAV file");
        assertRefused(new byte[0], " is not a WAV file");
        byte[] bigEndian = riff(data);
        bigEndian[3] = 'X';
        assertRefused(bigEndian, " is a big-endian WAV file (RIFX)");
        assertRefused(riff(data), " has no format chunk");
        assertRefused(riff(chunk("fmt ", fmt(1, 1, 24_000, 16))), " has no audio in it");
        assertRefused(riff(join(chunk("fmt ", new byte[8]), data)), " has a format chunk that is cut off");
        assertRefused(riff(join(chunk("fmt ", fmt(7, 1, 8_000, 8)), data)), " holds µ-law, not PCM16");
        assertRefused(riff(join(chunk("fmt ", fmt(9, 1, 8_000, 8)), data)), " holds encoding 9, not PCM16");
        assertRefused(riff(join(chunk("fmt ", fmt(1, 1, 24_000, 24)), data)), " holds PCM of 24 bits, not 16");
        assertRefused(riff(join(chunk("fmt ", fmt(1, 6, 24_000, 16)), data)), " has 6 channels, not one or two");
        assertRefused(riff(join(chunk("fmt ", fmt(1, 0, 24_000, 16)), data)), " has 0 channels, not one or two");
        assertRefused(
                riff(join(chunk("fmt ", Arrays.copyOf(extensible(1), 24)), data)), " holds encoding 65534, not PCM16");
        assertRefused(
                riff(join(chunk("fmt ", fmt(1, 1, -1, 16)), data)),
                " has a rate of 4294967295 Hz, not 8, 16, 22.05, 24, 44.1 or 48 kHz");
        assertRefused(
                riff(join(chunk("fmt ", fmt(1, 1, 11_025, 16)), data)),
                " has a rate of 11025 Hz, not 8, 16, 22.05, 24, 44.1 or 48 kHz");
    }

    @Test
    void aMissingFileAndAFolderAreNamed() {
        assertThatThrownBy(() -> WavFile.open(folder.resolve("none.wav")))
                .hasMessage(folder.resolve("none.wav") + " does not exist: check the name");
        assertThatThrownBy(() -> WavFile.open(folder)).hasMessage(folder + " is a folder: name a WAV file");
    }

    @Test
    void whatIsWrittenPieceByPieceIsAWholeFileAfterEachPiece() throws IOException {
        Path path = folder.resolve("p.wav");
        try (WavWriter writer = WavWriter.stereo(path, new PcmFormat(24_000))) {
            byte[] all = Pcm.bytes(Pcm.ramp(1, 8));
            writer.write(ByteBuffer.wrap(all, 0, 5));
            assertThat(Pcm.samples(WavFile.open(path).sides()[1])).containsExactly(2);
            writer.write(ByteBuffer.wrap(all, 5, 1));
            writer.write(ByteBuffer.wrap(all, 6, 0));
            writer.write(ByteBuffer.wrap(all, 6, 10));
            assertThat(Pcm.samples(WavFile.open(path).sides()[0])).containsExactly(1, 3, 5, 7);
            assertThat(Pcm.samples(WavFile.open(path).sides()[1])).containsExactly(2, 4, 6, 8);
        }
        assertThat(Files.size(path)).isEqualTo(44 + 16);
    }

    private WavFile open(byte[] file) throws IOException {
        Path path = folder.resolve("t.wav");
        Files.write(path, file);
        return WavFile.open(path);
    }

    private void assertRefused(byte[] file, String why) {
        assertThatThrownBy(() -> open(file))
                .isInstanceOf(IOException.class)
                .hasMessage(folder.resolve("t.wav") + why + MEND);
    }

    private static ByteBuffer samples(int... values) {
        ByteBuffer pcm = ByteBuffer.allocate(values.length * 2).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            pcm.putShort((short) value);
        }
        return pcm.flip();
    }

    private static byte[] fmt(int encoding, int channels, int rate, int bits) {
        return ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) encoding)
                .putShort((short) channels)
                .putInt(rate)
                .putInt(rate * channels * bits / 8)
                .putShort((short) (channels * bits / 8))
                .putShort((short) bits)
                .array();
    }

    private static byte[] longs(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return bytes.array();
    }

    private static byte[] extensible(int encoding) {
        ByteBuffer tail = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        tail.putShort((short) 22).putShort((short) 16).putInt(4).putShort((short) encoding);
        tail.put(new byte[] {0, 0, 0, 0, 0x10, 0, (byte) 0x80, 0, 0, (byte) 0xAA, 0, 0x38, (byte) 0x9B, 0x71});
        return join(fmt(0xFFFE, 1, 48_000, 16), tail.array());
    }

    private static byte[] chunk(String name, byte[] body) {
        return ByteBuffer.allocate(8 + body.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(name.getBytes(StandardCharsets.US_ASCII))
                .putInt(body.length)
                .put(body)
                .array();
    }

    private static byte[] riff(byte[] chunks) {
        return join(chunk("RIFF", join("WAVE".getBytes(StandardCharsets.US_ASCII), chunks)));
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
