package dev.parley.core.internal;

import dev.parley.core.Clock;
import dev.parley.core.CloseReason;
import dev.parley.core.Interruption;
import dev.parley.core.Measurement;
import dev.parley.core.Problem;
import dev.parley.core.Reconnecting;
import dev.parley.core.SessionListener;
import dev.parley.core.SessionPart;
import dev.parley.core.SessionState;
import dev.parley.core.ToolOutcome;
import dev.parley.core.ToolProgress;
import dev.parley.core.ToolRequest;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.SessionConfig;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everybody who is told what happens in a session: the parts first, in their order and on the loop, then the listeners, on
 * their lane; sensitive arguments are masked for both. On the loop, but for reports.
 */
final class Audience {
    /** Bytes of what holds next to nothing. */
    private static final long LIGHT = 128;

    private final ListenerLane listeners;
    private final Executor loop;
    private final Lifecycle life;
    private Parts parts = Parts.none();

    /** Set once, before anything can happen. */
    private volatile @Nullable VoiceSession session;

    /** Made once, for what parts are told every 20 ms. */
    private final Consumer<Problem> partFailed = this::report;

    /** Whether whatever comes now is past the end. The listeners' lane's alone. */
    private boolean over;

    Audience(ListenerLane listeners, Executor loop, Lifecycle life) {
        this.listeners = listeners;
        this.loop = loop;
        this.life = life;
    }

    void attach(VoiceSession self) {
        session = self;
    }

    void seat(Parts opened) {
        parts = opened;
    }

    /** A change of the configuration, as far as the parts leave it to the server. */
    SessionConfig withoutInterruptions(SessionConfig change) {
        return parts.withoutInterruptions(change);
    }

    VoiceSession session() {
        return Objects.requireNonNull(session, "attached before all else");
    }

    void state(SessionState state) {
        tellParts(part -> part.onState(state));
        if (state != SessionState.CLOSED) {
            listeners.tell(listener -> listener.onState(session(), state));
        }
    }

    void reconnecting(Reconnecting attempt) {
        tellListeners(listener -> listener.onReconnecting(session(), attempt));
    }

    void measured(Measurement.What what, Duration took) {
        Measurement measurement = new Measurement(what, took);
        listeners.tellEvent(LIGHT, listener -> listener.onMeasured(session(), measurement));
    }

    void event(ServerEvent event) {
        ServerEvent shown = parts.masked(event);
        tellParts(part -> part.onServerEvent(shown));
        listeners.tellEvent(weight(shown), listener -> listener.onEvent(session(), shown));
    }

    /** What an event holds in memory, roughly: words take two bytes a letter at most. */
    private static long weight(ServerEvent event) {
        if (event instanceof ServerEvent.OutputAudio audio) {
            return LIGHT + audio.audio().remaining();
        } else if (event instanceof ServerEvent.Unrecognized other) {
            return LIGHT + 2L * other.json().length();
        } else if (event instanceof ServerEvent.OutputTranscript words) {
            return LIGHT + 2L * words.delta().length();
        } else if (event instanceof ServerEvent.OutputText words) {
            return LIGHT + 2L * words.delta().length();
        } else if (event instanceof ServerEvent.InputTranscript words) {
            return LIGHT + 2L * words.transcript().length();
        } else if (event instanceof ServerEvent.FunctionCallArguments call) {
            return LIGHT + 2L * call.arguments().length();
        } else if (event instanceof ServerEvent.ItemCreated created) {
            return weight(created.item());
        } else if (event instanceof ServerEvent.OutputItem output) {
            return weight(output.item());
        } else if (event instanceof ServerEvent.ResponseDone done) {
            return done.output().stream().mapToLong(Audience::weight).sum() + LIGHT;
        }
        return LIGHT;
    }

    private static long weight(ServerEvent.Item item) {
        String arguments = item.arguments();
        return LIGHT + 2L * (item.text().length() + (arguments == null ? 0 : arguments.length()));
    }

    void leaving(ClientEvent event) {
        ClientEvent shown = parts.masked(event);
        tellParts(part -> part.onClientEvent(shown));
    }

    /** False if no part has tools: the application may answer by itself. */
    boolean request(ToolRequest request) {
        ToolRequest shown = parts.masked(request);
        tellListeners(listener -> listener.onToolRequest(session(), shown));
        return parts.request(request, this::report);
    }

    /** How a tool call ended. From any thread, as all reports: told in the order of the loop, and not after the end. */
    void report(ToolOutcome outcome) {
        onLoop(() -> {
            ToolOutcome shown = parts.masked(outcome);
            tellParts(part -> part.onToolOutcome(shown));
            tellListeners(listener -> listener.onToolOutcome(session(), shown));
        });
    }

    void report(ToolProgress progress) {
        onLoop(() -> {
            ToolProgress shown = new ToolProgress(parts.masked(progress.request()), progress.text());
            listeners.tellEvent(LIGHT, listener -> listener.onToolProgress(session(), shown));
        });
    }

    void report(Problem problem) {
        onLoop(() -> reportPastLoop(problem));
    }

    /** From any thread, without the loop: it is held up. */
    void reportPastLoop(Problem problem) {
        listeners.tellEvent(LIGHT, listener -> {
            if (!over) {
                listener.onProblem(session(), problem);
            }
        });
    }

    /** From here on listeners are told of nothing but the end. What was told before stands before this on their lane. */
    void over() {
        listeners.afterwards(() -> over = true);
    }

    /** The loop itself failed at something. On the loop, and by no task of its own, which could fail in the same way. */
    void failed(Throwable fault) {
        if (!life.isEndTold()) {
            Problem problem = new Problem(
                    Problem.Kind.INTERNAL_FAULT,
                    "Parley failed at an event or a request with "
                            + fault.getClass().getSimpleName()
                            + " and went on without it. Please report what the log has",
                    fault);
            listeners.tellEvent(LIGHT, listener -> listener.onProblem(session(), problem));
        }
    }

    void transfer(String target) {
        tellListeners(listener -> listener.onTransfer(session(), target));
    }

    /** Whether any part was playing. */
    boolean silence(Interruption.Cause cause) {
        return parts.silence(cause, this::report);
    }

    void interrupted(Interruption interruption) {
        tellParts(part -> part.onInterrupted(interruption));
        tellListeners(listener -> listener.onInterrupted(session(), interruption));
    }

    void heard(String itemId, long upToNanos) {
        parts.heard(itemId, upToNanos, partFailed);
    }

    /** Completes when nothing that matters runs in any part any more. */
    CompletableFuture<Void> whenSettled(Clock clock) {
        return parts.whenSettled(clock, this::report);
    }

    /** The parts' last call; completes when what they still write (a recording, a transcript) is on disk. */
    CompletableFuture<Void> closeParts(CloseReason reason, Clock clock) {
        tellParts(part -> part.onClosed(reason));
        return parts.whenWritten(clock, this::report);
    }

    /** The listeners' last call. */
    void end(CloseReason reason) {
        tellListeners(listener -> listener.onClosed(session(), reason));
    }

    /** Somebody waited in vain for the listeners to hear of the end. */
    void warnOfWhoDoesNotReturn() {
        listeners.warnOfWhoDoesNotReturn();
    }

    /** Runs once the listeners have heard everything so far. */
    void afterwards(Runnable task) {
        listeners.afterwards(task);
    }

    /** Events and problems that listeners missed. */
    long eventsDropped() {
        return listeners.eventsDropped();
    }

    /** Whether the caller is a listener. */
    boolean isListening() {
        return listeners.isCurrent();
    }

    private void onLoop(Runnable telling) {
        loop.execute(() -> {
            if (!life.isEndTold()) {
                telling.run();
            }
        });
    }

    private void tellParts(Consumer<SessionPart> call) {
        parts.each(this::report, call);
    }

    private void tellListeners(Consumer<SessionListener> call) {
        listeners.tell(call);
    }
}
