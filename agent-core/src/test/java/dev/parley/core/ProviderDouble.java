package dev.parley.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.core.provider.Provider;
import dev.parley.core.provider.Swaram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;

/** A provider on loopback whose every message a test says itself. It answers the configuration unless told not to. */
final class ProviderDouble implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    final List<RecordedRequest> handshakes = new CopyOnWriteArrayList<>();
    final AtomicReference<MockResponse> refusal = new AtomicReference<>();
    volatile boolean confirmsConfiguration = true;
    volatile boolean answersClose = true;
    volatile String onOpen = "{\"type\":\"session.created\",\"session\":{\"id\":\"sess_1\"}}";

    /** How each connection ended, as the provider saw it: the client's close code, or 1006 where it just broke off. */
    final List<Integer> ends = new CopyOnWriteArrayList<>();

    private final MockWebServer server = new MockWebServer();
    private final BlockingQueue<WebSocket> sockets = new LinkedBlockingQueue<>();
    private final List<WebSocket> peers = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private volatile WebSocket socket;

    ProviderDouble() {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                handshakes.add(request);
                MockResponse refused = refusal.get();
                return refused != null
                        ? refused
                        : new MockResponse.Builder()
                                .webSocketUpgrade(new Peer())
                                .build();
            }
        });
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Provider provider() {
        return Swaram.simple("swaram_test").endpoint(URI.create("ws://localhost:" + server.getPort() + "/v1/realtime"));
    }

    VoiceAgent.Builder agent() {
        return VoiceAgent.builder().provider(provider());
    }

    void send(String... messages) {
        for (String message : messages) {
            socket().send(message.replace('\'', '"'));
        }
    }

    void sendAudio(String responseId, String itemId, int bytes) {
        send("{'type':'response.output_audio.delta','response_id':'" + responseId + "','item_id':'" + itemId
                + "','delta':'" + Base64.getEncoder().encodeToString(new byte[bytes]) + "'}");
    }

    WebSocket socket() {
        WebSocket open = socket;
        if (open == null) {
            try {
                open = sockets.poll(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            socket = open;
        }
        if (open == null) {
            throw new AssertionError("nobody connected");
        }
        return open;
    }

    /** Forgets the connection; what is sent next goes to the one after it. */
    void expectAnother() {
        socket = null;
    }

    /** The next message from the client, or a failure after 5 s. */
    String next() {
        try {
            String message = received.poll(5, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("the client sent nothing");
            }
            return message;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    JsonNode nextJson() {
        return json(next());
    }

    /** What has come from the client and was not asked for yet. */
    List<String> drained() {
        List<String> all = new CopyOnWriteArrayList<>();
        received.drainTo(all);
        return all;
    }

    int unread() {
        return received.size();
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ByteBuffer pcm(int bytes) {
        return ByteBuffer.allocate(bytes);
    }

    /** Every connection breaks, without a goodbye. */
    void breakOff() {
        server.close();
    }

    @Override
    public void close() {
        // A peer that held its answer back gives it now: the server waits for all of them.
        peers.forEach(peer -> peer.close(1000, null));
        server.close();
    }

    private final class Peer extends WebSocketListener {
        @Override
        public void onOpen(WebSocket webSocket, Response response) {
            sockets.add(webSocket);
            peers.add(webSocket);
            webSocket.send(onOpen);
        }

        @Override
        public void onMessage(WebSocket webSocket, String text) {
            received.add(text);
            if (confirmsConfiguration && text.contains("\"session.update\"")) {
                webSocket.send("{\"type\":\"session.updated\"}");
            }
        }

        @Override
        public void onClosing(WebSocket webSocket, int code, String reason) {
            ends.add(code);
            if (answersClose) {
                webSocket.close(code, reason);
            }
        }

        @Override
        public void onFailure(WebSocket webSocket, Throwable failure, Response response) {
            ends.add(1006);
        }
    }
}
