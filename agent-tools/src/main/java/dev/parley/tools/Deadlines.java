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
 * nobody, it is armed for who is left. Thread-safe.
 */
final class Deadlines {
    private static final Logger log = LoggerFactory.getLogger(Deadlines.class);

    private final Clock clock;

    /** In no order: it is searched only when the timer fires, and never holds more than the calls that may run at once. */
    private @Nullable Deadline[] waiting = new Deadline[8];

    private int count;
    private Clock.@Nullable Timer timer;
    private long armedFor;

    Deadlines(Clock clock) {
        this.clock = clock;
    }

    /** Runs a task once, after a delay, on the clock's thread, unless it is taken back before. */
    Deadline schedule(Duration delay, Runnable task) {
        Deadline deadline = new Deadline(clock.nanoTime() + delay.toNanos(), task);
        synchronized (this) {
            if (count == waiting.length) {
                waiting = Arrays.copyOf(waiting, count * 2);
            }
            deadline.place = count;
            waiting[count++] = deadline;
            if (timer == null || deadline.at - armedFor < 0) {
                arm(deadline.at, delay);
            }
        }
        return deadline;
    }

    private void arm(long at, Duration delay) {
        if (timer != null) {
            timer.cancel();
        }
        armedFor = at;
        timer = clock.schedule(delay, () -> fire(at));
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
            for (int i = count - 1; i >= 0; i--) {
                Deadline each = waiting[i];
                if (each != null && each.at - now <= 0) {
                    due.add(each.task);
                    remove(each);
                } else if (each != null && (next == null || each.at - next.at < 0)) {
                    next = each;
                }
            }
            if (next != null) {
                arm(next.at, Duration.ofNanos(next.at - now));
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

    private synchronized void remove(Deadline gone) {
        if (gone.place < 0) {
            return;
        }
        Deadline last = waiting[--count];
        waiting[count] = null;
        if (last != null && last != gone) {
            waiting[gone.place] = last;
            last.place = gone.place;
        }
        gone.place = -1;
    }

    /** One that is set. */
    final class Deadline implements Clock.Timer {
        private final long at;
        private final Runnable task;

        /** Where it waits; −1 when it no longer does. Owned by the lock of the deadlines. */
        private int place;

        Deadline(long at, Runnable task) {
            this.at = at;
            this.task = task;
        }

        /** How long it still is; nothing if it is over. */
        Duration left() {
            return Duration.ofNanos(Math.max(0, at - clock.nanoTime()));
        }

        @Override
        public void cancel() {
            remove(this);
        }
    }
}
