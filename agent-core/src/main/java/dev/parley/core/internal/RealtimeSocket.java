package dev.parley.core.internal;

import dev.parley.core.SessionException;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.provider.Credential;
import dev.parley.core.provider.Provider;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket to a provider. Its reader decodes messages and hands them to the loop, in order. While the loop is idle it
 * lends the loop its own thread: waking another for each message would cost more than most messages do. When the loop falls
 * {@value #READ_AHEAD} messages behind, the reader waits, and TCP makes the provider wait.
 */
final class RealtimeSocket extends WebSocketListener implements Outbox.Wire {
    private static final int READ_AHEAD = 1024;

    /** A long message counts for several: 16 MiB of text wait for the loop at most, whatever the provider sends. */
    private static final int CHARS_OF_ONE = 16 * 1024;

    private static final int NORMAL = 1000;

    private final EventCodec codec;
    private final SerialLane loop;
    private final Events events;
    private final Semaphore readAhead = new Semaphore(READ_AHEAD);
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private volatile @Nullable WebSocket socket;

    /** What the socket tells the loop; all on the loop. */
    interface Events {
        void onOpen();

        void onEvent(ServerEvent event);

        void onMalformed(String why);

        void onClosed(int code, String reason);

        void onFailure(Throwable failure, int httpStatus);
    }

    RealtimeSocket(EventCodec codec, SerialLane loop, Events events) {
        this.codec = codec;
        this.loop = loop;
        this.events = events;
    }

    void connect(OkHttpClient client, Request request) {
        socket = client.newWebSocket(request, this);
    }

    /**
     * The handshake. Asks the credential's supplier, which may block: off the loop.
     *
     * @throws SessionException if the supplier gives no usable secret
     */
    static Request request(Provider provider) {
        // OkHttp's own type knows http and https; the upgrade is the same.
        String endpoint = provider.endpoint().toString().replaceFirst("^(?i)ws", "http");
        HttpUrl.Builder url = HttpUrl.get(endpoint).newBuilder();
        if (provider.model() != null) {
            url.setQueryParameter("model", provider.model());
        }
        Request.Builder request = new Request.Builder();
        Credential credential = provider.credential();
        switch (credential.carrier()) {
            case HEADER, SUBPROTOCOL -> request.header(credential.name(), secret(credential));
            case QUERY -> url.setQueryParameter(credential.name(), secret(credential));
            case NONE -> {}
        }
        if (provider.dialect().asksForBeta()) {
            request.header("OpenAI-Beta", "realtime=v1");
        }
        return request.url(url.build()).build();
    }

    /** @throws SessionException that the supplier threw, or that says that it failed */
    static String secret(Credential credential) {
        try {
            return credential.value();
        } catch (SessionException e) {
            // Whoever mints tokens knows best why there is none.
            throw e;
        } catch (RuntimeException | LinkageError e) {
            throw new SessionException(
                    "there is no key to connect with: the credential's supplier failed with "
                            + e.getClass().getSimpleName(),
                    0,
                    e);
        }
    }

    @Override
    public boolean send(String message) {
        WebSocket open = socket;
        return open != null && open.send(message);
    }

    @Override
    public long queued() {
        WebSocket open = socket;
        return open == null ? 0 : open.queueSize();
    }

    /** Starts the closing handshake, after what is queued. */
    void close() {
        WebSocket open = socket;
        if (open != null) {
            open.close(NORMAL, null);
        }
    }

    /** Drops the connection. */
    void abort() {
        WebSocket open = socket;
        if (open != null) {
            open.cancel();
        }
    }

    /** Completed, on the socket's reader, once both sides have closed or the connection has failed. */
    CompletableFuture<Void> whenGone() {
        return gone;
    }

    @Override
    public void onOpen(WebSocket webSocket, Response response) {
        // The reader may be here before connect() has returned.
        socket = webSocket;
        loop.execute(events::onOpen);
    }

    @Override
    public void onMessage(WebSocket webSocket, String text) {
        try {
            ServerEvent event = codec.decode(text);
            handOver(text.length(), () -> events.onEvent(event));
        } catch (MalformedEventException e) {
            handOver(0, () -> events.onMalformed(String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            // Thrown on the socket's reader it would end the session.
            handOver(
                    0,
                    () -> events.onMalformed(
                            "reading it failed with " + e.getClass().getSimpleName()));
        }
    }

    @Override
    public void onMessage(WebSocket webSocket, ByteString bytes) {
        int size = bytes.size();
        handOver(0, () -> events.onMalformed("a binary message of " + size + " bytes: events are text"));
    }

    @Override
    public void onClosing(WebSocket webSocket, int code, String reason) {
        // Both sides must close; there is nothing left to say to a peer that has gone.
        webSocket.close(NORMAL, null);
        loop.execute(() -> events.onClosed(code, reason));
    }

    @Override
    public void onClosed(WebSocket webSocket, int code, String reason) {
        gone.complete(null);
        loop.execute(() -> events.onClosed(code, reason));
    }

    @Override
    public void onFailure(WebSocket webSocket, Throwable failure, @Nullable Response response) {
        gone.complete(null);
        int status = response == null ? 0 : response.code();
        loop.execute(() -> events.onFailure(failure, status));
    }

    private void handOver(int chars, Runnable task) {
        int messages = Math.min(1 + chars / CHARS_OF_ONE, READ_AHEAD);
        try {
            readAhead.acquire(messages);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        loop.executeHere(() -> {
            try {
                task.run();
            } finally {
                readAhead.release(messages);
            }
        });
    }
}
