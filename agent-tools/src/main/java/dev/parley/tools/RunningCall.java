package dev.parley.tools;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A call from its arrival to its one result. Thread-safe: the worker, the timer and an interruption race, and the first
 * result stands.
 */
final class RunningCall {
    private final ToolCall call;
    private final Conversation conversation;
    private final Deadlines deadlines;
    private final Duration timeout;
    private final Executor executor;
    private final @Nullable Stopwatch watch;
    private final CompletableFuture<ToolResult> result = new CompletableFuture<>();
    private final AtomicBoolean settled = new AtomicBoolean();

    /** Set by whoever comes first: the tool that is about to run, or who sees to it that it never does. */
    private final AtomicBoolean entry = new AtomicBoolean();

    /** Owned by the lock, as is what follows: an interrupt reaches nobody who is done. */
    private @Nullable Thread worker;

    private @Nullable List<Runnable> onStop;
    private boolean stopped;
    private volatile Deadlines.@Nullable Deadline timer;
    private volatile @Nullable LentThread lent;

    /** Of the timeout, in nanoseconds. Stopped and gone on with in turn, by the one who asks for approval. */
    private long left;

    /** @param executor runs what the application wants run when the call is stopped: not the timer's thread, not the loop */
    RunningCall(
            ToolCall call,
            Conversation conversation,
            Deadlines deadlines,
            Duration timeout,
            Executor executor,
            @Nullable Stopwatch watch) {
        this.call = call;
        this.conversation = conversation;
        this.deadlines = deadlines;
        this.timeout = timeout;
        this.left = timeout.toNanos();
        this.executor = executor;
        this.watch = watch;
    }

    ToolCall call() {
        return call;
    }

    CompletionStage<ToolResult> result() {
        return result.minimalCompletionStage();
    }

    boolean settled() {
        return settled.get();
    }

    /** Whether it got its result from outside, and not from its own work. */
    synchronized boolean stopped() {
        return stopped;
    }

    /** Starts the timeout, or goes on with what was left of it when it was stopped. */
    void resume() {
        Deadlines.Deadline set = deadlines.schedule(left, this::timeOut);
        timer = set;
        if (settled()) {
            set.cancel(); // whoever settled it may not have seen the timer
        }
    }

    private void timeOut() {
        if (!stopUnlessEntered(CallRunner.notBegun(call.name(), timeout))) {
            stop(CallRunner.timeout(call.name(), timeout));
        }
    }

    /** Stops the timeout. */
    void pause() {
        Deadlines.Deadline set = timer;
        if (set != null) {
            left = set.left();
            set.cancel();
        }
    }

    /**
     * Gives the call its result, unless it has one.
     *
     * @return false if it had
     */
    boolean settle(ToolResult with) {
        if (!decide(with)) {
            return false;
        }
        tell(with);
        return true;
    }

    /**
     * As {@link #settle}, but nobody hears of the result until it is told.
     *
     * @return whether it is to be told
     */
    boolean decide(ToolResult with) {
        if (settled.getAndSet(true)) {
            return false;
        }
        Deadlines.Deadline set = timer;
        if (set != null) {
            set.cancel();
        }
        if (watch != null) {
            watch.ends(with);
        }
        conversation.ends(this, with);
        return true;
    }

    void tell(ToolResult decided) {
        result.complete(decided);
    }

    /** Offers the current thread to whoever hears of the result on it. */
    void lend(LentThread current) {
        lent = current;
    }

    /** The current thread, if it was lent; else null. */
    @Nullable
    LentThread lentThread() {
        LentThread thread = lent;
        return thread != null && thread.isCurrent() ? thread : null;
    }

    /** Settles the call from outside, and interrupts what still works for it. */
    void stop(ToolResult with) {
        if (!settle(with)) {
            return;
        }
        List<Runnable> tasks;
        synchronized (this) {
            stopped = true;
            if (worker != null) {
                worker.interrupt();
            }
            tasks = onStop;
            onStop = null;
        }
        if (tasks != null) {
            // What hangs on a tool's stage runs with its cancelling, and may take its time.
            tasks.forEach(task -> ToolThreads.elsewhere(executor, task));
        }
    }

    /**
     * Settles the call from outside if its tool was not run yet, and sees to it that it never is.
     *
     * @return false if the tool was run, or the call is settled
     */
    boolean stopUnlessEntered(ToolResult with) {
        if (settled() || entry.getAndSet(true)) {
            return false;
        }
        stop(with);
        return true;
    }

    /**
     * Said before the tool itself is run.
     *
     * @return false if it must not be, since the call is answered
     */
    boolean enter() {
        return !entry.getAndSet(true) && !settled();
    }

    /** Runs a task when the call is stopped; at once if it was. Never if it ends by itself. */
    void onStop(Runnable task) {
        synchronized (this) {
            if (!stopped) {
                onStop = onStop == null ? new ArrayList<>() : onStop;
                onStop.add(task);
                return;
            }
        }
        ToolThreads.elsewhere(executor, task);
    }

    /**
     * Says that the current thread works for the call.
     *
     * @return false if the call is settled already, so that there is nothing to do
     */
    synchronized boolean begin() {
        if (settled()) {
            return false;
        }
        worker = Thread.currentThread();
        if (watch != null) {
            watch.begins();
        }
        return true;
    }

    /** Whether the current thread works for the call, so that a timeout interrupts it. */
    boolean isWorker() {
        return isWorker(Thread.currentThread());
    }

    /** Whether a thread works for the call. */
    synchronized boolean isWorker(Thread thread) {
        return worker == thread;
    }

    /** The current thread's part is over; an interrupt that was meant for it must not reach the pool's next task. */
    synchronized void end() {
        if (worker == Thread.currentThread()) {
            worker = null;
        }
        if (settled()) {
            Thread.interrupted();
        }
    }
}
