package dev.parley.audio;

import dev.parley.core.Clock;
import dev.parley.core.CloseReason;
import dev.parley.core.Interruption;
import dev.parley.core.Problem;
import dev.parley.core.SessionCounters;
import dev.parley.core.SessionHandle;
import dev.parley.core.SessionPart;
import dev.parley.core.SessionState;
import dev.parley.core.ToolOutcome;
import dev.parley.core.ToolProgress;
import dev.parley.core.ToolRequest;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import dev.parley.core.event.ServerEvent;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** As much of a session as parts see, on one thread: every executor runs its task at once, unless told otherwise. */
public class FakeSession implements VoiceSession, SessionHandle {
    public final TestClock clock = new TestClock();
    public final List<Problem> problems = new ArrayList<>();
    public final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    public final List<Long> sentAtMillis = new ArrayList<>();
    public final Map<String, Duration> heard = new LinkedHashMap<>();
    public final List<SessionPart> parts = new ArrayList<>();
    public String conversationId = "c1";
    /** When a part found out by itself that the caller spoke. */
    public final List<Long> interruptedAtMillis = new ArrayList<>();

    /** Executors for parts that are not to run at once. */
    public final Map<String, Executor> lanes = new HashMap<>();

    /** At once on whatever thread, unless told otherwise. */
    public Executor loop = Runnable::run;

    public boolean full;
    /** What every append throws, or null. */
    public @Nullable RuntimeException appendFails;
    /** Whether what is sent is kept: not in a test of hours. */
    public boolean keepsSent = true;
    /** As of a dialect that cancels by itself and has no settings. */
    public boolean interruptsRegardless;

    private final int sampleRate;
    private SessionState state = SessionState.CONNECTING;

    public FakeSession(int sampleRate) {
        this.sampleRate = sampleRate;
    }

    public void state(SessionState next) {
        state = next;
        if (next == SessionState.RECONNECTING) {
            // positions are of a connection's own items
            heard.clear();
        }
        parts.forEach(part -> part.onState(next));
    }

    /** As the real session is for a moment: over, and its parts do not know yet. */
    public void closedBeforeThePartsHear() {
        state = SessionState.CLOSED;
        full = true;
    }

    public void event(ServerEvent event) {
        parts.forEach(part -> part.onServerEvent(event));
    }

    /** As the real session does it: first silence, then the news. */
    public void interrupt(@Nullable String responseId, @Nullable String itemId) {
        parts.forEach(part -> part.silence(Interruption.Cause.CALLER_SPOKE));
        Duration at = itemId == null ? Duration.ZERO : heard.getOrDefault(itemId, Duration.ZERO);
        Interruption told = new Interruption(Interruption.Cause.CALLER_SPOKE, responseId, itemId, at);
        parts.forEach(part -> part.onInterrupted(told));
    }

    public void hangUp() {
        CloseReason reason = new CloseReason(CloseReason.Kind.CLOSED_BY_US, 1000, "hung up", null);
        state(SessionState.CLOSED);
        parts.forEach(part -> part.onClosed(reason));
    }

    @Override
    public VoiceSession session() {
        return this;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public int sampleRate() {
        return sampleRate;
    }

    @Override
    public Executor loop() {
        return loop;
    }

    @Override
    public Executor serialExecutor(String name) {
        return lanes.getOrDefault(name, Runnable::run);
    }

    @Override
    public void answer(ToolRequest request, String outputJson) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void answerQuietly(ToolRequest request, String outputJson) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void hangUpAfterReply(ToolRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void transferAfterReply(ToolRequest request, String target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void report(ToolProgress told) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void report(ToolOutcome outcome) {
        parts.forEach(part -> part.onToolOutcome(outcome));
    }

    @Override
    public void report(Problem problem) {
        problems.add(problem);
    }

    /** What was told without the loop. */
    public final List<Problem> problemsPastLoop = new ArrayList<>();

    @Override
    public void reportPastLoop(Problem problem) {
        problemsPastLoop.add(problem);
    }

    @Override
    public void playedUpTo(String itemId, Duration position) {
        if (position.compareTo(heard.getOrDefault(itemId, Duration.ZERO)) > 0) {
            heard.put(itemId, position);
            parts.forEach(part -> part.onPlayedUpTo(itemId, position));
        }
    }

    @Override
    public boolean serverInterruptsRegardless() {
        return interruptsRegardless;
    }

    @Override
    public String conversationId() {
        return conversationId;
    }

    @Override
    public Map<String, Object> attributes() {
        return Map.of();
    }

    @Override
    public SessionState state() {
        return state;
    }

    @Override
    public boolean appendAudio(ByteBuffer pcm16) {
        if (full) {
            return false;
        }
        if (appendFails != null) {
            throw appendFails;
        }
        if (!keepsSent) {
            return true;
        }
        sent.writeBytes(Pcm.bytes(pcm16));
        sentAtMillis.add(clock.nanoTime() / 1_000_000);
        return true;
    }

    @Override
    public void requestResponse() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void commitAudio() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void clearAudio() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void requestResponse(ResponseOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void sendText(String text) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void interrupt() {
        parts.forEach(part -> part.silence(Interruption.Cause.REQUESTED));
    }

    @Override
    public void callerSpoke() {
        interruptedAtMillis.add(clock.nanoTime() / 1_000_000);
        parts.forEach(part -> part.silence(Interruption.Cause.CALLER_SPOKE));
    }

    @Override
    public <T> T part(Class<T> type) {
        return parts.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow(NoSuchElementException::new);
    }

    @Override
    public void send(ClientEvent event) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SessionCounters counters() {
        return new SessionCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public boolean awaitClosed(Duration timeout) {
        return state == SessionState.CLOSED;
    }

    @Override
    public @Nullable CloseReason closeReason() {
        return null;
    }

    @Override
    public void close() {
        hangUp();
    }
}
