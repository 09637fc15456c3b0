package dev.parley.testkit;

import java.util.concurrent.CountDownLatch;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;

/** A client that writes, and reads nothing after its first message until it is told to. */
final class StalledClient extends WebSocketListener implements AutoCloseable {
    private final OkHttpClient http = new OkHttpClient();
    private final CountDownLatch reading = new CountDownLatch(1);
    private final WebSocket socket;

    private StalledClient(RehearsalServer server) {
        Request request = new Request.Builder()
                .url(server.url() + "?model=m")
                .header("Authorization", "Bearer k")
                .build();
        socket = http.newWebSocket(request, this);
    }

    static StalledClient connect(RehearsalServer server) {
        StalledClient client = new StalledClient(server);
        server.awaitConnection(0);
        return client;
    }

    @Override
    public void onMessage(WebSocket webSocket, String text) {
        try {
            reading.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void send(String text) {
        socket.send(text);
    }

    void readAll() {
        reading.countDown();
    }

    @Override
    public void close() {
        readAll();
        socket.cancel();
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }
}
