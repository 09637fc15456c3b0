package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.core.Clock;
import dev.parley.testkit.Refusal;
import dev.parley.testkit.RehearsalConnection;
import dev.parley.testkit.RehearsalDialect;
import dev.parley.testkit.Report;
import dev.parley.testkit.Violation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The listening side: handshakes, refusals, tokens, and the list of connections. Guarded by its monitor, which is taken under a
 * connection's; never the other way round.
 */
public final class Rehearsal implements ScriptedConnection.Server {
    private static final String PATH = "/v1/realtime";
    private static final String MINT = PATH + "/client_secrets";
    private static final long MOST_CHARS_KEPT = 64L << 20;
    private static final Duration GOODBYE = Duration.ofMillis(500);

    private final RehearsalSettings settings;
    private final MockWebServer server = new MockWebServer();
    private final TrackedServerSockets sockets = new TrackedServerSockets();
    private final Numbered<ScriptedConnection> connections;
    private final TokenMint tokens;

    /** What was wrong with requests for tokens. */
    private final Findings minting = new Findings();

    /** What connections that are not kept any more have found. */
    private final Findings forgotten = new Findings();

    private int forgottenTurnsLeft;
    private final Deque<Refusal> refusals = new ArrayDeque<>();
    private final Deque<ScriptPlace> handedOver = new ArrayDeque<>();
    private int refused;
    private boolean closed;

    private Rehearsal(RehearsalSettings settings) {
        this.settings = settings;
        this.connections = new Numbered<>(settings.connectionsKept(), MOST_CHARS_KEPT, this::forget);
        this.tokens = new TokenMint(settings);
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
        ScriptCheck.check(settings);
        Rehearsal rehearsal = new Rehearsal(settings);
        rehearsal.server.start(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        return rehearsal;
    }

    private MockResponse answer(RecordedRequest request) {
        Handshake handshake = Handshake.of(request);
        if (handshake.path().equals(MINT)) {
            return mint(request, handshake);
        }
        if (!handshake.path().equals(PATH)) {
            return refusedWith(404, "the path is " + PATH);
        }
        if (!"websocket".equalsIgnoreCase(request.getHeaders().get("Upgrade"))
                || request.getHeaders().get("Sec-WebSocket-Key") == null) {
            return refusedWith(426, "this is a WebSocket");
        }
        if (settings.dialect() == RehearsalDialect.OPENAI) {
            if (handshake.model().isEmpty()) {
                return refusedAs(400, "missing_model", "You must provide a model parameter.");
            }
            if (request.getHeaders().get("OpenAI-Beta") != null) {
                return refusedAs(400, "beta_api_shape_disabled", "Leave out the OpenAI-Beta header.");
            }
        }
        synchronized (this) {
            if (closed) {
                return refusedWith(503, "closing");
            }
            Refusal refusal = refusals.pollFirst();
            Token token = tokens.find(handshake.key());
            if (refusal == null && !isAccepted(handshake, token)) {
                if (settings.dialect() == RehearsalDialect.OPENAI) {
                    return refusedAs(401, "invalid_api_key", "Incorrect API key provided.");
                }
                refusal = Refusal.closeCode(4001);
            }
            if (refusal == null) {
                int socket = request.getConnectionIndex();
                ScriptPlace place = handedOver.pollFirst();
                ScriptedConnection connection = new ScriptedConnection(
                        new ScriptedConnection.Beginning(
                                connections.count(),
                                handshake,
                                place == null ? ScriptPlace.BEGINNING : place,
                                token == null ? Json.object() : token.locked()),
                        settings,
                        () -> sockets.drop(socket),
                        this);
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

    private boolean isAccepted(Handshake handshake, @Nullable Token token) {
        if (token != null) {
            return handshake.mayCarry(settings.dialect()) && tokens.isAlive(token);
        }
        return !settings.mintedTokensOnly() && handshake.accepted(settings.dialect(), settings.apiKey());
    }

    private synchronized MockResponse mint(RecordedRequest request, Handshake handshake) {
        if (!request.getMethod().equals("POST")) {
            return refusedAs(405, "method_not_allowed", "Tokens are asked for with POST.");
        }
        if (!handshake.carrier().equals("header")
                || tokens.find(handshake.key()) != null
                || !handshake.accepted(settings.dialect(), settings.apiKey())) {
            return refusedAs(401, "invalid_api_key", "Incorrect API key provided.");
        }
        ByteString body = request.getBody();
        try {
            return json(200, tokens.mint(body == null ? "" : body.utf8()));
        } catch (Breach breach) {
            minting.add(new Violation(
                    breach.violation().kind(),
                    "a request for a token: " + breach.violation().message()));
            return refusedAs(400, breach.code(), breach.violation().message());
        }
    }

    @Override
    public synchronized void handOver(ScriptPlace next) {
        if (next.turns() < settings.script().turns().size()) {
            handedOver.add(next);
        }
    }

    @Override
    public synchronized void over(int index, long charsKept) {
        connections.over(index, charsKept);
    }

    private void forget(ScriptedConnection connection) {
        Report report = connection.finalReport();
        String prefix = prefix(connection.index());
        report.violations().forEach(each -> forgotten.add(new Violation(each.kind(), prefix + each.message())));
        report.mismatches().forEach(each -> forgotten.mismatch(prefix + each));
        forgottenTurnsLeft += report.turnsLeft();
    }

    private static String prefix(int connection) {
        return "connection " + connection + ", ";
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

    private synchronized MockResponse refusedAs(int status, String code, String message) {
        refused++;
        ObjectNode body = Json.object();
        body.putObject("error")
                .put("message", message)
                .put("type", "invalid_request_error")
                .putNull("param")
                .put("code", code);
        return json(status, body);
    }

    private static MockResponse json(int status, ObjectNode body) {
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

    public synchronized int minted() {
        return tokens.minted();
    }

    public synchronized List<RehearsalConnection> connections() {
        return List.copyOf(connections.all());
    }

    public Clock clock() {
        return settings.clock();
    }

    synchronized int connectionsSoFar() {
        return connections.count();
    }

    /** The latest connection from this one on; null while there is none. */
    synchronized @Nullable ScriptedConnection latestFrom(int index) {
        return connections.count() > index ? connections.get(connections.count() - 1) : null;
    }

    public synchronized RehearsalConnection awaitConnection(int index, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            while (connections.count() <= index) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new AssertionError("there is no connection " + index + "; so far there were "
                            + connections.count() + ", and " + refused + " refused"
                            + StandingClock.hint(settings.clock()));
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a connection", e);
        }
        RehearsalConnection connection = connections.get(index);
        if (connection == null) {
            throw new AssertionError("connection " + index + " is over, and the server keeps the latest "
                    + settings.connectionsKept() + " that are: let it keep more with connectionsKept");
        }
        return connection;
    }

    public Report report() {
        List<ScriptedConnection> kept;
        List<Violation> violations;
        List<String> mismatches;
        int left;
        int count;
        synchronized (this) {
            kept = connections.all();
            count = connections.count();
            violations = minting.violations();
            violations.addAll(forgotten.violations());
            mismatches = forgotten.mismatches();
            left = count == 0 ? settings.script().turns().size() : forgottenTurnsLeft;
        }
        if (count == 0) {
            mismatches.add("nobody connected");
        }
        for (ScriptedConnection connection : kept) {
            Report report = connection.report();
            String prefix = count == 1 ? "" : prefix(connection.index());
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
            open = connections.all();
        }
        open.forEach(each -> each.close(1001, "the rehearsal is over"));
        long deadline = System.nanoTime() + GOODBYE.toNanos();
        open.forEach(each -> each.closesWithin(Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))));
        server.close();
    }
}
