package dev.parley.testkit;

import static dev.parley.testkit.LinkFault.Direction.TO_CLIENT;
import static dev.parley.testkit.LinkFault.Direction.TO_SERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both ends are bare sockets here, so that the link has nobody to hide behind. */
@Timeout(60)
class FaultyLinkTest {
    private static final int A_MOMENT = 100;

    private ServerSocket server;
    private FaultyLink link;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0);
        link = FaultyLink.to(URI.create("ws://localhost:" + server.getLocalPort() + "/v1/realtime?model=m"));
    }

    @AfterEach
    void stop() throws IOException {
        link.close();
        server.close();
    }

    /** A client, and the server's end of its connection. */
    private record Ends(Socket client, Socket server) implements AutoCloseable {
        Socket sender(LinkFault.Direction direction) {
            return direction == TO_SERVER ? client : server;
        }

        Socket receiver(LinkFault.Direction direction) {
            return direction == TO_SERVER ? server : client;
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }

    private Socket client() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), link.endpoint().getPort());
    }

    private Ends connect() throws IOException {
        int index = link.connections().size();
        Ends ends = new Ends(client(), server.accept());
        // the link knows of it a moment after the server
        link.awaitConnection(index);
        return ends;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String read(Socket socket, int bytes) throws IOException {
        return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.US_ASCII);
    }

    private static void assertNothingComes(Socket socket) throws IOException {
        socket.setSoTimeout(A_MOMENT);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout(0);
    }

    private static byte[] noise(int bytes) {
        byte[] noise = new byte[bytes];
        new Random(7).nextBytes(noise);
        return noise;
    }

    private static byte[] carried(Ends ends, LinkFault.Direction direction, byte[] bytes) throws IOException {
        var sending = CompletableFuture.runAsync(() -> {
            try {
                ends.sender(direction).getOutputStream().write(bytes);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        byte[] arrived = ends.receiver(direction).getInputStream().readNBytes(bytes.length);
        sending.join();
        return arrived;
    }

    @Test
    void standsWhereTheServerWouldStand() {
        assertThat(link.endpoint().toString())
                .isEqualTo("ws://127.0.0.1:" + link.endpoint().getPort() + "/v1/realtime?model=m");
        assertThat(link).hasToString("FaultyLink[" + link.endpoint() + "]");
        assertThatThrownBy(() -> FaultyLink.to(URI.create("/v1")))
                .hasMessage("a link leads to a host, as in ws://127.0.0.1:8080/path, not to /v1");
    }

    @ParameterizedTest
    @EnumSource
    void withoutAFaultAllBytesPassAndAreCounted(LinkFault.Direction direction) throws IOException {
        byte[] noise = noise(1_000_000);
        try (Ends ends = connect()) {
            assertThat(carried(ends, direction, noise)).isEqualTo(noise);
            await().until(() -> link.bytesToServer() + link.bytesToClient() == 1_000_000);
            assertThat(direction == TO_SERVER ? link.bytesToServer() : link.bytesToClient())
                    .isEqualTo(1_000_000);
        }
        assertThat(link.connections()).hasSize(1);
        assertThat(link.faultsApplied()).isZero();
    }

    @Test
    void anEndOnOneSideIsAnEndOnTheOther() throws IOException {
        try (Ends ends = connect()) {
            ends.client().shutdownOutput();
            assertThat(ends.server().getInputStream().read()).isEqualTo(-1);
            send(ends.server(), "bye");
            ends.server().close();
            assertThat(read(ends.client(), 4)).isEqualTo("bye");
            await().until(() -> link.connection(0).closed());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSlowLinkTakesItsTime(LinkFault.Direction direction) throws IOException {
        link.apply(LinkFault.slow(10_000));
        byte[] noise = noise(4_000);
        try (Ends ends = connect()) {
            long before = System.nanoTime();
            assertThat(carried(ends, direction, noise)).isEqualTo(noise);
            // the last of eight pieces is not waited for by who reads it
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(350));
        }
    }

    @Test
    void aHealedLinkIsFastAtOnce() throws IOException {
        link.apply(LinkFault.slow(1));
        try (Ends ends = connect()) {
            send(ends.client(), "an hour's worth".repeat(240));
            assertThat(read(ends.server(), 1)).isEqualTo("a");
            link.heal();
            assertThat(read(ends.server(), 3_599)).endsWith("an hour's worth");
        }
    }

    @Test
    void aJitteryLinkIsLateInOrder() throws IOException {
        link.apply(new LinkFault.Jittery(Duration.ofMillis(300), 4));
        Duration first = Duration.ofNanos((long) (new Random(4).nextDouble() * 300_000_000));
        byte[] noise = noise(100);
        try (Ends ends = connect()) {
            long before = System.nanoTime();
            assertThat(carried(ends, TO_SERVER, noise)).isEqualTo(noise);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(first);
            for (byte each : noise) {
                ends.client().getOutputStream().write(each);
            }
            link.heal();
            assertThat(ends.server().getInputStream().readNBytes(100)).isEqualTo(noise);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStalledLinkHoldsBackAndThenGoesOn(LinkFault.Direction direction) throws IOException {
        try (Ends ends = connect()) {
            send(ends.sender(direction), "before ");
            assertThat(read(ends.receiver(direction), 7)).isEqualTo("before ");
            link.connection(0).apply(LinkFault.stalled());
            send(ends.sender(direction), "and after");
            ends.sender(direction).shutdownOutput();
            assertNothingComes(ends.receiver(direction));
            link.connection(0).heal();
            assertThat(read(ends.receiver(direction), 99)).isEqualTo("and after");
        }
    }

    @Test
    void whoeverSendsIntoAStalledLinkMustWait() throws IOException {
        link.apply(LinkFault.stalled());
        try (SocketChannel client = SocketChannel.open(new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), link.endpoint().getPort()));
                Socket peer = server.accept()) {
            client.configureBlocking(false);
            ByteBuffer noise = ByteBuffer.wrap(noise(64 * 1024 * 1024));
            // what the operating system buffers at either end is all that gets away
            await().pollInterval(Duration.ofMillis(A_MOMENT)).until(() -> client.write(noise) == 0);
            assertThat(noise.position()).isLessThan(16 * 1024 * 1024);
            assertThat(link.bytesToServer()).isZero();

            link.heal();
            assertThat(peer.getInputStream().readNBytes(noise.position()))
                    .isEqualTo(ByteBuffer.allocate(noise.position())
                            .put(noise.duplicate().flip())
                            .array());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHalfOpenLinkForgetsOneWayAndTellsNobody(LinkFault.Direction lost) throws IOException {
        LinkFault.Direction kept = lost == TO_SERVER ? TO_CLIENT : TO_SERVER;
        try (Ends ends = connect()) {
            link.apply(LinkFault.halfOpen(lost));
            send(ends.sender(kept), "kept");
            assertThat(read(ends.receiver(kept), 4)).isEqualTo("kept");
            send(ends.sender(lost), "lost");
            ends.sender(lost).shutdownOutput();
            assertNothingComes(ends.receiver(lost));
            assertThat(lost == TO_SERVER ? link.bytesToServer() : link.bytesToClient())
                    .isZero();
            link.heal();
            assertThat(ends.receiver(lost).getInputStream().read()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLinkIsCutAfterSoManyBytes(LinkFault.Direction direction) throws IOException {
        try (Ends ends = connect()) {
            send(ends.sender(direction), "12345");
            assertThat(read(ends.receiver(direction), 5)).isEqualTo("12345");
            link.connection(0).apply(LinkFault.cutAfter(direction, 7));
            send(ends.sender(direction), "678");
            send(ends.sender(direction), "90abcdef");
            assertThat(read(ends.receiver(direction), 99)).isEqualTo("67890ab");
            assertThat(ends.sender(direction).getInputStream().read()).isEqualTo(-1);
        }
        await().until(() -> link.connection(0).closed());
    }

    @Test
    void aLinkIsCutInTheMiddleOfAFrame() throws IOException {
        String head = "HTTP/1.1 101 Switching Protocols\r\n\r\n";
        String frame = (char) 1 + "d" + "x".repeat(100); // text, and 100 bytes of it
        try (Ends ends = connect()) {
            send(ends.server(), head + frame + frame.substring(0, 10));
            assertThat(read(ends.client(), head.length() + 112)).endsWith("x");
            link.apply(LinkFault.cutInFrame(TO_CLIENT));
            send(ends.server(), frame.substring(10) + frame);
            // the rest of half a payload of 100
            assertThat(read(ends.client(), 999)).isEqualTo("x".repeat(42));
        }
    }

    @RepeatedTest(200)
    void aResetIsAResetOnBothSides() throws IOException {
        try (Ends ends = connect()) {
            link.apply(LinkFault.reset());
            for (Socket end : new Socket[] {ends.client(), ends.server()}) {
                assertThatThrownBy(() -> end.getInputStream().read())
                        .isInstanceOf(SocketException.class)
                        .hasMessage("Connection reset");
            }
            assertThat(link.connection(0).closed()).isTrue();
            link.apply(LinkFault.stalled());
            assertThat(link.faultsApplied()).isEqualTo(1);
        }
    }

    @Test
    void faultsAreForOneConnectionForTheNextOrForAll() throws IOException {
        link.applyToNext(LinkFault.reset());
        try (Socket first = client()) {
            assertThatThrownBy(() -> first.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        server.accept().close();
        assertThat(link.awaitConnection(0).closed()).isTrue();
        try (Ends second = connect();
                Ends third = connect()) {
            link.connection(1).apply(LinkFault.stalled());
            send(second.client(), "2");
            send(third.client(), "3");
            assertThat(read(third.server(), 1)).isEqualTo("3");
            assertNothingComes(second.server());
            link.apply(LinkFault.stalled());
            try (Ends fourth = connect()) {
                send(third.client(), "3");
                send(fourth.client(), "4");
                assertNothingComes(third.server());
                assertNothingComes(fourth.server());
                assertThat(link.faultsApplied()).isEqualTo(5);
                link.heal();
                assertThat(read(second.server(), 1)).isEqualTo("2");
                assertThat(read(third.server(), 1)).isEqualTo("3");
                assertThat(read(fourth.server(), 1)).isEqualTo("4");
            }
        }
    }

    @Test
    void withoutAServerThereIsNoConnection() throws IOException {
        server.close();
        try (Socket client = client()) {
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        assertThat(link.connections()).isEmpty();
        assertThatThrownBy(() -> link.connection(0))
                .isInstanceOf(AssertionError.class)
                .hasMessage("there is no connection 0 through the link; so far there were 0");
    }

    @Test
    void nothingIsLeftOfAClosedLink() throws IOException {
        String threads = "parley-link-" + link.endpoint().getPort();
        try (Ends stalled = connect();
                Ends slow = connect();
                Ends open = connect()) {
            link.connection(0).apply(LinkFault.stalled());
            link.connection(1).apply(LinkFault.slow(1));
            send(stalled.client(), "waits");
            send(slow.client(), "waits too");
            assertThat(read(slow.server(), 1)).isEqualTo("w");
            await().until(() -> threadsOf(threads) == 7);

            link.close();

            assertThat(threadsOf(threads)).isZero();
            assertThat(open.client().getInputStream().read()).isEqualTo(-1);
            assertThat(link.connections()).allMatch(LinkConnection::closed);
            assertThatThrownBy(this::client).isInstanceOf(ConnectException.class);
        }
    }

    private static long threadsOf(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(name))
                .count();
    }

    @Test
    void faultsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> LinkFault.slow(0))
                .hasMessage("a slow link lets 1 byte a second through at least, not 0: use stalled()");
        assertThatThrownBy(() -> LinkFault.jittery(Duration.ZERO))
                .hasMessage("jitter is longer than nothing, not PT0S");
        assertThatThrownBy(() -> LinkFault.cutAfter(TO_SERVER, 0))
                .hasMessage("a link is cut after 1 byte at least, not 0: use reset()");
    }
}
