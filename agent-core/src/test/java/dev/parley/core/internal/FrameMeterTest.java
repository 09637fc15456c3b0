package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Random;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameMeterTest {
    private static final int TEXT = 0x81;
    private static final int TEXT_BEGINS = 0x01;
    private static final int BINARY = 0x82;
    private static final int GOES_ON = 0x00;
    private static final int ENDS = 0x80;
    private static final int PING = 0x89;
    private static final int CLOSE = 0x88;
    private static final long LIMIT = 70_000;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100, 8192})
    void passesAllBytesUnchangedHoweverTheyArrive(int chunk) throws Exception {
        Buffer wire = new Buffer();
        frame(wire, TEXT, 0);
        frame(wire, TEXT, 125);
        frame(wire, PING, 125);
        frame(wire, BINARY, 126);
        frame(wire, TEXT, LIMIT);
        frame(wire, TEXT_BEGINS, LIMIT - 10);
        frame(wire, PING, 100);
        frame(wire, GOES_ON, 10);
        frame(wire, ENDS, 0);
        frame(wire, TEXT, LIMIT);
        frame(wire, CLOSE, 2);
        ByteString sent = wire.snapshot();
        assertThat(readAll(new FrameMeter(wire, LIMIT), chunk, new Buffer())).isEqualTo(sent);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8192})
    void breaksOffAtTheHeaderOfAFrameThatIsTooLong(int chunk) throws Exception {
        Buffer wire = new Buffer();
        frame(wire, TEXT, 300);
        ByteString before = wire.snapshot();
        header(wire, TEXT, LIMIT + 1);
        wire.writeUtf8("and on");
        FrameMeter meter = new FrameMeter(wire, LIMIT);
        Buffer read = new Buffer();
        for (int again = 0; again < 2; again++) {
            assertThatThrownBy(() -> readAll(meter, chunk, read))
                    .isInstanceOf(MessageTooLongException.class)
                    .hasMessage("sent a message of 70001 bytes or more, over the limit of 70000");
        }
        // What came before is delivered, and of the frame no more than a part of its header.
        assertThat(read.readByteString(before.size())).isEqualTo(before);
        assertThat(read.size()).isBetween(1L, 9L);
    }

    @Test
    void breaksOffWhereTheFramesOfOneMessageAreTooLongTogether() {
        Buffer wire = new Buffer();
        frame(wire, TEXT_BEGINS, LIMIT - 1);
        frame(wire, GOES_ON, 1);
        frame(wire, PING, 7);
        header(wire, ENDS, 1);
        assertThatThrownBy(() -> readAll(new FrameMeter(wire, LIMIT), 8192, new Buffer()))
                .hasMessage("sent a message of 70001 bytes or more, over the limit of 70000");
    }

    /** A length with its highest bit set is no length (RFC 6455, section 5.2), and two of them must not add up to a small one. */
    @Test
    void breaksOffAtALengthBeyondAllBounds() {
        Buffer wire = new Buffer();
        header(wire, TEXT, -1);
        assertThatThrownBy(() -> readAll(new FrameMeter(wire, LIMIT), 8192, new Buffer()))
                .isInstanceOf(MessageTooLongException.class);
        Buffer two = new Buffer();
        frame(two, TEXT_BEGINS, 10);
        header(two, ENDS, Long.MAX_VALUE);
        assertThatThrownBy(() -> readAll(new FrameMeter(two, LIMIT), 8192, new Buffer()))
                .isInstanceOf(MessageTooLongException.class);
    }

    private static void frame(Buffer wire, int first, long length) {
        header(wire, first, length);
        byte[] payload = new byte[(int) length];
        new Random(length).nextBytes(payload);
        wire.write(payload);
    }

    private static void header(Buffer wire, int first, long length) {
        wire.writeByte(first);
        if (length >= 0 && length < 126) {
            wire.writeByte((int) length);
        } else if (length >= 0 && length < 65_536) {
            wire.writeByte(126).writeShort((int) length);
        } else {
            wire.writeByte(127).writeLong(length);
        }
    }

    private static ByteString readAll(FrameMeter meter, int chunk, Buffer read) throws IOException {
        // What was read before stays in the buffer, as it does in OkHttp's.
        while (meter.read(read, chunk) != -1) {
            assertThat(read.size()).isPositive();
        }
        return read.snapshot();
    }
}
