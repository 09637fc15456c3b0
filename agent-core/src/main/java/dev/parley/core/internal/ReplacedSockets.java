package dev.parley.core.internal;

import dev.parley.core.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * Sockets whose connection another one replaces. Each has its closing handshake, so that the server sees a normal end and
 * counts the connection no longer; one that does not answer within {@link #LONGEST_GOODBYE} is dropped. Nobody waits for that.
 *
 * <p>Confined to the loop.
 */
final class ReplacedSockets {
    static final Duration LONGEST_GOODBYE = Duration.ofSeconds(2);

    private final Clock clock;
    private final Executor loop;
    private final Map<RealtimeSocket, LoopTimer> closing = new HashMap<>();

    ReplacedSockets(Clock clock, Executor loop) {
        this.clock = clock;
        this.loop = loop;
    }

    /** Begins the goodbye of a socket that was open. */
    void add(RealtimeSocket socket) {
        if (socket.whenGone().isDone()) {
            return;
        }
        LoopTimer limit = new LoopTimer(clock, loop);
        closing.put(socket, limit);
        limit.set(LONGEST_GOODBYE, () -> drop(socket));
        socket.close();
        var unused = socket.whenGone().thenRunAsync(() -> drop(socket), loop);
    }

    /** The session is over: whoever has not answered by now is dropped. */
    void close() {
        Map.copyOf(closing).keySet().forEach(this::drop);
    }

    private void drop(RealtimeSocket socket) {
        LoopTimer limit = closing.remove(socket);
        if (limit != null) {
            limit.close();
            socket.abort();
        }
    }
}
