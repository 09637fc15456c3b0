package dev.parley.tools;

import dev.parley.core.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The timeouts of running calls, on one timer of the clock's. Nearly every call ends long before its timeout, so setting one
 * and taking it back must be cheap: the timer is armed for the earliest and left alone when a call ends; when it fires for
 * nobody, it is armed for who is left. What is taken back only lets go of its call, and is cleared away when its place is
 * needed, or when the timer fires. Thread-safe.
 */
final class Deadlines {
    private static final Logger log = LoggerFactory.getLogger(Deadlines.class);

    private final Clock clock;

    /** In no order: it is searched only when the timer fires. Less than four times as many places as calls ran at once, or 8. */
    private @Nullable Deadline[] waiting = new Deadline[8];

    private int count;
    private Clock.@Nullable Timer timer;
    private long armedFor;

    Deadlines(Clock clock) {
        this.clock = clock;
    }

    /** Runs a task once, after a delay, on the clock's thread, unless it is taken back before. */
    Deadline schedule(long delayNanos, Runnable task) {
        Deadline deadline = new Deadline(clock.nanoTime() + delayNanos, task);
        synchronized (this) {
            if (count == waiting.length) {
                makeRoom();
            }
            waiting[count++] = deadline;
            if (timer == null || deadline.at - armedFor < 0) {
                arm(deadline.at, delayNanos);
            }
        }
        return deadline;
    }

    private void makeRoom() {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            Deadline each = waiting[i];
            if (each != null && each.task != null) {
                waiting[kept++] = each;
            }
        }
        Arrays.fill(waiting, kept, count, null);
        count = kept;
        if (kept > waiting.length / 2) {
            waiting = Arrays.copyOf(waiting, waiting.length * 2);
        }
    }

    private void arm(long at, long delayNanos) {
        if (timer != null) {
            timer.cancel();
        }
        armedFor = at;
        timer = clock.schedule(Duration.ofNanos(delayNanos), () -> fire(at));
    }

    private void fire(long armed) {
        List<Runnable> due = new ArrayList<>();
        synchronized (this) {
            if (timer == null || armed != armedFor) {
                return; // armed anew while this one was on its way
            }
            timer = null;
            long now = clock.nanoTime();
            Deadline next = null;
            int left = 0;
            for (int i = 0; i < count; i++) {
                Deadline each = waiting[i];
                Runnable task = each == null ? null : each.task;
                if (each == null || task == null) {
                    continue;
                }
                if (each.at - now <= 0) {
                    due.add(task);
                } else {
                    waiting[left++] = each;
                    next = next == null || each.at - next.at < 0 ? each : next;
                }
            }
            Arrays.fill(waiting, left, count, null);
            count = left;
            if (next != null) {
                arm(next.at, next.at - now);
            }
        }
        for (Runnable task : due) {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                log.error("what follows a timeout failed", e);
            }
        }
    }

    /** How many it has room for. */
    synchronized int places() {
        return waiting.length;
    }

    /** One that is set. */
    final class Deadline implements Clock.Timer {
        private final long at;

        /** Null once it is taken back. */
        private volatile @Nullable Runnable task;

        Deadline(long at, Runnable task) {
            this.at = at;
            this.task = task;
        }

        /** How long it still is, in nanoseconds; nothing if it is over. */
        long left() {
            return Math.max(0, at - clock.nanoTime());
        }

        @Override
        public void cancel() {
            task = null;
        }
    }
}
