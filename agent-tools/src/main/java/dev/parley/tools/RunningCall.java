package dev.parley.tools;

import dev.parley.core.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A call from its arrival to its one result. Thread-safe: the worker, the timer and an interruption race, and the first
 * result stands.
 */
final class RunningCall {
    private final ToolCall call;
    private final Deadlines deadlines;
    private final Duration timeout;
    private final CompletableFuture<ToolResult> result = new CompletableFuture<>();
    private @Nullable Thread worker;
    private @Nullable CompletableFuture<?> awaited;
    private Clock.@Nullable Timer timer;

    RunningCall(ToolCall call, Deadlines deadlines, Duration timeout) {
        this.call = call;
        this.deadlines = deadlines;
        this.timeout = timeout;
    }

    ToolCall call() {
        return call;
    }

    CompletionStage<ToolResult> result() {
        return result.minimalCompletionStage();
    }

    boolean settled() {
        return result.isDone();
    }

    /** Starts the timeout, afresh. */
    synchronized void resume() {
        if (!result.isDone()) {
            timer = deadlines.schedule(timeout, () -> stop(CallRunner.timeout(call.name(), timeout)));
        }
    }

    /** Stops the timeout. */
    synchronized void pause() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** Gives the call its result, unless it has one. */
    void settle(ToolResult with) {
        result.complete(with);
        pause();
    }

    /** Settles the call from outside, and interrupts what still works for it. */
    void stop(ToolResult with) {
        settle(with);
        CompletableFuture<?> stage;
        synchronized (this) {
            if (worker != null) {
                worker.interrupt();
            }
            stage = awaited;
        }
        if (stage != null) {
            stage.cancel(true);
        }
    }

    /**
     * Says that the current thread works for the call.
     *
     * @return false if the call is settled already, so that there is nothing to do
     */
    synchronized boolean begin() {
        if (result.isDone()) {
            return false;
        }
        worker = Thread.currentThread();
        return true;
    }

    /** The current thread's part is over; an interrupt that was meant for it must not reach the pool's next task. */
    synchronized void end() {
        worker = null;
        if (result.isDone()) {
            Thread.interrupted();
        }
    }

    /** The method answered with a stage; it is cancelled if the call is stopped before it completes. */
    void await(CompletionStage<?> stage) {
        CompletableFuture<?> future = stage.toCompletableFuture();
        boolean late;
        synchronized (this) {
            awaited = future;
            late = result.isDone();
        }
        if (late) {
            future.cancel(true);
        }
    }
}
