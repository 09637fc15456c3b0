package dev.parley.core.internal;

import dev.parley.core.Clock;
import dev.parley.core.CloseReason;
import dev.parley.core.Interruption;
import dev.parley.core.Problem;
import dev.parley.core.SessionCounters;
import dev.parley.core.SessionState;
import dev.parley.core.ToolOutcome;
import dev.parley.core.ToolProgress;
import dev.parley.core.ToolRequest;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.ServerEvent.ErrorEvent;
import dev.parley.core.event.SessionConfig;
import dev.parley.core.provider.Dialect;
import dev.parley.core.provider.Provider;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The owner of a session's state. Everything that changes it runs on one lane, one task at a time: events from the socket,
 * calls from the application, timers. So nothing here is locked; fields are touched on the loop unless they say otherwise.
 */
final class SessionLoop implements RealtimeSocket.Events {
    private static final Logger log = LoggerFactory.getLogger(SessionLoop.class);

    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(20);
    private static final Duration LONGEST_AFTER_REFUSED_CONFIG = Duration.ofSeconds(2);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(2);
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
    private final EventCodec codec;
    private final Endings endings;
    private final Outbox outbox;
    private final ResponseGate gate;
    private final CallAssembler calls;
    private final ReplyTracker replies;
    private final Farewell farewell;
    private final RealtimeSocket socket;

    private final Counters counters = new Counters();

    /** Set before the socket is opened, and final from then on. */
    private SessionConfig config = new SessionConfig(null, null, List.of());

    private @Nullable ErrorEvent lastError;
    private boolean configurationRefused;

    SessionLoop(Provider provider, Clock clock, Executor threads, ListenerLane listeners, EventCodec codec) {
        this.provider = provider;
        this.dialect = provider.dialect();
        this.clock = clock;
        this.listeners = listeners;
        this.audience = new Audience(listeners, this::report);
        this.codec = codec;
        this.endings = new Endings(provider);
        this.lane = new SerialLane(threads, e -> log.error("a session's loop met a fault of its own", e));
        this.life = new Lifecycle(clock, lane);
        long bytesPerSecond = (long) dialect.sampleRate() * BYTES_PER_SAMPLE;
        this.outbox =
                new Outbox(clock, lane, LANE_SECONDS * bytesPerSecond, SECONDS_KEPT_BEFORE_READY * bytesPerSecond);
        this.gate = new ResponseGate(dialect, clock, lane, this::send);
        this.calls = new CallAssembler(this::onCall, this::report);
        this.replies = new ReplyTracker(dialect.sampleRate());
        this.farewell = new Farewell(clock, lane, replies, this::leave);
        this.socket = new RealtimeSocket(codec, lane, this);
    }

    /** The session that listeners are told of. Called once, before all else. */
    void attach(VoiceSession self) {
        audience.attach(self);
    }

    /** Opens the connection; parts and configuration do not change from here on. Called once, off the loop. */
    CompletableFuture<VoiceSession> connect(
            Parts opened, SessionConfig sessionConfig, OkHttpClient client, Request request) {
        lane.execute(() -> {
            audience.seat(opened);
            config = sessionConfig;
            life.within(
                    LONGEST_CONNECT,
                    () -> breakOff(endings.ofTimeout("did not become ready in " + LONGEST_CONNECT.toSeconds() + " s")));
            audience.state(SessionState.CONNECTING);
            try {
                socket.connect(client, request);
            } catch (RuntimeException e) {
                end(endings.ofFailure(e, 0));
            }
        });
        return life.whenReady();
    }

    // What the socket tells.

    @Override
    public void onOpen() {
        if (life.state() != SessionState.CONNECTING) {
            return;
        }
        life.configuring();
        audience.state(SessionState.CONFIGURING);
        // The provider accepts the configuration before its session.created has arrived: a round trip saved.
        ClientEvent configuration = new ClientEvent.SessionUpdate(config);
        audience.leaving(configuration);
        outbox.open(socket, codec.encode(configuration));
    }

    @Override
    public void onEvent(ServerEvent event) {
        if (life.isClosed()) {
            return;
        }
        if (event instanceof ServerEvent.OutputAudio audio) {
            onAudio(audio);
            return;
        }
        beforeParts(event);
        audience.event(event);
        afterParts(event);
    }

    @Override
    public void onMalformed(String why) {
        if (life.isClosed()) {
            return;
        }
        counters.malformed.incrementAndGet();
        report(new Problem(
                Problem.Kind.MALFORMED_MESSAGE, provider.name() + " sent a message that was skipped: " + why));
    }

    @Override
    public void onClosed(int code, String reason) {
        end(life.isHangingUp() ? endings.ofHangUp() : endings.ofClose(code, lastError));
    }

    @Override
    public void onFailure(Throwable failure, int httpStatus) {
        end(life.isHangingUp() ? endings.ofHangUp() : endings.ofFailure(failure, httpStatus));
    }

    private void onAudio(ServerEvent.OutputAudio audio) {
        int bytes = audio.audio().remaining();
        counters.audioReceived.addAndGet(bytes);
        if (replies.isOver(audio.responseId())) {
            counters.lateAudio.addAndGet(bytes);
            if (replies.isFirstLateAudio(audio.responseId())) {
                report(new Problem(
                        Problem.Kind.OUT_OF_ORDER,
                        provider.name() + " sent audio for a reply that was already done; it is dropped and counted"));
            }
            return;
        }
        replies.received(audio.responseId(), audio.itemId(), bytes);
        audience.event(audio);
    }

    /** What must have happened before a part sees the event: above all, silence before anything else. */
    private void beforeParts(ServerEvent event) {
        if (event instanceof ServerEvent.SessionUpdated
                && life.state() == SessionState.CONFIGURING
                && !life.isHangingUp()) {
            becomeReady();
        } else if (event instanceof ServerEvent.SpeechStarted) {
            gate.onSpeechStarted();
            farewell.cancel();
            if (dialect.cancelsWhenCallerSpeaks()) {
                interrupt(Interruption.Cause.CALLER_SPOKE, false);
            }
        } else if (event instanceof ServerEvent.SpeechStopped) {
            gate.onSpeechStopped();
        } else if (event instanceof ServerEvent.ResponseCreated created) {
            replies.begin(created.responseId());
            farewell.onReplyCreated();
            lastError = null;
            if (!gate.onReplyCreated()) {
                cancelUnwantedReply();
            }
        } else if (event instanceof ServerEvent.ResponseDone done) {
            if (!replies.active() && !replies.isOver(done.responseId())) {
                report(new Problem(
                        Problem.Kind.OUT_OF_ORDER, provider.name() + " ended a reply that it had not begun"));
            }
            boolean cutByProvider = done.cancelled() && replies.isActive(done.responseId());
            if (cutByProvider) {
                interrupt(Interruption.Cause.PROVIDER, false);
            }
            replies.end(done.responseId());
        } else if (event instanceof ServerEvent.Unrecognized) {
            counters.unrecognized.incrementAndGet();
        }
    }

    /** What follows from the event, once every part has seen it. */
    private void afterParts(ServerEvent event) {
        if (event instanceof ServerEvent.FunctionCallArguments arguments) {
            calls.onArguments(arguments);
        } else if (event instanceof ServerEvent.OutputItem output) {
            calls.onItem(output.responseId(), output.item(), output.done());
        } else if (event instanceof ServerEvent.ItemCreated created) {
            calls.onItem(null, created.item(), "completed".equals(created.item().status()));
        } else if (event instanceof ServerEvent.ResponseDone done) {
            calls.onResponseDone(done, replies::isOver);
            gate.onReplyDone();
            farewell.onReplyDone();
        } else if (event instanceof ErrorEvent error) {
            onError(error);
        }
    }

    private void onError(ErrorEvent error) {
        lastError = error;
        report(new Problem(
                Problem.Kind.PROVIDER_ERROR,
                provider.name() + " reports " + Endings.nameOf(error)
                        + (error.message() == null ? "" : ": " + error.message())));
        if (life.state() == SessionState.CONFIGURING && !life.isHangingUp() && !configurationRefused) {
            configurationRefused = true;
            // A refused configuration is never confirmed; a refused key is followed by a close, which says more.
            life.within(
                    LONGEST_AFTER_REFUSED_CONFIG,
                    () -> breakOff(
                            endings.ofTimeout("answered the configuration with the error " + Endings.nameOf(error))));
        }
    }

    private void onCall(ToolRequest request) {
        gate.onCall(request.callId());
        if (!audience.request(request)) {
            log.debug("no part of the session answers the tool {}; the application may", request.name());
        }
    }

    // What the application and the parts ask.

    boolean appendAudio(ByteBuffer pcm16) {
        return outbox.offerAudio(pcm16);
    }

    void requestResponse(@Nullable ResponseOptions options) {
        ResponseGate.checkRequestsAreObeyed(dialect, options);
        lane.execute(() -> gate.requestResponse(options));
    }

    void answer(ToolRequest request, String output, boolean wantsReply) {
        lane.execute(() -> {
            gate.answer(request.callId(), output, wantsReply);
            farewell.onAnswer(request.callId(), wantsReply);
        });
    }

    /** @param target to whom the caller goes then, or null */
    void leaveAfterReply(ToolRequest request, @Nullable String target) {
        lane.execute(() -> farewell.afterReplyTo(request, target));
    }

    private void leave(@Nullable String target) {
        if (target != null) {
            audience.transfer(target);
        }
        hangUp();
    }

    void sendFromOutside(ClientEvent event) {
        if (event instanceof ClientEvent.AppendAudio append) {
            appendAudio(append.audio());
        } else {
            lane.execute(() -> send(event));
        }
    }

    void interruptFromOutside() {
        lane.execute(() -> interrupt(Interruption.Cause.REQUESTED, true));
    }

    void callerSpoke() {
        lane.execute(() -> interrupt(Interruption.Cause.CALLER_SPOKE, true));
    }

    void playedUpTo(String itemId, Duration heard) {
        if (lane.isCurrent()) {
            moveHeard(itemId, heard);
        } else {
            lane.execute(() -> moveHeard(itemId, heard));
        }
    }

    void report(ToolOutcome outcome) {
        lane.execute(() -> {
            if (!life.isEndTold()) {
                audience.outcome(outcome);
            }
        });
    }

    void report(ToolProgress progress) {
        lane.execute(() -> {
            if (!life.isEndTold()) {
                audience.progress(progress);
            }
        });
    }

    void report(Problem problem) {
        // Told in the order of the loop, wherever it comes from.
        lane.execute(() -> {
            if (!life.isEndTold()) {
                audience.problem(problem);
            }
        });
    }

    private void moveHeard(String itemId, Duration heard) {
        Duration moved = replies.heard(itemId, heard);
        if (moved != null) {
            audience.heard(itemId, moved);
            farewell.onHeard();
        }
    }

    /** First the sound, then the provider. */
    private void interrupt(Interruption.Cause cause, boolean providerMustBeTold) {
        boolean wasPlaying = audience.silence(cause);
        boolean wasActive = replies.active();
        if (!wasPlaying && !wasActive) {
            return;
        }
        farewell.cancel();
        replies.flushed();
        String response = wasActive ? replies.current() : replies.responseOf(replies.lastHeardItem());
        if (wasActive) {
            replies.cancel();
            if (providerMustBeTold) {
                send(new ClientEvent.CancelResponse(null));
            }
        }
        boolean knownItem = replies.lastHeardItem() != null && (!wasActive || replies.lastHeardIsCurrent());
        String item = knownItem ? replies.lastHeardItem() : null;
        audience.interrupted(new Interruption(cause, response, item, replies.heardOf(item)));
    }

    /** A reply that nobody asked for: it ends before its first word, which is no interruption of anything. */
    private void cancelUnwantedReply() {
        replies.cancel();
        send(new ClientEvent.CancelResponse(null));
    }

    private void send(ClientEvent event) {
        if (life.isClosed() || life.isHangingUp()) {
            return;
        }
        audience.leaving(event);
        outbox.sendControl(codec.encode(event));
    }

    // Beginning and end.

    private void becomeReady() {
        life.configured();
        audience.state(SessionState.READY);
        outbox.flow();
        life.ready(audience.session());
    }

    /** Nobody waits for this session any more: it ends at once, and no listener hears of it. */
    void abandon() {
        lane.execute(() -> {
            life.abandon();
            breakOff(endings.ofHangUp());
        });
    }

    void hangUp() {
        lane.execute(() -> {
            if (life.hangUp()) {
                socket.close();
                life.within(LONGEST_CLOSE, () -> breakOff(endings.ofHangUp()));
            }
        });
    }

    private void end(CloseReason reason) {
        if (!life.close(reason)) {
            return;
        }
        gate.close();
        farewell.cancel();
        outbox.close();
        audience.state(SessionState.CLOSED);
        var unused = audience.whenSettled(clock)
                .thenComposeAsync(settled -> audience.closeParts(reason, clock), lane)
                .thenRunAsync(() -> tellEnd(reason), lane);
    }

    /** For a peer that does not close by itself, or no longer can. */
    private void breakOff(CloseReason reason) {
        socket.abort();
        end(reason);
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
