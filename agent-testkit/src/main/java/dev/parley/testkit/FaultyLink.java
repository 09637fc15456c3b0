package dev.parley.testkit;

import dev.parley.testkit.internal.Relay;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * A bad network between a client and a server, on loopback: a TCP proxy that is slow, late, stalled or deaf when a test says
 * so, or breaks off. It passes bytes on as they are, so any WebSocket or HTTP server may stand behind it.
 *
 * <pre>{@code
 * try (RehearsalServer server = RehearsalServer.start(script);
 *         FaultyLink link = FaultyLink.to(server.url())) {
 *     VoiceAgent agent = VoiceAgent.builder().provider(server.provider().endpoint(link.endpoint())).build();
 *     try (VoiceSession session = agent.connect()) {
 *         link.connection(0).apply(LinkFault.reset());
 *         session.awaitClosed(Duration.ofSeconds(10));
 *     }
 * }
 * }</pre>
 *
 * <p>Thread-safe. Delays are in real time. Holds two threads a connection and 8 KiB each way; what does not get through
 * fills the sockets' own buffers, and then the sender waits.
 */
public final class FaultyLink implements AutoCloseable {
    private static final Duration CONNECTION_WAIT = Duration.ofSeconds(10);

    private final Relay relay;

    private FaultyLink(Relay relay) {
        this.relay = relay;
    }

    /**
     * A link to this server, on a free port of loopback, without a fault so far.
     *
     * @param server for example {@code ws://127.0.0.1:8080/v1/realtime}; over {@code wss://} the client must trust the
     *     server's certificate for 127.0.0.1
     * @throws IllegalArgumentException for an address without a host
     * @throws IllegalStateException if no port can be had
     */
    public static FaultyLink to(URI server) {
        try {
            return new FaultyLink(Relay.start(server));
        } catch (IOException e) {
            throw new IllegalStateException("cannot listen on a port of 127.0.0.1", e);
        }
    }

    /** The server's address with this link in front: the same scheme, path and query at 127.0.0.1. */
    public URI endpoint() {
        return relay.endpoint();
    }

    /** Puts a fault on every connection, those that are open and those to come, in place of the one before. */
    public void apply(LinkFault fault) {
        relay.apply(fault);
    }

    /** Puts a fault on the next connection alone, from its first byte; several wait for their connections in turn. */
    public void applyToNext(LinkFault fault) {
        relay.applyToNext(fault);
    }

    /** Takes the faults off every connection, those that are open and those to come. */
    public void heal() {
        relay.heal();
    }

    /** The connections so far, in the order of coming; of those that are over, the latest 1,000. */
    public List<LinkConnection> connections() {
        return relay.connections();
    }

    /**
     * The connection with this index, from zero.
     *
     * @throws AssertionError if there is none, or if it is over and kept no longer
     */
    public LinkConnection connection(int index) {
        return relay.awaitConnection(index, Duration.ZERO);
    }

    /**
     * Waits for the connection with this index, 10 s at most.
     *
     * @throws AssertionError if it does not come
     */
    public LinkConnection awaitConnection(int index) {
        return relay.awaitConnection(index, CONNECTION_WAIT);
    }

    /** How many bytes the server was given, over all connections. */
    public long bytesToServer() {
        return relay.bytesToServer();
    }

    /** How many bytes clients were given, over all connections. */
    public long bytesToClient() {
        return relay.bytesToClient();
    }

    /** How often a fault was put on a connection. */
    public long faultsApplied() {
        return relay.faultsApplied();
    }

    /** Drops every connection and stops. When it returns no thread and no socket is left. Idempotent. */
    @Override
    public void close() {
        relay.close();
    }

    /** Shows where it listens. */
    @Override
    public String toString() {
        return "FaultyLink[" + endpoint() + "]";
    }
}
