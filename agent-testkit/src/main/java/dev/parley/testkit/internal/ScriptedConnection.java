package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.core.Clock;
import dev.parley.core.VoiceSession;
import dev.parley.testkit.RehearsalConnection;
import dev.parley.testkit.Report;
import dev.parley.testkit.Violation;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One client's socket and its run of the script. Everything in it is guarded by its monitor; nothing under the monitor
 * blocks, since the socket queues what it is told to send. With a clock that a test owns, an advance has sent all that
 * was due when it returns.
 */
final class ScriptedConnection extends WebSocketListener implements RehearsalConnection, Wire {
    private static final Duration LINGER = Duration.ofSeconds(2);
    private static final long CONGESTED_BYTES = 1 << 20;
    private static final int HELD_LIMIT = 10_000;

    private final Object monitor = new Object();
    private final int index;
    private final Handshake handshake;
    private final RehearsalSettings settings;
    private final int firstTurn;
    private final Clock clock;
    private final Runnable dropSocket;
    private final IntConsumer handOver;
    private final Conversation conversation;
    private final ReceivedMessages received = new ReceivedMessages();
    private final Deque<String> held = new ArrayDeque<>();
    private boolean holding;
    private @Nullable WebSocket socket;
    private @Nullable Integer closeCode;
    private Clock.@Nullable Timer lingering;
    private long samples;

    /**
     * @param firstTurn from zero; more where an earlier connection's script hung up before that turn
     * @param handOver takes the turn that the next connection goes on with
     */
    ScriptedConnection(
            int index,
            Handshake handshake,
            RehearsalSettings settings,
            int firstTurn,
            Runnable dropSocket,
            IntConsumer handOver) {
        this.index = index;
        this.handshake = handshake;
        this.settings = settings;
        this.firstTurn = firstTurn;
        this.clock = settings.clock();
        this.dropSocket = dropSocket;
        this.handOver = handOver;
        this.conversation = new Conversation(settings, handshake.model(), firstTurn, this);
    }

    @Override
    public void onOpen(WebSocket webSocket, Response response) {
        synchronized (monitor) {
            socket = webSocket;
            conversation.begin();
            monitor.notifyAll();
        }
    }

    @Override
    public void onMessage(WebSocket webSocket, String text) {
        synchronized (monitor) {
            if (Json.read(text) instanceof ObjectNode message) {
                received.add(message);
                onMessage(message);
            } else {
                received.addUnreadable(text);
                conversation.refuse(
                        new Violation(
                                Violation.Kind.NOT_JSON,
                                "a message of " + text.length() + " characters is not a JSON object"),
                        null);
            }
            monitor.notifyAll();
        }
    }

    private void onMessage(ObjectNode message) {
        String eventId = message.path("event_id").textValue();
        try {
            ClientMessage read = ClientMessageReader.read(message);
            conversation.onMessage(read, eventId);
            if (read instanceof ClientMessage.Append append) {
                samples += append.pcm16().remaining() / 2;
            }
        } catch (Breach breach) {
            conversation.refuse(breach.violation(), eventId);
        }
    }

    @Override
    public void onMessage(WebSocket webSocket, ByteString bytes) {
        synchronized (monitor) {
            conversation.refuse(
                    new Violation(
                            Violation.Kind.BINARY_MESSAGE,
                            "a binary message of " + bytes.size() + " bytes came; all messages are text"),
                    null);
            monitor.notifyAll();
        }
    }

    @Override
    public void onClosing(WebSocket webSocket, int code, String reason) {
        // 1005 says that the client gave no code; it may not be sent back
        webSocket.close(code == 1005 ? 1000 : code, null);
        over(code);
    }

    @Override
    public void onFailure(WebSocket webSocket, Throwable t, @Nullable Response response) {
        over(1006);
    }

    private void over(int code) {
        synchronized (monitor) {
            if (closeCode == null) {
                closeCode = code;
                if (lingering != null) {
                    lingering.cancel();
                }
                conversation.onClosed();
                held.clear();
                monitor.notifyAll();
            }
        }
    }

    @Override
    public void send(String json) {
        WebSocket open = socket;
        if (open == null || closeCode != null) {
            return;
        }
        if (!holding) {
            open.send(json);
        } else if (held.size() < HELD_LIMIT) {
            held.add(json);
        } else {
            dropSocket.run();
        }
    }

    @Override
    public void hangUp(@Nullable Integer code, int nextTurn) {
        handOver.accept(nextTurn);
        if (code == null) {
            dropSocket.run();
        } else {
            close(code, "as the script says");
        }
    }

    @Override
    public boolean congested() {
        return socket != null && socket.queueSize() > CONGESTED_BYTES;
    }

    @Override
    public Clock.Timer schedule(Duration delay, Runnable task) {
        Scheduled scheduled = new Scheduled(task);
        scheduled.timer = clock.schedule(delay, scheduled);
        return scheduled;
    }

    /**
     * A task for later. It may have begun and wait for the monitor while somebody in there takes it back: the clock's own
     * cancel comes too late then, so it looks once more.
     */
    private final class Scheduled implements Clock.Timer, Runnable {
        private final Runnable task;
        private Clock.@Nullable Timer timer;
        private boolean cancelled;

        Scheduled(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            synchronized (monitor) {
                if (!cancelled && closeCode == null) {
                    task.run();
                    monitor.notifyAll();
                }
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            if (timer != null) {
                timer.cancel();
            }
        }
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public String credentialCarrier() {
        return handshake.carrier();
    }

    @Override
    public String model() {
        return handshake.model();
    }

    @Override
    public List<String> received() {
        synchronized (monitor) {
            return received.all();
        }
    }

    @Override
    public List<String> received(String type) {
        synchronized (monitor) {
            return received.ofType(type);
        }
    }

    @Override
    public String awaitReceived(String type, Duration timeout) {
        synchronized (monitor) {
            if (!await(timeout, () -> !received.ofType(type).isEmpty())) {
                throw new AssertionError("no " + type + " came within " + timeout + "; the client sent "
                        + received.all().size() + " messages");
            }
            return received.ofType(type).get(0);
        }
    }

    @Override
    public long samplesReceived() {
        synchronized (monitor) {
            return samples;
        }
    }

    @Override
    public void sendRaw(String text) {
        synchronized (monitor) {
            if (socket != null) {
                socket.send(text);
            }
        }
    }

    @Override
    public void sendBinary(byte[] bytes) {
        synchronized (monitor) {
            if (socket != null) {
                socket.send(ByteString.of(bytes));
            }
        }
    }

    @Override
    public void hold() {
        synchronized (monitor) {
            holding = true;
        }
    }

    @Override
    public void release() {
        synchronized (monitor) {
            holding = false;
            while (!held.isEmpty()) {
                send(held.removeFirst());
            }
        }
    }

    @Override
    public void close(int code, String reason) {
        synchronized (monitor) {
            if (socket != null && socket.close(code, reason)) {
                // a client that never answers must not keep the socket for ever
                lingering = clock.schedule(LINGER, dropSocket);
            }
        }
    }

    @Override
    public void abort() {
        dropSocket.run();
    }

    /** Whether nothing more is played here: it is closed, or its script has hung up. */
    boolean over() {
        synchronized (monitor) {
            return closeCode != null || conversation.finished();
        }
    }

    @Override
    public boolean closed() {
        return closeCode() != null;
    }

    @Override
    public @Nullable Integer closeCode() {
        synchronized (monitor) {
            return closeCode;
        }
    }

    @Override
    public void awaitClosed(Duration timeout) {
        if (!closesWithin(timeout)) {
            throw new AssertionError("the connection is still open after " + timeout);
        }
    }

    boolean closesWithin(Duration timeout) {
        synchronized (monitor) {
            return await(timeout, () -> closeCode != null);
        }
    }

    @Override
    public void awaitFinished(Duration timeout) {
        synchronized (monitor) {
            if (!await(timeout, conversation::finished)) {
                throw new AssertionError("the script was not played to its end within " + timeout + ":\n" + report());
            }
        }
    }

    @Override
    public void awaitCallersTurn(int turns, Duration timeout) {
        synchronized (monitor) {
            if (!await(timeout, () -> closeCode != null || conversation.callerMaySpeak(turns))) {
                throw new AssertionError("the caller's turn did not come within " + timeout + ":\n" + report());
            }
        }
    }

    @Override
    public void playCaller(VoiceSession session, Duration patience) {
        new CallerPart(settings, firstTurn, this, session, patience).play();
    }

    void awaitSamples(long count, Duration timeout) {
        synchronized (monitor) {
            if (!await(timeout, () -> closeCode != null || samples >= count)) {
                throw new AssertionError("the session did not pass its caller's audio on within " + timeout);
            }
        }
    }

    @Override
    public Report report() {
        synchronized (monitor) {
            return conversation.report();
        }
    }

    /** Called under the monitor. */
    private boolean await(Duration timeout, BooleanSupplier condition) {
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            while (!condition.getAsBoolean()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(monitor, left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting", e);
        }
    }

    /** Shows no key and no words. */
    @Override
    public String toString() {
        return "RehearsalConnection[" + index + ", " + handshake + "]";
    }
}
