package dev.parley.testkit.internal;

import dev.parley.core.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import okhttp3.WebSocket;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One client's socket, as far as the server writes to it and ends it. Nothing here blocks: the socket queues what it is
 * told to send. Confined to the connection's monitor, but for {@link #drop}.
 */
final class ClientSocket {
    private static final Duration LINGER = Duration.ofSeconds(2);
    private static final long CONGESTED_BYTES = 1 << 20;
    private static final int HELD_LIMIT = 10_000;

    private final Clock clock;
    private final Runnable drop;
    private final Deque<String> held = new ArrayDeque<>();
    private boolean holding;
    private @Nullable WebSocket socket;
    private @Nullable Integer closeCode;
    private Clock.@Nullable Timer lingering;

    ClientSocket(Clock clock, Runnable drop) {
        this.clock = clock;
        this.drop = drop;
    }

    void opened(WebSocket webSocket) {
        socket = webSocket;
    }

    /** Sends an event, or keeps it back while that is wanted. */
    void send(String json) {
        WebSocket open = socket;
        if (open == null || closeCode != null) {
            return;
        }
        if (!holding) {
            open.send(json);
        } else if (held.size() < HELD_LIMIT) {
            held.add(json);
        } else {
            drop();
        }
    }

    /** Past what is held. */
    void sendNow(String text) {
        if (socket != null) {
            socket.send(text);
        }
    }

    /** Past what is held. */
    void sendNow(ByteString bytes) {
        if (socket != null) {
            socket.send(bytes);
        }
    }

    boolean congested() {
        return socket != null && socket.queueSize() > CONGESTED_BYTES;
    }

    void hold() {
        holding = true;
    }

    void release() {
        holding = false;
        while (!held.isEmpty()) {
            send(held.removeFirst());
        }
    }

    void close(int code, String reason) {
        if (socket != null && socket.close(code, reason)) {
            // a client that never answers must not keep the socket for ever
            lingering = clock.schedule(LINGER, drop);
        }
    }

    /** Without a word. From any thread. */
    void drop() {
        drop.run();
    }

    /** It is over. Tells whether it was not before. */
    boolean over(int code) {
        if (closeCode != null) {
            return false;
        }
        closeCode = code;
        if (lingering != null) {
            lingering.cancel();
        }
        held.clear();
        return true;
    }

    @Nullable
    Integer closeCode() {
        return closeCode;
    }
}
