package dev.parley.loopback;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/**
 * Sockets of a client that note when bytes came in and when the next ones went out: what the client takes between the two,
 * without the ways through the kernel. For one socket at a time.
 */
final class StampedSockets extends SocketFactory {
    /** System.nanoTime() of the first read and of the first write since {@link #forget}; 0 for none yet. */
    private volatile long read;

    private volatile long written;

    void forget() {
        read = 0;
        written = 0;
    }

    /** From the first bytes in to the first bytes out, in nanoseconds. */
    long between() {
        return written - read;
    }

    private final class Stamped extends Socket {
        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    int count = in.read(bytes, offset, length);
                    if (read == 0) {
                        read = System.nanoTime();
                    }
                    return count;
                }
            };
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream()) {
                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    if (written == 0) {
                        written = System.nanoTime();
                    }
                    out.write(bytes, offset, length);
                }
            };
        }
    }

    /** Nagle's algorithm is off, as it is on Parley's own sockets. */
    @Override
    public Socket createSocket() throws IOException {
        Socket socket = new Stamped();
        socket.setTcpNoDelay(true);
        return socket;
    }

    // OkHttp connects its sockets by itself, and asks for no connected one.

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
        throw new UnsupportedOperationException();
    }
}
