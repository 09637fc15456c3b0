package dev.parley.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.testkit.LinkConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RelayTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @Test
    void ofConnectionsThatAreOverTheLatestAreKeptAndTheBytesOfAll() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, LOOPBACK)) {
            Relay relay = Relay.start(URI.create("tcp://127.0.0.1:" + server.getLocalPort()), 1);
            try {
                for (int i = 0; i < 3; i++) {
                    greet(relay, server);
                }

                await().atMost(Duration.ofSeconds(10))
                        .until(() -> relay.connections().size() == 1);
                // The latest to be over, which may be an earlier one: each has a thread of its own that tells of its
                // end.
                LinkConnection kept = relay.connections().get(0);
                int forgotten = kept.index() == 0 ? 1 : 0;
                assertThat(relay.bytesToServer()).isEqualTo(3);
                assertThat(relay.bytesToClient()).isEqualTo(6);
                assertThatThrownBy(() -> relay.awaitConnection(forgotten, Duration.ZERO))
                        .isInstanceOf(AssertionError.class)
                        .hasMessage("connection " + forgotten
                                + " through the link is over, and the link keeps the latest 1 that are");
            } finally {
                relay.close();
            }
        }
    }

    /** A byte there, two back, and both hang up. */
    private static void greet(Relay relay, ServerSocket server) throws IOException {
        try (Socket client = new Socket(LOOPBACK, relay.endpoint().getPort());
                Socket served = server.accept()) {
            client.getOutputStream().write(1);
            assertThat(served.getInputStream().read()).isEqualTo(1);
            served.getOutputStream().write(new byte[] {2, 3});
            assertThat(client.getInputStream().readNBytes(2)).containsExactly(2, 3);
        }
    }
}
