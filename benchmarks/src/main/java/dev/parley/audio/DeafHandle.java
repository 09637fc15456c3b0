package dev.parley.audio;

import dev.parley.core.Problem;
import dev.parley.core.SessionHandle;
import dev.parley.core.ToolOutcome;
import dev.parley.core.ToolProgress;
import dev.parley.core.ToolRequest;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ClientEvent;
import java.time.Duration;
import java.util.concurrent.Executor;

/** What a part may do in a {@link DeafSession}: everything at once, and it keeps how far the agent was heard. */
final class DeafHandle implements SessionHandle {
    private final DeafSession session;
    private final HandClock clock;
    private long heardNanos;

    DeafHandle(DeafSession session, HandClock clock) {
        this.session = session;
        this.clock = clock;
    }

    long heardNanos() {
        return heardNanos;
    }

    @Override
    public VoiceSession session() {
        return session;
    }

    @Override
    public HandClock clock() {
        return clock;
    }

    @Override
    public int sampleRate() {
        return 24_000;
    }

    @Override
    public Executor loop() {
        return Runnable::run;
    }

    @Override
    public Executor serialExecutor(String name) {
        return Runnable::run;
    }

    @Override
    public void playedUpTo(String itemId, Duration position) {
        playedUpToNanos(itemId, position.toNanos());
    }

    @Override
    public void playedUpToNanos(String itemId, long position) {
        heardNanos = position;
    }

    @Override
    public void report(Problem problem) {
        throw new IllegalStateException(problem.message(), problem.error());
    }

    @Override
    public void send(ClientEvent event) {}

    @Override
    public void answer(ToolRequest request, String outputJson) {}

    @Override
    public void answerQuietly(ToolRequest request, String outputJson) {}

    @Override
    public void hangUpAfterReply(ToolRequest request) {}

    @Override
    public void transferAfterReply(ToolRequest request, String target) {}

    @Override
    public void report(ToolProgress progress) {}

    @Override
    public void report(ToolOutcome outcome) {}
}
