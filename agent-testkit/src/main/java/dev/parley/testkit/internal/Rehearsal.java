package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.testkit.Recording;
import dev.parley.testkit.Refusal;
import dev.parley.testkit.RehearsalConnection;
import dev.parley.testkit.RehearsalDialect;
import dev.parley.testkit.Report;
import dev.parley.testkit.Script;
import dev.parley.testkit.ScriptException;
import dev.parley.testkit.Violation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.WebSocketListener;

/** The listening side: handshakes, refusals, and the list of connections. Guarded by its monitor. */
public final class Rehearsal {
    private static final String PATH = "/v1/realtime";
    private static final Duration GOODBYE = Duration.ofMillis(500);

    private final RehearsalSettings settings;
    private final MockWebServer server = new MockWebServer();
    private final TrackedServerSockets sockets = new TrackedServerSockets();
    private final List<ScriptedConnection> connections = new ArrayList<>();
    private final Deque<Refusal> refusals = new ArrayDeque<>();
    private final Deque<Integer> handedOver = new ArrayDeque<>();
    private int refused;
    private boolean closed;

    private Rehearsal(RehearsalSettings settings) {
        this.settings = settings;
        server.setServerSocketFactory(sockets);
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                // it keeps every request until somebody takes it
                server.takeRequest(0, TimeUnit.SECONDS);
                return answer(request);
            }
        });
    }

    public static Rehearsal start(RehearsalSettings settings, int port) throws IOException {
        checkRecordings(settings);
        Rehearsal rehearsal = new Rehearsal(settings);
        rehearsal.server.start(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        return rehearsal;
    }

    /** Each recording must be one turn to this server's ears, or the script would slip by a turn. */
    private static void checkRecordings(RehearsalSettings settings) {
        Script script = settings.script();
        for (int i = 0; i < script.turns().size(); i++) {
            Recording recording = script.turns().get(i).audio();
            if (recording == null) {
                continue;
            }
            int heard = turnsIn(recording.then(Recording.silence(settings.silence())), settings.silenceMs());
            if (heard != 1) {
                throw new ScriptException(script.name() + ", turn " + (i + 1) + ": " + recording.name()
                        + (heard == 0
                                ? " has no speech that the server would hear: make it louder"
                                : " would be heard as " + heard + " turns: shorten its pauses to less than "
                                        + settings.silenceMs() + " ms, or let the server wait longer"));
            }
        }
    }

    private static int turnsIn(Recording recording, int silenceMs) {
        TurnDetector detector = new TurnDetector(silenceMs);
        short[] samples = recording.samples();
        int turns = 0;
        for (int from = 0; from < samples.length; from += TurnDetector.FRAME) {
            short[] frame = Arrays.copyOf(
                    Arrays.copyOfRange(samples, from, Math.min(samples.length, from + TurnDetector.FRAME)),
                    TurnDetector.FRAME);
            if (detector.onFrame(frame) == TurnDetector.Change.SPEECH_STOPPED) {
                turns++;
            }
        }
        return turns;
    }

    private MockResponse answer(RecordedRequest request) {
        Handshake handshake = Handshake.of(request);
        if (!handshake.path().equals(PATH)) {
            return refusedWith(404, "the path is " + PATH);
        }
        if (!"websocket".equalsIgnoreCase(request.getHeaders().get("Upgrade"))
                || request.getHeaders().get("Sec-WebSocket-Key") == null) {
            return refusedWith(426, "this is a WebSocket");
        }
        if (settings.dialect() == RehearsalDialect.OPENAI) {
            if (handshake.model().isEmpty()) {
                return refusedAsOpenAi(400, "missing_model", "You must provide a model parameter.");
            }
            if (request.getHeaders().get("OpenAI-Beta") != null) {
                return refusedAsOpenAi(400, "beta_api_shape_disabled", "Leave out the OpenAI-Beta header.");
            }
        }
        synchronized (this) {
            if (closed) {
                return refusedWith(503, "closing");
            }
            Refusal refusal = refusals.pollFirst();
            if (refusal == null && !handshake.accepted(settings.dialect(), settings.apiKey())) {
                if (settings.dialect() == RehearsalDialect.OPENAI) {
                    return refusedAsOpenAi(401, "invalid_api_key", "Incorrect API key provided.");
                }
                refusal = Refusal.closeCode(4001);
            }
            if (refusal == null) {
                int socket = request.getConnectionIndex();
                Integer firstTurn = handedOver.pollFirst();
                ScriptedConnection connection = new ScriptedConnection(
                        connections.size(),
                        handshake,
                        settings,
                        firstTurn == null ? 0 : firstTurn,
                        () -> sockets.drop(socket),
                        this::handOver);
                connections.add(connection);
                notifyAll();
                return upgrade(handshake, connection);
            }
            if (refusal.handshake()) {
                return refusedWith(refusal.code(), "refused");
            }
            refused++;
            return upgrade(handshake, new RefusedSocket(refusal.code(), settings.dialect()));
        }
    }

    /** Called under a connection's monitor, which is never taken under this one. */
    private synchronized void handOver(int nextTurn) {
        if (nextTurn < settings.script().turns().size()) {
            handedOver.add(nextTurn);
        }
    }

    private static MockResponse upgrade(Handshake handshake, WebSocketListener listener) {
        MockResponse.Builder response = new MockResponse.Builder().webSocketUpgrade(listener);
        if (handshake.answersRealtime()) {
            response.setHeader("Sec-WebSocket-Protocol", "realtime");
        }
        return response.build();
    }

    private synchronized MockResponse refusedWith(int status, String why) {
        refused++;
        return new MockResponse.Builder().code(status).body(why).build();
    }

    private synchronized MockResponse refusedAsOpenAi(int status, String code, String message) {
        refused++;
        ObjectNode body = Json.object();
        body.putObject("error")
                .put("message", message)
                .put("type", "invalid_request_error")
                .putNull("param")
                .put("code", code);
        return new MockResponse.Builder()
                .code(status)
                .setHeader("Content-Type", "application/json")
                .body(body.toString())
                .build();
    }

    public URI url() {
        return URI.create("ws://127.0.0.1:" + server.getPort() + PATH);
    }

    public synchronized void refuseNext(List<Refusal> next) {
        refusals.addAll(next);
    }

    public synchronized int refused() {
        return refused;
    }

    public synchronized List<RehearsalConnection> connections() {
        return List.copyOf(connections);
    }

    public synchronized RehearsalConnection awaitConnection(int index, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            while (connections.size() <= index) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new AssertionError("there is no connection " + index + "; so far there were "
                            + connections.size() + ", and " + refused + " refused");
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a connection", e);
        }
        return connections.get(index);
    }

    public Report report() {
        List<Violation> violations = new ArrayList<>();
        List<String> mismatches = new ArrayList<>();
        List<RehearsalConnection> all = connections();
        int left = all.isEmpty() ? settings.script().turns().size() : 0;
        if (all.isEmpty()) {
            mismatches.add("nobody connected");
        }
        for (RehearsalConnection connection : all) {
            Report report = connection.report();
            String prefix = all.size() == 1 ? "" : "connection " + connection.index() + ", ";
            report.violations().forEach(each -> violations.add(new Violation(each.kind(), prefix + each.message())));
            report.mismatches().forEach(each -> mismatches.add(prefix + each));
            left += report.turnsLeft();
        }
        return new Report(violations, mismatches, left);
    }

    public void close() {
        List<ScriptedConnection> open;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            open = List.copyOf(connections);
        }
        open.forEach(each -> each.close(1001, "the rehearsal is over"));
        long deadline = System.nanoTime() + GOODBYE.toNanos();
        open.forEach(each -> each.closesWithin(Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))));
        server.close();
    }
}
