package dev.parley.core.internal;

import dev.parley.core.CloseReason;
import dev.parley.core.History;
import dev.parley.core.Problem;
import dev.parley.core.ReconnectPolicy;
import dev.parley.core.Reconnecting;
import dev.parley.core.SessionState;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import dev.parley.core.event.SessionConfig;
import dev.parley.core.internal.Connection.Stage;
import dev.parley.core.internal.Endings.Ending;
import dev.parley.core.provider.Dialect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * A session's connections, one after the other: opens and configures each, replaces one that is lost or about to expire, and
 * tells the next what was said so far. Confined to the loop.
 */
final class Connections implements ConnectionOwner {
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(20);
    private static final Duration RENEWAL_LOOKS_AGAIN = Duration.ofSeconds(1);
    private static final double RENEWAL_SHARE = 0.9;

    /** The session, as far as its connections end it. */
    interface Session {
        /** No connection will follow. */
        void end(CloseReason reason);

        /** The agent's last words were heard; the caller goes to the target, or nowhere. */
        void leave(@Nullable String target);
    }

    private final Shared shared;
    private final Session session;
    private final Dialer dialer;
    private final Dialect dialect;
    private final Lifecycle life;
    private final Recovery recovery;
    private final LoopTimer renewal;
    private final ReplacedSockets replaced;

    /** What the current connection must do in time; it goes with it. */
    private final LoopTimer deadline;

    private SessionConfig config = new SessionConfig(null, null, List.of());

    /**
     * The connection that is open, being opened, or next. What an earlier one still says is not heard. Set on the loop; read
     * from outside by whom the loop keeps waiting.
     */
    private volatile Connection current;

    /** The latest part of the conversation, which the server is told of when it is configured. */
    private List<History.Entry> carried = List.of();

    /** Why the connection before the current one ended. */
    private @Nullable Ending lastLoss;

    /** Whether the caller waits for an answer that the last connection took along. */
    private boolean owesReply;

    /** Whether the application asked for a reply that no connection has given yet. */
    private boolean asked;

    /** The same for replies with options of their own, in order. */
    private final List<ResponseOptions> askedWith = new ArrayList<>();

    /** Requests for replies outside of the conversation that wait as JSON for a connection that is ready. */
    private int rawAsides;

    Connections(Shared shared, ReconnectPolicy reconnect, Dialer dialer, Session session) {
        this.shared = shared;
        this.session = session;
        this.dialer = dialer;
        this.dialect = shared.dialect();
        this.life = shared.life();
        this.recovery = new Recovery(
                reconnect, shared.provider().credential().isAskedAnew(), shared.clock(), shared.lane(), this::dial);
        this.renewal = new LoopTimer(shared.clock(), shared.lane());
        this.replaced = new ReplacedSockets(shared.clock(), shared.lane());
        this.deadline = new LoopTimer(shared.clock(), shared.lane());
        this.current = new Connection(0, shared, this, config);
    }

    Connection current() {
        return current;
    }

    @Override
    public SessionConfig config() {
        return config;
    }

    /** Whether this call can still be answered on the connection that it came on, at once or when it is configured. */
    boolean isOpenFor(int connection) {
        return current.number() == connection && current.stage() != Stage.DIALING;
    }

    /** Opens the first. */
    void start(SessionConfig configuration) {
        config = configuration;
        shared.stopwatches().onConnecting();
        life.within(LONGEST_CONNECT, () -> {
            Ending last = lastLoss;
            session.end((last != null ? last : tooLate()).reason());
        });
        shared.audience().state(SessionState.CONNECTING);
        next();
        dial();
    }

    /** Changes the configuration, of this connection and of those that follow. */
    void reconfigure(ClientEvent.SessionUpdate update) {
        SessionConfig change = shared.audience().withoutInterruptions(update.config());
        config = SessionJson.changed(config, change);
        shared.outgoing().send(new ClientEvent.SessionUpdate(change));
    }

    /** Somebody wants the agent to speak: now, or as soon as a connection is ready. */
    void requestResponse(@Nullable ResponseOptions options) {
        if (current.stage() == Stage.READY) {
            current.gate().requestResponse(options);
        } else if (options == null) {
            asked = true;
        } else {
            askedWith.add(options);
        }
    }

    /** The application sent a message that it wrote as JSON; while no connection is ready, it waits for one. */
    void sendRaw(ClientEvent.Raw raw) {
        if (Asides.isOne(raw)) {
            if (current.stage() == Stage.READY) {
                current.gate().askedAsideRaw();
            } else {
                rawAsides++;
            }
        }
        shared.outgoing().sendOnceReady(raw);
    }

    /** The last open call has its output, which the next connection will be told. */
    void onCallsSettled() {
        recovery.onCallsSettled();
    }

    void close() {
        current.close();
        recovery.close();
        replaced.close();
        renewal.close();
        deadline.close();
    }

    // Opening.

    private void next() {
        current = new Connection(current.number() + 1, shared, this, config);
    }

    private void dial() {
        if (life.isClosed()) {
            return;
        }
        Connection next = current;
        if (life.wasReady()) {
            deadline.set(LONGEST_CONNECT, () -> lost(tooLate()));
        }
        // As a task of the loop and not of the future, which would keep what it throws to itself.
        var unused = dialer.request()
                .whenComplete((request, failure) -> shared.lane().execute(() -> {
                    if (isCurrent(next)) {
                        open(next, request, failure);
                    }
                }));
    }

    private void open(Connection next, @Nullable Request request, @Nullable Throwable failure) {
        try {
            if (request != null) {
                dialer.open(next.socket(), request);
                return;
            }
        } catch (RuntimeException e) {
            lost(shared.endings().ofFailure(e, 0));
            return;
        }
        Throwable cause = failure == null || failure.getCause() == null ? failure : failure.getCause();
        lost(shared.endings().ofFailure(cause == null ? new IllegalStateException("no request") : cause, 0));
    }

    @Override
    public boolean isCurrent(Connection asked) {
        return asked == current && !life.isClosed();
    }

    /** The socket is open. The server takes the configuration before its session.created has arrived: a round trip saved. */
    @Override
    public void opened() {
        life.configuring();
        if (life.state() == SessionState.CONFIGURING) {
            shared.audience().state(SessionState.CONFIGURING);
        }
        shared.conversation().giveUpOpenCalls();
        carried = Instructions.latest(shared.conversation().entries());
        SessionConfig carrying = dialect.takesText()
                ? config
                : config.withInstructions(Instructions.with(config.instructions(), carried));
        shared.outgoing().configure(current.socket(), new ClientEvent.SessionUpdate(carrying));
    }

    @Override
    public void confirmed() {
        if (life.isHangingUp()) {
            return;
        }
        boolean again = life.wasReady();
        current.ready();
        life.configured();
        deadline.cancel();
        recovery.onReady();
        // Before the parts hear that it is ready: so they know that these words were said before, and are not said now.
        shared.outgoing()
                .flow(
                        dialect.takesText()
                                ? carried.stream().map(Instructions::message).toList()
                                : List.of());
        carried = List.of();
        shared.audience().state(SessionState.READY);
        shared.stopwatches().onReady();
        if (again) {
            shared.counters().reconnects.incrementAndGet();
        }
        askForWhatIsDue();
        Duration longest = dialect.longestSession();
        // A move begins with a goodbye: who never reconnects would lose a healthy session to one failed attempt.
        if (longest != null && recovery.replaces()) {
            renewal.set(Duration.ofNanos((long) (longest.toNanos() * RENEWAL_SHARE)), this::renewWhenQuiet);
        }
        life.ready(shared.audience().session());
    }

    private void askForWhatIsDue() {
        ResponseGate gate = current.gate();
        boolean due = asked || (owesReply && askedWith.stream().allMatch(ResponseOptions::outOfBand));
        if (due && dialect.acceptsResponseCreate() && !gate.isWaiting()) {
            gate.requestResponse(null);
        }
        // They went out first.
        for (; rawAsides > 0; rawAsides--) {
            gate.askedAsideRaw();
        }
        askedWith.forEach(gate::requestResponse);
        askedWith.clear();
        asked = false;
        owesReply = false;
    }

    // Losing and replacing.

    /** Moves to a fresh connection between turns, before the provider ends the old one. */
    private void renewWhenQuiet() {
        if (current.isQuiet() && !shared.conversation().hasOpenCalls()) {
            replace(shared.endings().ofRenewal(), Duration.ZERO, 0);
        } else {
            renewal.set(RENEWAL_LOOKS_AGAIN, this::renewWhenQuiet);
        }
    }

    @Override
    public void lostUnless(Duration within, Ending ending) {
        deadline.set(within, () -> lost(ending));
    }

    @Override
    public void endedUnless(Duration within, Ending ending) {
        deadline.set(within, () -> session.end(life.isHangingUp() ? Endings.ofHangUp() : ending.reason()));
    }

    @Override
    public void lost(Ending ending) {
        if (life.isHangingUp() || life.isAbandoned()) {
            session.end(Endings.ofHangUp());
            return;
        }
        Duration delay = recovery.next(ending, life.wasReady());
        if (delay == null) {
            boolean triedInVain = recovery.attempt() > 0 && (ending.mayPass() || current.stage() != Stage.READY);
            session.end(triedInVain ? Endings.after(recovery.attempt(), ending.reason()) : ending.reason());
        } else {
            replace(ending, delay, recovery.attempt());
        }
    }

    private void replace(Ending ending, Duration delay, int attempt) {
        Connection old = current;
        lastLoss = ending;
        owesReply |= old.wasReplying()
                || (old.stage() == Stage.READY && shared.conversation().owesReply());
        ResponseGate.Unmet unmet = old.gate().unmet();
        asked |= unmet.reply();
        askedWith.addAll(0, unmet.withOptions());
        if (unmet.brokenOff() > 0) {
            shared.audience()
                    .report(new Problem(
                            Problem.Kind.PROVIDER_ERROR,
                            "the connection was lost in the middle of " + unmet.brokenOff()
                                    + (unmet.brokenOff() == 1 ? " reply" : " replies")
                                    + " outside of the conversation. What came of it is not repeated: ask again"));
        }
        next();
        old.close();
        if (old.stage() == Stage.DIALING) {
            old.socket().abort();
        } else {
            replaced.add(old.socket());
        }
        shared.outgoing().detach();
        renewal.cancel();
        deadline.cancel();
        shared.stopwatches().onLost();
        if (life.reconnecting()) {
            shared.audience().state(SessionState.RECONNECTING);
        }
        shared.audience().reconnecting(new Reconnecting(ending.reason(), attempt, delay));
        recovery.begin(delay, shared.conversation().hasOpenCalls());
    }

    @Override
    public void leave(@Nullable String target) {
        session.leave(target);
    }

    private Ending tooLate() {
        return shared.endings().ofTimeout("did not become ready in " + LONGEST_CONNECT.toSeconds() + " s");
    }
}
