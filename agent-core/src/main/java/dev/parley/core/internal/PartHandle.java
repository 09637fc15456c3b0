package dev.parley.core.internal;

import dev.parley.core.Clock;
import dev.parley.core.Problem;
import dev.parley.core.SessionHandle;
import dev.parley.core.ToolOutcome;
import dev.parley.core.ToolProgress;
import dev.parley.core.ToolRequest;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.Setting;
import dev.parley.core.provider.Dialect;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What parts may do, handed on to the loop. One for all parts of a session. */
final class PartHandle implements SessionHandle {
    private static final Logger log = LoggerFactory.getLogger(PartHandle.class);

    private final VoiceSession session;
    private final SessionLoop loop;
    private final Clock clock;
    private final Dialect dialect;
    private final Executor threads;
    private final Executor onLoop;
    private final List<Writer> writers = new CopyOnWriteArrayList<>();

    /** A lane that the session's end waits for, and what a part calls its work. */
    record Writer(String name, SerialLane lane) {}

    PartHandle(VoiceSession session, SessionLoop loop, Clock clock, Dialect dialect, Executor threads) {
        this.session = session;
        this.loop = loop;
        this.clock = clock;
        this.dialect = dialect;
        this.threads = threads;
        this.onLoop = task -> loop.lane().execute(watched(task));
    }

    /** The lanes that were given out to be waited for; the list grows as more are asked for. */
    List<Writer> writers() {
        return writers;
    }

    @Override
    public VoiceSession session() {
        return session;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public int sampleRate() {
        return dialect.sampleRate();
    }

    @Override
    public Executor loop() {
        return onLoop;
    }

    @Override
    public Executor loopOn(Executor lent) {
        return task -> loop.lane().executeOn(lent, watched(task));
    }

    /** What it throws is no fault of the loop's, which would be told as Parley's own. */
    private Runnable watched(Runnable task) {
        Objects.requireNonNull(task);
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                workFailed("an extension", "the session's loop", e);
            }
        };
    }

    @Override
    public Executor serialExecutor(String name) {
        SerialLane lane = lane(name);
        writers.add(new Writer(name, lane));
        return lane;
    }

    @Override
    public Executor unawaitedExecutor(String name) {
        return lane(name);
    }

    private SerialLane lane(String name) {
        return new SerialLane(
                task -> threads.execute(() -> named(name, task)), e -> workFailed(name, "an executor of its own", e));
    }

    private void workFailed(String name, String where, Throwable e) {
        log.error("work of {} failed on {}", name, where, e);
        report(new Problem(
                Problem.Kind.EXTENSION_FAILED,
                "the work of " + name + " threw " + e.getClass().getSimpleName() + " on " + where
                        + "; the session goes on, and the log has more",
                e));
    }

    private static void named(String name, Runnable task) {
        Thread thread = Thread.currentThread();
        String before = thread.getName();
        thread.setName(before + " " + name);
        try {
            task.run();
        } finally {
            thread.setName(before);
        }
    }

    @Override
    public void send(ClientEvent event) {
        loop.sendFromOutside(event);
    }

    @Override
    public void answer(ToolRequest request, String outputJson) {
        loop.answer(request, outputJson, true);
    }

    @Override
    public void answerQuietly(ToolRequest request, String outputJson) {
        loop.answer(request, outputJson, false);
    }

    @Override
    public void hangUpAfterReply(ToolRequest request) {
        loop.leaveAfterReply(request, null);
    }

    @Override
    public void transferAfterReply(ToolRequest request, String target) {
        loop.leaveAfterReply(request, Objects.requireNonNull(target));
    }

    @Override
    public void report(ToolProgress progress) {
        loop.audience().report(progress);
    }

    @Override
    public void report(ToolOutcome outcome) {
        loop.audience().report(outcome);
    }

    @Override
    public void report(Problem problem) {
        loop.audience().report(problem);
    }

    @Override
    public void reportPastLoop(Problem problem) {
        loop.audience().reportPastLoop(problem);
    }

    @Override
    public void callerSpoke() {
        loop.callerSpoke();
    }

    @Override
    public boolean serverInterruptsRegardless() {
        return dialect.cancelsWhenCallerSpeaks() && !dialect.settings().contains(Setting.TURN_DETECTION);
    }

    @Override
    public void playedUpTo(String itemId, Duration heard) {
        loop.playedUpTo(itemId, TimeUnit.NANOSECONDS.convert(heard));
    }

    @Override
    public void playedUpToNanos(String itemId, long heardNanos) {
        loop.playedUpTo(itemId, heardNanos);
    }
}
