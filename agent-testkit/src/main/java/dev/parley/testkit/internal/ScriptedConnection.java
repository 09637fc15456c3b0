package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.core.Clock;
import dev.parley.core.VoiceSession;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalConnection;
import dev.parley.testkit.Report;
import dev.parley.testkit.Violation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
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
    private final Object monitor = new Object();
    private final Beginning beginning;
    private final RehearsalSettings settings;
    private final ClientSocket socket;
    private final MonitorTimers timers;
    private final Server server;
    private final ReceivedMessages received = new ReceivedMessages();

    /** Once the connection is over, what is left of it; that changes no more, and may be read without the monitor. */
    private volatile Conversation conversation;

    /**
     * How a connection comes.
     *
     * @param index from zero
     * @param place where an earlier connection's script hung up, or the beginning
     * @param locked what the token holds of the session
     */
    record Beginning(int index, Handshake handshake, ScriptPlace place, ObjectNode locked) {}

    /** Whom it tells. Both are called under this connection's monitor. */
    interface Server {
        /** The next connection goes on here. */
        void handOver(ScriptPlace next);

        /** Nothing more comes of it; its report is final. */
        void over(int index, long charsKept);
    }

    ScriptedConnection(Beginning beginning, RehearsalSettings settings, Runnable dropSocket, Server server) {
        this.beginning = beginning;
        this.settings = settings;
        this.socket = new ClientSocket(settings.clock(), dropSocket);
        this.timers = new MonitorTimers(settings.clock(), monitor, () -> socket.closeCode() != null);
        this.server = server;
        this.conversation = switch (settings.dialect()) {
            case SWARAM -> new SwaramConversation(settings, beginning, this);
            case OPENAI -> new OpenAiConversation(settings, beginning, this);
        };
    }

    @Override
    public void onOpen(WebSocket webSocket, Response response) {
        synchronized (monitor) {
            socket.opened(webSocket);
            conversation.begin();
            monitor.notifyAll();
        }
    }

    @Override
    public void onMessage(WebSocket webSocket, String text) {
        synchronized (monitor) {
            if (Json.read(text) instanceof ObjectNode message) {
                received.add(message);
                conversation.onMessage(message);
            } else {
                received.addUnreadable(text);
                conversation.refuse(new Violation(
                        Violation.Kind.NOT_JSON, "a message of " + text.length() + " characters is not a JSON object"));
            }
            monitor.notifyAll();
        }
    }

    @Override
    public void onMessage(WebSocket webSocket, ByteString bytes) {
        synchronized (monitor) {
            conversation.refuse(new Violation(
                    Violation.Kind.BINARY_MESSAGE,
                    "a binary message of " + bytes.size() + " bytes came; all messages are text"));
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
            if (socket.over(code)) {
                conversation.onClosed();
                conversation = EndedConversation.of(conversation);
                server.over(index(), received.chars());
                monitor.notifyAll();
            }
        }
    }

    @Override
    public void send(String json) {
        socket.send(json);
    }

    @Override
    public void hangUp(@Nullable Integer code, String reason, ScriptPlace next) {
        server.handOver(next);
        if (code == null) {
            socket.drop();
        } else {
            socket.close(code, reason);
        }
    }

    @Override
    public boolean congested() {
        return socket.congested();
    }

    @Override
    public Clock.Timer schedule(Duration delay, Runnable task) {
        return timers.schedule(delay, task);
    }

    @Override
    public int index() {
        return beginning.index();
    }

    @Override
    public String credentialCarrier() {
        return beginning.handshake().carrier();
    }

    @Override
    public String model() {
        return beginning.handshake().model();
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
                        + received.all().size() + " messages" + hint());
            }
            return received.ofType(type).get(0);
        }
    }

    @Override
    public long samplesReceived() {
        synchronized (monitor) {
            return conversation.samples();
        }
    }

    @Override
    public void sendRaw(String text) {
        synchronized (monitor) {
            socket.sendNow(text);
        }
    }

    @Override
    public void sendBinary(byte[] bytes) {
        synchronized (monitor) {
            socket.sendNow(ByteString.of(bytes));
        }
    }

    @Override
    public void hold() {
        synchronized (monitor) {
            socket.hold();
        }
    }

    @Override
    public void release() {
        synchronized (monitor) {
            socket.release();
        }
    }

    @Override
    public void close(int code, String reason) {
        synchronized (monitor) {
            socket.close(code, reason);
        }
    }

    @Override
    public void abort() {
        socket.drop();
    }

    /** So much silence of the caller ends a turn now. */
    Duration silence() {
        synchronized (monitor) {
            return conversation.silence();
        }
    }

    /** Whether nothing more is played here: it is closed, or its script has hung up. */
    boolean over() {
        synchronized (monitor) {
            return socket.closeCode() != null || conversation.finished();
        }
    }

    @Override
    public boolean closed() {
        return closeCode() != null;
    }

    @Override
    public @Nullable Integer closeCode() {
        synchronized (monitor) {
            return socket.closeCode();
        }
    }

    @Override
    public void awaitClosed(Duration timeout) {
        if (!closesWithin(timeout)) {
            throw new AssertionError("the connection is still open after " + timeout + hint());
        }
    }

    boolean closesWithin(Duration timeout) {
        synchronized (monitor) {
            return await(timeout, () -> socket.closeCode() != null);
        }
    }

    @Override
    public void awaitFinished(Duration timeout) {
        synchronized (monitor) {
            if (!await(timeout, () -> conversation.finished())) {
                throw new AssertionError(
                        "the script was not played to its end within " + timeout + ":\n" + report() + hint());
            }
        }
    }

    @Override
    public void awaitCallersTurn(int turns, Duration timeout) {
        synchronized (monitor) {
            if (!await(timeout, () -> socket.closeCode() != null || conversation.callerMaySpeak(turns))) {
                throw new AssertionError(
                        "the caller's turn did not come within " + timeout + ":\n" + report() + hint());
            }
        }
    }

    /** How the caller says this turn of the script. */
    Recording line(int turn) {
        return CallerPart.line(settings.script().turns().get(turn));
    }

    @Override
    public void playCaller(VoiceSession session, Duration patience) {
        new CallerPart(settings, this, session, patience).play();
    }

    void awaitSamples(long count, Duration timeout) {
        synchronized (monitor) {
            if (!await(timeout, () -> socket.closeCode() != null || conversation.samples() >= count)) {
                throw new AssertionError("the session did not pass its caller's audio on within " + timeout + hint());
            }
        }
    }

    @Override
    public Report report() {
        synchronized (monitor) {
            return conversation.report();
        }
    }

    private String hint() {
        return StandingClock.hint(settings.clock());
    }

    /** The report of a connection that is over. Takes no monitor. */
    Report finalReport() {
        return conversation.report();
    }

    /** Whether, and how, the caller should speak now; null while it is not their turn. */
    @Nullable
    CallersCue callersCue() {
        synchronized (monitor) {
            return conversation.callersCue();
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
        return "RehearsalConnection[" + index() + ", " + beginning.handshake() + "]";
    }
}
