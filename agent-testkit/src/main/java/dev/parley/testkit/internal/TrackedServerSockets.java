package dev.parley.testkit.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Knows the accepted sockets by the order in which they came, which is how MockWebServer numbers its connections: its
 * WebSocket offers no way to drop the socket without a close frame. Turns off Nagle's algorithm as well, whose waits
 * would blur what a test measures.
 */
final class TrackedServerSockets extends ServerSocketFactory {
    private final Map<Integer, Socket> sockets = new ConcurrentHashMap<>();
    private final AtomicInteger accepted = new AtomicInteger();

    /** Drops one, if it is still there. */
    void drop(int connection) {
        Socket socket = sockets.remove(connection);
        if (socket == null) {
            return;
        }
        try {
            // without lingering the peer sees a reset, as when a machine vanishes
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // it was closed already, which is what was wanted
        }
    }

    @Override
    public ServerSocket createServerSocket() throws IOException {
        return new ServerSocket() {
            @Override
            public Socket accept() throws IOException {
                Socket socket = super.accept();
                socket.setTcpNoDelay(true);
                sockets.values().removeIf(Socket::isClosed);
                sockets.put(accepted.getAndIncrement(), socket);
                return socket;
            }
        };
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
        return createServerSocket(port, 50, null);
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
        return createServerSocket(port, backlog, null);
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, @Nullable InetAddress address) throws IOException {
        ServerSocket server = createServerSocket();
        server.bind(new InetSocketAddress(address, port), backlog);
        return server;
    }
}
