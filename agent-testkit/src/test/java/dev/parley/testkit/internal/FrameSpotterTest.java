package dev.parley.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import okio.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameSpotterTest {
    private static final int TEXT = 0x81;
    private static final int PING = 0x89;

    private static byte[] stream(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** RFC 6455, section 5.2. */
    private static byte[] frame(int first, int payload, boolean masked) {
        int mask = masked ? 0x80 : 0;
        Buffer frame = new Buffer().writeByte(first);
        if (payload < 126) {
            frame.writeByte(mask | payload);
        } else if (payload < 65_536) {
            frame.writeByte(mask | 126).writeShort(payload);
        } else {
            frame.writeByte(mask | 127).writeLong(payload);
        }
        if (masked) {
            frame.writeInt(0x0D0A0D0A);
        }
        return frame.write(new byte[payload]).readByteArray();
    }

    /** After how many bytes of the stream, handshake left out, the spotter saw the middle of a frame. */
    private static List<Integer> middles(byte[]... frames) {
        FrameSpotter spotter = new FrameSpotter();
        byte[] all = stream(frames);
        int head = stream().length;
        List<Integer> middles = new ArrayList<>();
        for (int i = 0; i < all.length; i++) {
            spotter.pass(all[i]);
            if (spotter.inTheMiddle()) {
                middles.add(i + 1 - head);
            }
        }
        return middles;
    }

    @ParameterizedTest
    @CsvSource({
        "1, false, 2",
        "1, true, 6",
        "100, false, 52",
        "125, true, 68",
        "126, false, 67",
        "126, true, 71",
        "65535, false, 32771",
        "65536, false, 32778",
        "65536, true, 32782"
    })
    void halfOfThePayloadIsTheMiddle(int payload, boolean masked, int middle) {
        assertThat(middles(frame(TEXT, payload, masked))).containsExactly(middle);
    }

    @Test
    void framesFollowOneAnotherAndThoseWithoutPayloadHaveNoMiddle() {
        assertThat(middles(frame(TEXT, 10, false), frame(PING, 0, false), frame(PING, 0, true), frame(TEXT, 300, true)))
                .containsExactly(7, 12 + 2 + 6 + 8 + 150);
    }
}
