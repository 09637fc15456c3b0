package dev.parley.core.internal;

import dev.parley.core.Clock;
import dev.parley.core.CloseReason;
import dev.parley.core.History;
import dev.parley.core.Interruption;
import dev.parley.core.Problem;
import dev.parley.core.ReconnectPolicy;
import dev.parley.core.Reconnecting;
import dev.parley.core.SessionCounters;
import dev.parley.core.SessionState;
import dev.parley.core.ToolOutcome;
import dev.parley.core.ToolProgress;
import dev.parley.core.ToolRequest;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import dev.parley.core.event.SessionConfig;
import dev.parley.core.internal.Connection.Stage;
import dev.parley.core.internal.Endings.Ending;
import dev.parley.core.provider.Dialect;
import dev.parley.core.provider.Provider;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The owner of a session's state. Everything that changes it runs on one lane, one task at a time: events from the socket,
 * calls from the application, timers. So nothing here is locked; fields are touched on the loop unless they say otherwise.
 */
final class SessionLoop implements Connection.Owner {
    private static final Logger log = LoggerFactory.getLogger(SessionLoop.class);

    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(20);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(2);
    private static final Duration RENEWAL_LOOKS_AGAIN = Duration.ofSeconds(1);
    private static final double RENEWAL_SHARE = 0.9;
    private static final int BYTES_PER_SAMPLE = 2;
    private static final int LANE_SECONDS = 16;
    private static final int SECONDS_KEPT_BEFORE_READY = 5;

    private final Provider provider;
    private final Dialect dialect;
    private final Clock clock;
    private final SerialLane lane;
    private final Lifecycle life;
    private final ListenerLane listeners;
    private final Audience audience;
    private final ClientEventJson json;
    private final Endings endings;
    private final Outbox outbox;
    private final Recovery recovery;
    private final LoopTimer renewal;
    private final Stopwatches stopwatches;
    private final Counters counters = new Counters();

    private final ConversationLog conversation;
    private final Connection.Shared shared;

    /** Set before the first connection is opened, and final from then on. */
    private @Nullable Dialer dialer;

    private SessionConfig config = new SessionConfig(null, null, List.of());

    /** The connection that is open or being opened. What an earlier one still says is not heard. */
    private Connection connection;

    /** Whether the caller waits for an answer that the last connection took along. */
    private boolean owesReply;

    SessionLoop(
            Provider provider,
            ReconnectPolicy reconnect,
            @Nullable History earlier,
            Clock clock,
            Executor threads,
            ListenerLane listeners,
            EventCodec codec) {
        this.provider = provider;
        this.dialect = provider.dialect();
        this.clock = clock;
        this.listeners = listeners;
        this.audience = new Audience(listeners, this::report);
        this.json = new ClientEventJson(dialect);
        this.endings = new Endings(provider);
        this.lane = new SerialLane(threads, e -> log.error("a session's loop met a fault of its own", e));
        this.life = new Lifecycle(clock, lane);
        long bytesPerSecond = (long) dialect.sampleRate() * BYTES_PER_SAMPLE;
        this.outbox =
                new Outbox(clock, lane, LANE_SECONDS * bytesPerSecond, SECONDS_KEPT_BEFORE_READY * bytesPerSecond);
        this.recovery = new Recovery(reconnect, provider.credential().isAskedAnew(), clock, lane, this::dial);
        this.renewal = new LoopTimer(clock, lane);
        this.stopwatches = new Stopwatches(clock, audience::measured);
        this.conversation = new ConversationLog(earlier);
        this.shared = new Connection.Shared(
                provider, clock, lane, codec, audience, conversation, counters, stopwatches, endings, this);
        this.connection = new Connection(0, shared, config);
    }

    /** The session that listeners are told of. Called once, before all else. */
    void attach(VoiceSession self) {
        audience.attach(self);
    }

    /** Opens the connection; parts do not change from here on. Called once, off the loop. */
    CompletableFuture<VoiceSession> connect(Parts opened, SessionConfig sessionConfig, Dialer reaches) {
        lane.execute(() -> {
            audience.seat(opened);
            config = sessionConfig;
            dialer = reaches;
            stopwatches.onConnecting();
            life.within(
                    LONGEST_CONNECT,
                    () -> breakOff(endings.ofTimeout("did not become ready in " + LONGEST_CONNECT.toSeconds() + " s")
                            .reason()));
            audience.state(SessionState.CONNECTING);
            dial();
        });
        return life.whenReady();
    }

    // Connections.

    private void dial() {
        Dialer reaches = dialer;
        if (reaches == null || life.isClosed()) {
            return;
        }
        Connection next = new Connection(connection.number() + 1, shared, config);
        connection.close();
        connection = next;
        if (life.wasReady()) {
            life.within(
                    LONGEST_CONNECT,
                    () -> lost(endings.ofTimeout("did not become ready in " + LONGEST_CONNECT.toSeconds() + " s")));
        }
        var unused = reaches.request()
                .handleAsync(
                        (request, failure) -> {
                            if (next == connection && !life.isClosed()) {
                                open(reaches, next, request, failure);
                            }
                            return null;
                        },
                        lane);
    }

    private void open(Dialer reaches, Connection next, @Nullable Request request, @Nullable Throwable failure) {
        try {
            if (request != null) {
                reaches.open(next.socket(), request);
                return;
            }
        } catch (RuntimeException e) {
            lost(endings.ofFailure(e, 0));
            return;
        }
        Throwable cause = failure == null || failure.getCause() == null ? failure : failure.getCause();
        lost(endings.ofFailure(cause == null ? new IllegalStateException("no request") : cause, 0));
    }

    /** The socket is open. The server takes the configuration before its session.created has arrived: a round trip saved. */
    @Override
    public void opened() {
        life.configuring();
        if (life.state() == SessionState.CONFIGURING) {
            audience.state(SessionState.CONFIGURING);
        }
        conversation.giveUpOpenCalls();
        connection.carry(Instructions.latest(conversation.entries()));
        SessionConfig carrying = dialect.takesText()
                ? config
                : config.withInstructions(Instructions.with(config.instructions(), connection.carried()));
        ClientEvent configuration = new ClientEvent.SessionUpdate(carrying);
        audience.leaving(configuration);
        outbox.open(connection.socket(), json.of(configuration));
    }

    @Override
    public void confirmed() {
        if (life.isHangingUp()) {
            return;
        }
        boolean again = life.wasReady();
        connection.ready();
        life.configured();
        recovery.onReady();
        if (dialect.takesText()) {
            connection.carried().forEach(entry -> send(Instructions.message(entry), null));
        }
        audience.state(SessionState.READY);
        stopwatches.onReady();
        outbox.flow();
        if (again) {
            counters.reconnects.incrementAndGet();
            if (owesReply && dialect.acceptsResponseCreate()) {
                connection.gate().requestResponse(null);
            }
        }
        owesReply = false;
        Duration longest = dialect.longestSession();
        if (longest != null) {
            renewal.set(Duration.ofNanos((long) (longest.toNanos() * RENEWAL_SHARE)), this::renewWhenQuiet);
        }
        life.ready(audience.session());
    }

    /** Moves to a fresh connection between turns, before the provider ends the old one. */
    private void renewWhenQuiet() {
        if (connection.isQuiet() && !conversation.hasOpenCalls()) {
            replace(endings.ofRenewal(), Duration.ZERO, 0);
        } else {
            renewal.set(RENEWAL_LOOKS_AGAIN, this::renewWhenQuiet);
        }
    }

    @Override
    public boolean isCurrent(Connection asked) {
        return asked == connection && !life.isClosed();
    }

    @Override
    public void lostUnless(Duration within, Ending ending) {
        life.within(within, () -> lost(ending));
    }

    @Override
    public void endedUnless(Duration within, Ending ending) {
        if (!life.isHangingUp()) {
            life.within(within, () -> breakOff(ending.reason()));
        }
    }

    @Override
    public void lost(Ending ending) {
        if (life.isHangingUp() || life.isAbandoned()) {
            breakOff(Endings.ofHangUp());
            return;
        }
        Duration delay = recovery.next(ending, life.wasReady());
        if (delay == null) {
            breakOff(ending.reason());
        } else {
            replace(ending, delay, recovery.attempt());
        }
    }

    private void replace(Ending ending, Duration delay, int attempt) {
        Connection old = connection;
        connection = new Connection(old.number(), shared, config);
        owesReply |= old.wasReplying() || (old.stage() == Stage.READY && conversation.owesReply());
        old.close();
        old.socket().close();
        old.socket().abort();
        outbox.detach();
        renewal.cancel();
        stopwatches.onLost();
        if (life.reconnecting()) {
            audience.state(SessionState.RECONNECTING);
        }
        audience.reconnecting(new Reconnecting(ending.reason(), attempt, delay));
        recovery.begin(delay, conversation.hasOpenCalls());
    }

    // What the application and the parts ask.

    boolean appendAudio(ByteBuffer pcm16) {
        return outbox.offerAudio(pcm16);
    }

    void requestResponse(@Nullable ResponseOptions options) {
        Capabilities.check(dialect, new ClientEvent.CreateResponse(options));
        lane.execute(() -> connection.gate().requestResponse(options));
    }

    void sendText(String text) {
        ClientEvent.Message message = new ClientEvent.Message("user", text, null);
        Capabilities.check(dialect, message);
        lane.execute(() -> {
            conversation.onUserText(text);
            connection.gate().say(message);
        });
    }

    /** @param asks whether the reply is ours to ask for, where the server does not reply by itself */
    void commitAudio(boolean asks) {
        ClientEvent commit = new ClientEvent.CommitAudio();
        Capabilities.check(dialect, commit);
        lane.execute(() -> {
            audience.leaving(commit);
            outbox.sendAfterAudio(json.of(commit), () -> {
                if (asks && !config.repliesToSpeech()) {
                    connection.gate().requestResponse(null);
                }
            });
        });
    }

    void clearAudio() {
        ClientEvent clear = new ClientEvent.ClearAudio();
        Capabilities.check(dialect, clear);
        lane.execute(() -> {
            outbox.discardAudio();
            send(clear, null);
        });
    }

    /** The escape hatch: what the session itself keeps account of goes the same way as its own. */
    void sendFromOutside(ClientEvent event) {
        Capabilities.check(dialect, event);
        if (event instanceof ClientEvent.AppendAudio append) {
            appendAudio(append.audio());
        } else if (event instanceof ClientEvent.CommitAudio) {
            commitAudio(false);
        } else if (event instanceof ClientEvent.ClearAudio) {
            clearAudio();
        } else if (event instanceof ClientEvent.CreateResponse create) {
            requestResponse(create.options());
        } else if (event instanceof ClientEvent.ToolOutput output) {
            lane.execute(() -> connection.gate().answer(output.callId(), output.output(), true));
        } else if (event instanceof ClientEvent.SessionUpdate update) {
            lane.execute(() -> {
                config = update.config().over(config);
                send(update, null);
            });
        } else {
            lane.execute(() -> send(event, null));
        }
    }

    void answer(ToolRequest request, String output, boolean wantsReply) {
        lane.execute(() -> {
            boolean expected = conversation.onAnswer(request, output);
            if (request.connection() == connection.number() && connection.stage() == Stage.READY) {
                connection.farewell().onAnswer(request.callId(), wantsReply);
                connection.gate().answer(request.callId(), output, wantsReply);
            } else if (!expected) {
                tellLate(request, output, wantsReply);
            } else if (!conversation.hasOpenCalls()) {
                recovery.onCallsSettled();
            }
        });
    }

    /** A call that outlived its connection, and that the next one was told of as unknown. */
    private void tellLate(ToolRequest request, String output, boolean wantsReply) {
        if (dialect.takesText() && connection.stage() == Stage.READY) {
            send(Instructions.lateOutcome(request, output), null);
            if (wantsReply) {
                connection.gate().requestResponse(null);
            }
        } else {
            report(new Problem(
                    Problem.Kind.CALL_UNANSWERABLE,
                    "the tool " + request.name() + " ended after its connection was replaced, and " + provider.name()
                            + " could not be told how: it knows the outcome as unknown"));
        }
    }

    /** @param target to whom the caller goes then, or null */
    void leaveAfterReply(ToolRequest request, @Nullable String target) {
        lane.execute(() -> connection.farewell().afterReplyTo(request, target));
    }

    @Override
    public void leave(@Nullable String target) {
        if (target != null) {
            audience.transfer(target);
        }
        hangUp();
    }

    void interruptFromOutside() {
        lane.execute(() -> connection.interrupt(Interruption.Cause.REQUESTED, true));
    }

    void callerSpoke() {
        lane.execute(() -> connection.interrupt(Interruption.Cause.CALLER_SPOKE, true));
    }

    void playedUpTo(String itemId, Duration heard) {
        if (lane.isCurrent()) {
            connection.moveHeard(itemId, heard);
        } else {
            lane.execute(() -> connection.moveHeard(itemId, heard));
        }
    }

    void report(ToolOutcome outcome) {
        tell(() -> audience.outcome(outcome));
    }

    void report(ToolProgress progress) {
        tell(() -> audience.progress(progress));
    }

    @Override
    public void report(Problem problem) {
        tell(() -> audience.problem(problem));
    }

    /** Told in the order of the loop, wherever it comes from. */
    private void tell(Runnable telling) {
        lane.execute(() -> {
            if (!life.isEndTold()) {
                telling.run();
            }
        });
    }

    @Override
    public void send(ClientEvent event, @Nullable String eventId) {
        if (life.isClosed() || life.isHangingUp()) {
            return;
        }
        audience.leaving(event);
        outbox.sendControl(json.of(event, eventId));
    }

    // The end.

    /** Nobody waits for this session any more: it ends at once, and no listener hears of it. */
    void abandon() {
        lane.execute(() -> {
            life.abandon();
            breakOff(Endings.ofHangUp());
        });
    }

    void hangUp() {
        lane.execute(() -> {
            if (!life.hangUp()) {
                return;
            }
            if (connection.stage() == Stage.DIALING) {
                // There is nobody to say goodbye to.
                breakOff(Endings.ofHangUp());
            } else {
                connection.socket().close();
                life.within(LONGEST_CLOSE, () -> breakOff(Endings.ofHangUp()));
            }
        });
    }

    /** Ends the session; a peer that does not close by itself, or no longer can, is dropped. */
    private void breakOff(CloseReason reason) {
        connection.socket().abort();
        if (!life.close(reason)) {
            return;
        }
        connection.close();
        recovery.close();
        renewal.cancel();
        outbox.close();
        audience.state(SessionState.CLOSED);
        var unused = audience.whenSettled(clock)
                .thenComposeAsync(settled -> audience.closeParts(reason, clock), lane)
                .thenRunAsync(() -> tellEnd(reason), lane);
    }

    private void tellEnd(CloseReason reason) {
        life.endTold();
        if (life.wasReady() && !life.isAbandoned()) {
            audience.end(reason);
        }
        audience.afterwards(() -> life.ended(reason));
    }

    /** Where the session stands; what of it may be read from outside says so. */
    Lifecycle life() {
        return life;
    }

    Executor lane() {
        return lane;
    }

    /** Whether the caller may not wait for the session, because the session waits for the caller. */
    boolean isOwnThread() {
        return lane.isCurrent() || audience.isListening();
    }

    SessionCounters counters() {
        return counters.with(outbox, listeners);
    }
}
