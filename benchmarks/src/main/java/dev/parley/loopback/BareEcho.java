package dev.parley.loopback;

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

    private final OkHttpClient client;

    private BareEcho(OkHttpClient client) {
        this.client = client;
    }

    static BareEcho connect(URI address, SocketFactory sockets) {
        BareEcho echo =
                new BareEcho(new OkHttpClient.Builder().socketFactory(sockets).build());
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
}
