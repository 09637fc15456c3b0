package dev.parley.testkit.internal;

import dev.parley.testkit.LinkConnection;
import dev.parley.testkit.LinkFault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The listening side of a faulty link: takes connections and ties each to one of its own to the server. Guarded by its monitor. */
public final class Relay {
    private static final int CONNECT_MILLIS = 5_000;

    /** Of those that are over. */
    private static final int CONNECTIONS_KEPT = 1_000;

    /** Small, so that what a fault holds back is soon felt by whoever sends. */
    private static final int SOCKET_BUFFER = 64 * 1024;

    private final URI server;
    private final ServerSocket listening;
    private final Thread accepting;
    private final int connectionsKept;
    private final Numbered<RelayedConnection> connections;
    private long forgottenToServer;
    private long forgottenToClient;
    private final Deque<LinkFault> forNext = new ArrayDeque<>();
    private @Nullable LinkFault forAll;
    private final AtomicLong faultsApplied = new AtomicLong();
    private boolean closed;

    private Relay(URI server, ServerSocket listening, int connectionsKept) {
        this.server = server;
        this.connectionsKept = connectionsKept;
        this.connections = new Numbered<>(connectionsKept, Long.MAX_VALUE, this::forget);
        this.listening = listening;
        this.accepting = new Thread(this::accept, "parley-link-" + listening.getLocalPort());
        this.accepting.setDaemon(true);
    }

    public static Relay start(URI server) throws IOException {
        return start(server, CONNECTIONS_KEPT);
    }

    /** @param connectionsKept of those that are over */
    static Relay start(URI server, int connectionsKept) throws IOException {
        if (server.getHost() == null) {
            throw new IllegalArgumentException(
                    "a link leads to a host, as in ws://127.0.0.1:8080/path, not to " + server);
        }
        ServerSocket listening = new ServerSocket();
        listening.setReceiveBufferSize(SOCKET_BUFFER);
        listening.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
        Relay relay = new Relay(server, listening, connectionsKept);
        relay.accepting.start();
        return relay;
    }

    private void accept() {
        while (true) {
            Socket client;
            try {
                client = listening.accept();
            } catch (IOException e) {
                // closed, or out of descriptors: either way nobody comes any more
                return;
            }
            try {
                tie(client);
            } catch (IOException e) {
                // a server that is not there looks to the client as it would without the link, a moment later
                RelayedConnection.reset(client);
            }
        }
    }

    private void tie(Socket client) throws IOException {
        Socket upstream = new Socket();
        try {
            upstream.setReceiveBufferSize(SOCKET_BUFFER);
            upstream.connect(new InetSocketAddress(server.getHost(), port()), CONNECT_MILLIS);
            for (Socket socket : List.of(client, upstream)) {
                socket.setTcpNoDelay(true);
                socket.setSendBufferSize(SOCKET_BUFFER);
            }
        } catch (IOException e) {
            upstream.close();
            throw e;
        }
        synchronized (this) {
            RelayedConnection connection = new RelayedConnection(
                    connections.count(), client, upstream, faultsApplied::incrementAndGet, this::over);
            connections.add(connection);
            notifyAll();
            LinkFault fault = forNext.isEmpty() ? forAll : forNext.remove();
            if (fault != null) {
                connection.apply(fault);
            }
            if (closed) {
                connection.drop();
            } else {
                connection.start();
            }
        }
    }

    private synchronized void over(int index) {
        connections.over(index, 0);
    }

    private void forget(RelayedConnection connection) {
        forgottenToServer += connection.bytesToServer();
        forgottenToClient += connection.bytesToClient();
    }

    private int port() {
        if (server.getPort() >= 0) {
            return server.getPort();
        }
        return "wss".equals(server.getScheme()) || "https".equals(server.getScheme()) ? 443 : 80;
    }

    public URI endpoint() {
        String query = server.getRawQuery() == null ? "" : "?" + server.getRawQuery();
        return URI.create(
                server.getScheme() + "://127.0.0.1:" + listening.getLocalPort() + server.getRawPath() + query);
    }

    public synchronized void apply(LinkFault fault) {
        forAll = fault;
        connections.all().forEach(each -> each.apply(fault));
    }

    public synchronized void applyToNext(LinkFault fault) {
        forNext.add(fault);
    }

    public synchronized void heal() {
        forAll = null;
        forNext.clear();
        connections.all().forEach(RelayedConnection::heal);
    }

    public synchronized List<LinkConnection> connections() {
        return List.copyOf(connections.all());
    }

    public synchronized LinkConnection awaitConnection(int index, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            while (connections.count() <= index) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new AssertionError("there is no connection " + index + " through the link; so far there were "
                            + connections.count());
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a connection", e);
        }
        LinkConnection connection = connections.get(index);
        if (connection == null) {
            throw new AssertionError("connection " + index + " through the link is over, and the link keeps the latest "
                    + connectionsKept + " that are");
        }
        return connection;
    }

    /** Over all connections. */
    public synchronized long bytesToServer() {
        return forgottenToServer
                + connections.all().stream()
                        .mapToLong(LinkConnection::bytesToServer)
                        .sum();
    }

    /** Over all connections. */
    public synchronized long bytesToClient() {
        return forgottenToClient
                + connections.all().stream()
                        .mapToLong(LinkConnection::bytesToClient)
                        .sum();
    }

    public long faultsApplied() {
        return faultsApplied.get();
    }

    public void close() {
        List<RelayedConnection> open;
        synchronized (this) {
            closed = true;
            open = connections.all();
        }
        try {
            listening.close();
        } catch (IOException e) {
            throw new IllegalStateException("the link's port could not be closed", e);
        }
        open.forEach(RelayedConnection::drop);
        // nothing that they wait for is left
        RelayedConnection.join(accepting);
        open.forEach(RelayedConnection::join);
    }
}
