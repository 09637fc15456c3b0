package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.core.event.ServerEvent;
import dev.parley.core.provider.Swaram;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No provider can fill the heap with one message, however it sends it. */
@Timeout(60)
class MessageLimitTest {
    private static final int LIMIT = 16 * 1024 * 1024;
    private static final ReconnectPolicy AT_ONCE = ReconnectPolicy.exponential().delays(Duration.ZERO, Duration.ZERO);
    private static final int TEXT = 0x81;
    private static final int TEXT_BEGINS = 0x01;
    private static final int GOES_ON = 0x00;
    private static final int ENDS = 0x80;

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void aMessageOfTwoGigabytesIsRefusedBeforeItIsCollected(String scheme) throws Exception {
        try (RawProvider provider = new RawProvider(scheme, "", wire -> {
            wire.header(TEXT, 2L * 1024 * 1024 * 1024);
            wire.payload(2L * 1024 * 1024 * 1024);
        })) {
            VoiceSession session =
                    provider.agent().reconnect(ReconnectPolicy.never()).build().connect();
            assertThat(session.awaitClosed(Duration.ofSeconds(30))).isTrue();
            assertThat(session.closeReason().error())
                    .isExactlyInstanceOf(SessionException.class)
                    .hasMessage(
                            "swaram at %s sent a message of 2147483648 bytes or more, over the limit of 16777216. Check that"
                                    + " the address is a realtime endpoint; no event is that long",
                            provider.endpoint());
            // What fits into the system's own buffers, and not the message.
            await().until(provider::isDone);
            assertThat(provider.payloadBytes.get()).isLessThan(LIMIT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void aMessageOfEndlessFramesIsRefusedAtTheLimit(String scheme) throws Exception {
        try (RawProvider provider = new RawProvider(scheme, "", wire -> {
            wire.header(TEXT_BEGINS, 1_000_000);
            wire.payload(1_000_000);
            while (true) {
                wire.header(GOES_ON, 1_000_000);
                wire.payload(1_000_000);
            }
        })) {
            VoiceSession session =
                    provider.agent().reconnect(ReconnectPolicy.never()).build().connect();
            assertThat(session.awaitClosed(Duration.ofSeconds(30))).isTrue();
            assertThat(session.closeReason().error())
                    .hasMessageContaining("sent a message of 17000000 bytes or more, over the limit of 16777216");
        }
    }

    @Test
    void theSessionLivesOnWithAnotherConnectionAndIsToldWhy() throws Exception {
        Recorded recorded = new Recorded();
        try (RawProvider provider = new RawProvider("ws", "", RawProvider::tooLong, wire -> {})) {
            VoiceAgent agent = provider.agent()
                    .listener(recorded)
                    .reconnect(AT_ONCE.attempts(1))
                    .build();
            try (VoiceSession session = agent.connect()) {
                await().until(() -> session.counters().reconnects() == 1);
                await().until(() -> recorded.told.contains("state RECONNECTING"));
                assertThat(session.state()).isEqualTo(SessionState.READY);
                assertThat(session.counters().malformedMessages()).isEqualTo(1);
                assertThat(recorded.causes)
                        .containsExactly("swaram at " + provider.endpoint()
                                + " sent a message of 16777217 bytes or more, over the limit of 16777216. Check that the"
                                + " address is a realtime endpoint; no event is that long");
            }
        }
    }

    @Test
    void aServerThatSaysNothingElseEndsTheSessionWhenTheAttemptsRunOut() throws Exception {
        try (RawProvider provider = new RawProvider(
                "ws", "", RawProvider::tooLong, RawProvider::tooLong, RawProvider::tooLong, RawProvider::tooLong)) {
            VoiceSession session =
                    provider.agent().reconnect(AT_ONCE.attempts(2)).build().connect();
            assertThat(session.awaitClosed(Duration.ofSeconds(30))).isTrue();
            assertThat(session.counters().malformedMessages()).isEqualTo(3);
            assertThat(session.counters().reconnects()).isEqualTo(2);
            assertThat(session.closeReason().message())
                    .contains("sent a message of 16777217 bytes or more, over the limit of 16777216");
        }
    }

    @Test
    void messagesUpToTheLimitAreRead() throws Exception {
        List<Integer> lengths = new CopyOnWriteArrayList<>();
        byte[] head = "{\"type\":\"x\",\"y\":\"".getBytes(StandardCharsets.US_ASCII);
        byte[] tail = "\"}".getBytes(StandardCharsets.US_ASCII);
        int filling = LIMIT - head.length - tail.length;
        try (RawProvider provider = new RawProvider("ws", "", wire -> {
            wire.header(TEXT, LIMIT);
            wire.bytes(head);
            wire.payload(filling);
            wire.bytes(tail);
            wire.header(TEXT_BEGINS, head.length);
            wire.bytes(head);
            wire.header(GOES_ON, filling);
            wire.payload(filling);
            wire.header(ENDS, tail.length);
            wire.bytes(tail);
        })) {
            VoiceSession session = provider.agent()
                    .listener(new SessionListener() {
                        @Override
                        public void onEvent(VoiceSession self, ServerEvent event) {
                            if (event instanceof ServerEvent.Unrecognized unrecognized) {
                                lengths.add(unrecognized.json().length());
                            }
                        }
                    })
                    .build()
                    .connect();
            await().atMost(Duration.ofSeconds(30)).until(() -> lengths.size() == 2);
            assertThat(lengths).containsExactly(LIMIT, LIMIT);
            assertThat(session.state()).isEqualTo(SessionState.READY);
        }
    }

    /** A compressed message tells nothing of its size: a server that compresses without being asked to is refused. */
    @Test
    void compressionIsNotOfferedAndNotAccepted() throws Exception {
        try (RawProvider provider = new RawProvider("ws", "", wire -> {})) {
            try (VoiceSession session = provider.agent().build().connect()) {
                assertThat(provider.handshake)
                        .anyMatch(line -> line.startsWith("sec-websocket-key:"))
                        .noneMatch(line -> line.startsWith("sec-websocket-extensions"));
            }
        }
        try (RawProvider provider =
                new RawProvider("ws", "Sec-WebSocket-Extensions: permessage-deflate\r\n", wire -> {})) {
            VoiceAgent agent = provider.agent().build();
            assertThatThrownBy(agent::connect)
                    .isInstanceOf(ConnectionLostException.class)
                    .hasMessageContaining("the server turned on a WebSocket extension that was not offered to it");
        }
    }

    /** A server that streams what it says, to one connection after the other: nothing of it is held in memory on its side. */
    private static final class RawProvider implements AutoCloseable {
        final List<String> handshake = new CopyOnWriteArrayList<>();
        final AtomicLong payloadBytes = new AtomicLong();

        private final String scheme;
        private final HandshakeCertificates trust;
        private final ServerSocket listening;
        private final Thread thread;

        interface Says {
            void to(Wire wire) throws IOException;
        }

        RawProvider(String scheme, String extraHeader, Says... says) throws IOException {
            this.scheme = scheme;
            HeldCertificate certificate = new HeldCertificate.Builder()
                    .addSubjectAlternativeName("localhost")
                    .build();
            this.trust = new HandshakeCertificates.Builder()
                    .addTrustedCertificate(certificate.certificate())
                    .build();
            this.listening = scheme.equals("wss")
                    ? new HandshakeCertificates.Builder()
                            .heldCertificate(certificate)
                            .build()
                            .sslContext()
                            .getServerSocketFactory()
                            .createServerSocket(0)
                    : new ServerSocket(0);
            this.thread = new Thread(
                    () -> {
                        for (Says each : says) {
                            serve(extraHeader, each);
                        }
                    },
                    "raw-provider");
            thread.start();
        }

        /** One byte more than may be. */
        static void tooLong(Wire wire) throws IOException {
            wire.header(TEXT, LIMIT + 1L);
            wire.payload(LIMIT + 1L);
        }

        String endpoint() {
            return scheme + "://localhost:" + listening.getLocalPort() + "/v1/realtime";
        }

        VoiceAgent.Builder agent() {
            return VoiceAgent.builder()
                    .provider(Swaram.simple("swaram_test").endpoint(URI.create(endpoint())))
                    .httpClient(new OkHttpClient.Builder()
                            .sslSocketFactory(trust.sslSocketFactory(), trust.trustManager())
                            .build());
        }

        boolean isDone() {
            return !thread.isAlive();
        }

        private void serve(String extraHeader, Says says) {
            try (Socket socket = listening.accept()) {
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                String key = "";
                for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
                    handshake.add(line.toLowerCase(Locale.ROOT));
                    if (line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:")) {
                        key = line.substring(line.indexOf(':') + 1).trim();
                    }
                }
                Wire wire = new Wire(new DataOutputStream(socket.getOutputStream()));
                wire.bytes(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + extraHeader + "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                wire.text("{\"type\":\"session.created\"}");
                wire.text("{\"type\":\"session.updated\"}");
                says.to(wire);
                // Until the client has gone.
                while (in.read() >= 0) {}
            } catch (IOException e) {
                // The client broke off: what these tests wait for.
            }
        }

        private static String accept(String key) {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-1")
                        .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
                return Base64.getEncoder().encodeToString(digest);
            } catch (java.security.NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }

        /** Frames as a server writes them, unmasked. */
        private final class Wire {
            private final DataOutputStream out;

            Wire(DataOutputStream out) {
                this.out = out;
            }

            void text(String message) throws IOException {
                byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
                header(TEXT, bytes.length);
                bytes(bytes);
            }

            void header(int first, long length) throws IOException {
                out.writeByte(first);
                if (length < 126) {
                    out.writeByte((int) length);
                } else {
                    out.writeByte(127);
                    out.writeLong(length);
                }
            }

            /** As many letters. */
            void payload(long length) throws IOException {
                byte[] letters = "a".repeat(65_536).getBytes(StandardCharsets.US_ASCII);
                for (long left = length; left > 0; left -= letters.length) {
                    int now = (int) Math.min(left, letters.length);
                    out.write(letters, 0, now);
                    payloadBytes.addAndGet(now);
                }
            }

            void bytes(byte[] bytes) throws IOException {
                out.write(bytes);
                out.flush();
            }
        }
    }
}
