package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.parley.core.Clock;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SystemClockTest {
    private final SystemClock clock = new SystemClock();

    @Test
    void alarmsAndTimersRunInTheOrderOfTheirTimes() throws Exception {
        List<String> order = new CopyOnWriteArrayList<>();
        CountDownLatch all = new CountDownLatch(4);
        // The thread is busy until all of them wait. They are so far apart that a pause between two lines changes
        // nothing.
        CountDownLatch set = new CountDownLatch(1);
        clock.schedule(Duration.ZERO, () -> await(set));
        clock.alarm(told(order, "fourth", all)).set(TimeUnit.MILLISECONDS.toNanos(900));
        clock.schedule(Duration.ofMillis(600), told(order, "third", all));
        clock.alarm(told(order, "first", all)).set(-1);
        clock.schedule(Duration.ofMillis(300), told(order, "second", all));
        set.countDown();
        assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(order).containsExactly("first", "second", "third", "fourth");
    }

    @Test
    void anAlarmIsNotEarly() throws Exception {
        CompletableFuture<Long> rang = new CompletableFuture<>();
        Clock.Alarm alarm = clock.alarm(() -> rang.complete(clock.nanoTime()));
        long from = clock.nanoTime();
        alarm.set(30_000_000);
        assertThat(rang.get(30, TimeUnit.SECONDS) - from).isGreaterThanOrEqualTo(30_000_000);
    }

    @Test
    void anAlarmThatWaitsIsNotSetAgainAndOneWhoseTaskFailedIs() throws Exception {
        CountDownLatch twice = new CountDownLatch(2);
        Clock.Alarm alarm = clock.alarm(() -> {
            twice.countDown();
            throw new IllegalStateException("thrown by a test");
        });
        CountDownLatch set = new CountDownLatch(1);
        clock.schedule(Duration.ZERO, () -> await(set));
        alarm.set(0);
        assertThatThrownBy(() -> alarm.set(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("this alarm waits already: set it again once its task has begun");
        set.countDown();
        org.awaitility.Awaitility.await().until(() -> twice.getCount() == 1);
        alarm.set(0);
        assertThat(twice.await(30, TimeUnit.SECONDS)).isTrue();
    }

    /** Two for every 20 ms of every call. */
    @Test
    void settingAnAlarmAllocatesNothing() throws Exception {
        int rounds = 20_000;
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        CompletableFuture<Long> allocated = new CompletableFuture<>();
        new Object() {
            private final Clock.Alarm alarm = clock.alarm(this::round);
            private int done;
            private long before;

            void round() {
                done++;
                if (done == rounds / 2) {
                    before = threads.getThreadAllocatedBytes(
                            Thread.currentThread().getId());
                } else if (done == rounds) {
                    allocated.complete(threads.getThreadAllocatedBytes(
                                    Thread.currentThread().getId())
                            - before);
                    return;
                }
                alarm.set(0);
            }
        }.alarm.set(0);
        assertThat(allocated.get(30, TimeUnit.SECONDS) / (rounds / 2.0))
                .as("bytes each time")
                .isLessThan(1);
    }

    private static Runnable told(List<String> order, String name, CountDownLatch all) {
        return () -> {
            order.add(name);
            all.countDown();
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
