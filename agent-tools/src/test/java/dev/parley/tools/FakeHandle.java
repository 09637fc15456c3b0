package dev.parley.tools;

import dev.parley.core.Clock;
import dev.parley.core.CloseReason;
import dev.parley.core.Problem;
import dev.parley.core.SessionCounters;
import dev.parley.core.SessionHandle;
import dev.parley.core.SessionState;
import dev.parley.core.ToolOutcome;
import dev.parley.core.ToolProgress;
import dev.parley.core.ToolRequest;
import dev.parley.core.UnsupportedByProviderException;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A session's handle that writes down what it is told; its loop is a thread of its own. */
final class FakeHandle implements SessionHandle, AutoCloseable {
    record Answer(String callId, String output) {}

    final List<Answer> answers = new CopyOnWriteArrayList<>();
    final List<Answer> quiet = new CopyOnWriteArrayList<>();
    /** What was asked of the session for a call, and its answer, in their order. */
    final List<String> order = new CopyOnWriteArrayList<>();

    final List<ResponseOptions> replies = new CopyOnWriteArrayList<>();
    volatile boolean takesOptions = true;
    final List<ToolProgress> progress = new CopyOnWriteArrayList<>();
    final List<ToolOutcome> outcomes = new CopyOnWriteArrayList<>();
    final List<Problem> problems = new CopyOnWriteArrayList<>();
    private final Clock clock;
    private final ExecutorService loop = Executors.newSingleThreadExecutor();

    FakeHandle(Clock clock) {
        this.clock = clock;
    }

    @Override
    public VoiceSession session() {
        return new FakeSession();
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public int sampleRate() {
        return 24_000;
    }

    @Override
    public Executor loop() {
        return loop;
    }

    @Override
    public Executor serialExecutor(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void send(ClientEvent event) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void answer(ToolRequest request, String outputJson) {
        order.add("answer " + request.callId());
        answers.add(new Answer(request.callId(), outputJson));
    }

    @Override
    public void answerQuietly(ToolRequest request, String outputJson) {
        quiet.add(new Answer(request.callId(), outputJson));
    }

    @Override
    public void hangUpAfterReply(ToolRequest request) {
        order.add("hang up after " + request.callId());
    }

    @Override
    public void transferAfterReply(ToolRequest request, String target) {
        order.add("transfer to " + target + " after " + request.callId());
    }

    @Override
    public void report(ToolProgress told) {
        progress.add(told);
    }

    @Override
    public void report(ToolOutcome outcome) {
        outcomes.add(outcome);
    }

    @Override
    public void report(Problem problem) {
        problems.add(problem);
    }

    @Override
    public void playedUpTo(String itemId, Duration heard) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        loop.shutdownNow();
    }

    private final class FakeSession implements VoiceSession {
        @Override
        public String conversationId() {
            return "conversation-7";
        }

        @Override
        public Map<String, Object> attributes() {
            return Map.of("customer", "Asha");
        }

        @Override
        public SessionState state() {
            return SessionState.READY;
        }

        @Override
        public boolean appendAudio(ByteBuffer pcm16) {
            return false;
        }

        @Override
        public void requestResponse() {}

        @Override
        public void commitAudio() {}

        @Override
        public void clearAudio() {}

        @Override
        public void requestResponse(ResponseOptions options) {
            if (!takesOptions) {
                throw new UnsupportedByProviderException("no options here");
            }
            replies.add(options);
        }

        @Override
        public void sendText(String text) {}

        @Override
        public void interrupt() {}

        @Override
        public void playedUpTo(String itemId, Duration heard) {}

        @Override
        public <T> T part(Class<T> type) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void send(ClientEvent event) {}

        @Override
        public SessionCounters counters() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean awaitClosed(Duration timeout) {
            return false;
        }

        @Override
        public @Nullable CloseReason closeReason() {
            return null;
        }

        @Override
        public void close() {}
    }
}
