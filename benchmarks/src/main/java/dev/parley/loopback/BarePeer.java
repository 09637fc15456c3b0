package dev.parley.loopback;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The server's end of one WebSocket (RFC 6455), and no more than that, so that it adds as little as it can to what is
 * measured: blocking, no extensions, messages in one frame each. One thread reads, one writes.
 */
final class BarePeer implements AutoCloseable {
    private static final String KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    private BarePeer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
        this.out = socket.getOutputStream();
    }

    /** Shakes hands with a client that has just connected. */
    static BarePeer shakeHands(Socket socket) throws IOException {
        BarePeer peer = new BarePeer(socket);
        String key = "";
        for (String line = peer.line(); !line.isEmpty(); line = peer.line()) {
            if (line.regionMatches(true, 0, "Sec-WebSocket-Key:", 0, 18)) {
                key = line.substring(18).strip();
            }
        }
        peer.out.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: " + accepted(key) + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        return peer;
    }

    private static String accepted(String key) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            return Base64.getEncoder()
                    .encodeToString(sha1.digest((key + KEY_SUFFIX).getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-1", e);
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the client left in the middle of its handshake");
            }
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(StandardCharsets.US_ASCII);
    }

    /** All of them in one write. */
    void send(String... messages) throws IOException {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (String message : messages) {
            frame(frames, TEXT, message.getBytes(StandardCharsets.UTF_8));
        }
        write(frames.toByteArray());
    }

    private synchronized void write(byte[] frames) throws IOException {
        out.write(frames);
    }

    private static void frame(ByteArrayOutputStream frames, int opcode, byte[] payload) {
        frames.write(0x80 | opcode);
        if (payload.length < 126) {
            frames.write(payload.length);
        } else {
            if (payload.length > 0xffff) {
                throw new IllegalArgumentException(
                        "a message of " + payload.length + " bytes: 65,535 is the most here");
            }
            frames.write(126);
            frames.write(payload.length >> 8);
            frames.write(payload.length);
        }
        frames.writeBytes(payload);
    }

    /**
     * The client's next text message. Answers pings.
     *
     * @throws EOFException when the client closes
     */
    String read() throws IOException {
        while (true) {
            int opcode = in.readUnsignedByte() & 0x0f;
            long length = in.readUnsignedByte() & 0x7f;
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = in.readLong();
            }
            byte[] mask = in.readNBytes(4);
            byte[] payload = in.readNBytes(Math.toIntExact(length));
            for (int i = 0; i < payload.length; i++) {
                payload[i] ^= mask[i & 3];
            }
            if (opcode == TEXT) {
                return new String(payload, StandardCharsets.UTF_8);
            }
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            if (opcode == PING) {
                frame(answer, PONG, payload);
                write(answer.toByteArray());
            } else if (opcode == CLOSE) {
                frame(answer, CLOSE, payload);
                write(answer.toByteArray());
                throw new EOFException("the client closed");
            }
        }
    }

    /** The client's next message that is of this type; others are skipped. */
    String read(String type) throws IOException {
        String quoted = "\"" + type + "\"";
        String message = read();
        while (!message.contains(quoted)) {
            message = read();
        }
        return message;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
