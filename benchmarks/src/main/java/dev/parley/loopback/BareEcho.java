package dev.parley.loopback;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import javax.net.SocketFactory;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;

/**
 * OkHttp's WebSocket client and nothing else: it answers each call with an output from its reader at once, without reading
 * more than is needed to find it. What any client on OkHttp costs at the least.
 */
final class BareEcho extends WebSocketListener implements AutoCloseable {
    private static final String OUTPUT = """
            {"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"call_0",\
            "output":"{\\"ok\\":true,\\"result\\":\\"Dr. Anitha Nair\\"}"}}""";

    private final OkHttpClient client =
            new OkHttpClient.Builder().socketFactory(new NoDelay()).build();

    static BareEcho connect(URI address) {
        BareEcho echo = new BareEcho();
        String http = address.toString().replaceFirst("^ws", "http");
        echo.client.newWebSocket(new Request.Builder().url(http).build(), echo);
        return echo;
    }

    @Override
    public void onMessage(WebSocket webSocket, String text) {
        if (text.startsWith("{\"type\":\"response.function_call_arguments.done\"")) {
            webSocket.send(OUTPUT);
        }
    }

    @Override
    public void close() {
        client.dispatcher().cancelAll();
        client.dispatcher().executorService().shutdown();
    }

    /** As Parley's own sockets: OkHttp leaves Nagle's algorithm on. It connects them by itself, and asks for no connected one. */
    private static final class NoDelay extends SocketFactory {
        @Override
        public Socket createSocket() throws IOException {
            Socket socket = new Socket();
            socket.setTcpNoDelay(true);
            return socket;
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
            throw new UnsupportedOperationException();
        }
    }
}
