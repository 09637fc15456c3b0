package dev.parley.core.internal;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one at a time and in order, on threads that it borrows from an executor: confinement without a thread of its
 * own. What one task wrote, the next one reads, whichever threads they run on.
 */
final class SerialLane implements Executor {
    private static final int TASKS_A_TURN = 256;

    private final Executor threads;
    private final Consumer<Throwable> onFailure;
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    /** Tasks that are queued or running; whoever raises it from zero starts a turn. */
    private final AtomicInteger pending = new AtomicInteger();

    private volatile @Nullable Thread runner;

    /** @param onFailure told what a task throws; the lane goes on */
    SerialLane(Executor threads, Consumer<Throwable> onFailure) {
        this.threads = threads;
        this.onFailure = onFailure;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (pending.getAndIncrement() == 0) {
            threads.execute(this::turn);
        }
    }

    /**
     * As {@link #execute}, but where nothing runs or waits the turn that begins is given to another executor. If that
     * refuses, the turn is the lane's own threads'; if it runs what it was given twice, the second time does nothing.
     */
    void executeOn(Executor lent, Runnable task) {
        tasks.add(task);
        if (pending.getAndIncrement() == 0) {
            AtomicBoolean begun = new AtomicBoolean();
            Runnable once = () -> {
                if (begun.compareAndSet(false, true)) {
                    turn();
                }
            };
            try {
                lent.execute(once);
            } catch (RuntimeException | Error refused) {
                threads.execute(once);
            }
        }
    }

    /**
     * As {@link #execute}, but where nothing runs or waits the task runs here and now: the caller lends its thread, for this
     * task and for those that come meanwhile. For threads that hold no lock and can wait as long as the lane's own.
     *
     * <p>The thread comes back with its interrupt flag clear, as it would go back to a pool: what a task left set is not meant
     * for what the caller waits for next.
     */
    void executeHere(Runnable task) {
        tasks.add(task);
        if (pending.getAndIncrement() == 0) {
            turn();
            var unused = Thread.interrupted();
        }
    }

    /** Whether the caller runs on this lane. */
    boolean isCurrent() {
        return runner == Thread.currentThread();
    }

    /** How many tasks wait or run. */
    int pending() {
        return pending.get();
    }

    private void turn() {
        runner = Thread.currentThread();
        int done = 0;
        try {
            do {
                Runnable task = tasks.poll();
                if (task != null) {
                    run(task);
                }
                done++;
                // A lane that never empties lets other lanes have the thread now and then.
                if (done >= TASKS_A_TURN && pending.get() > 1) {
                    pending.decrementAndGet();
                    runner = null;
                    threads.execute(this::turn);
                    return;
                }
            } while (decrementAndStay());
        } catch (RejectedExecutionException e) {
            onFailure.accept(e);
        }
    }

    /** Clears the runner before the count can reach zero: afterwards another thread may already be in its turn. */
    private boolean decrementAndStay() {
        if (pending.get() == 1) {
            runner = null;
            if (pending.decrementAndGet() == 0) {
                return false;
            }
            runner = Thread.currentThread();
            return true;
        }
        pending.decrementAndGet();
        return true;
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            onFailure.accept(e);
        }
    }
}
