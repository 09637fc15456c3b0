package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SerialLaneTest {
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    @AfterEach
    void shutdown() {
        threads.shutdownNow();
    }

    @Test
    void runsOneAtATimeInTheOrderOfEachSender() throws Exception {
        SerialLane lane = new SerialLane(threads, failures::add);
        int senders = 4;
        int each = 20_000;
        List<List<Integer>> seen = new ArrayList<>();
        for (int i = 0; i < senders; i++) {
            seen.add(new ArrayList<>());
        }
        int[] unguarded = {0};
        CountDownLatch done = new CountDownLatch(senders * each);
        ExecutorService sending = Executors.newFixedThreadPool(senders);
        for (int s = 0; s < senders; s++) {
            List<Integer> mine = seen.get(s);
            sending.execute(() -> {
                for (int i = 0; i < each; i++) {
                    int number = i;
                    lane.execute(() -> {
                        unguarded[0]++;
                        mine.add(number);
                        assertThat(lane.isCurrent()).isTrue();
                        done.countDown();
                    });
                }
            });
        }
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        sending.shutdownNow();
        assertThat(unguarded[0]).isEqualTo(senders * each);
        assertThat(seen).allSatisfy(numbers -> assertThat(numbers).isSorted().hasSize(each));
        assertThat(failures).isEmpty();
        assertThat(lane.isCurrent()).isFalse();
    }

    @Test
    void aTaskThatThrowsIsToldAndTheNextOneRuns() throws Exception {
        SerialLane lane = new SerialLane(threads, failures::add);
        CountDownLatch ran = new CountDownLatch(1);
        lane.execute(() -> {
            throw new IllegalStateException("first");
        });
        lane.execute(ran::countDown);
        assertThat(ran.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(failures).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anIdleLaneBorrowsItsCallersThreadWithWhatComesMeanwhile() {
        SerialLane lane = new SerialLane(threads, failures::add);
        List<Thread> ranOn = new CopyOnWriteArrayList<>();
        lane.executeHere(() -> {
            lane.execute(() -> ranOn.add(Thread.currentThread()));
            lane.executeHere(() -> ranOn.add(Thread.currentThread()));
            assertThat(ranOn).isEmpty();
        });
        assertThat(ranOn).containsExactly(Thread.currentThread(), Thread.currentThread());
        assertThat(failures).isEmpty();
        assertThat(lane.isCurrent()).isFalse();
    }

    @Test
    void aThreadThatWasBorrowedComesBackUninterrupted() {
        SerialLane lane = new SerialLane(threads, failures::add);
        lane.executeHere(() -> Thread.currentThread().interrupt());
        assertThat(Thread.interrupted()).isFalse();
        assertThat(failures).isEmpty();
    }

    @Test
    void aBusyLaneHoldsUpNobodyWhoOffersItsThread() throws Exception {
        SerialLane lane = new SerialLane(threads, failures::add);
        CountDownLatch free = new CountDownLatch(1);
        CountDownLatch ran = new CountDownLatch(1);
        lane.execute(() -> {
            try {
                free.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        lane.executeHere(ran::countDown);
        assertThat(ran.getCount()).isOne();
        free.countDown();
        assertThat(ran.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(failures).isEmpty();
    }

    @Test
    void anIdleLaneTakesTheThreadThatItIsOfferedAndABusyOneDoesNot() {
        SerialLane lane = new SerialLane(threads, failures::add);
        List<Runnable> offered = new ArrayList<>();
        List<String> ran = new ArrayList<>();
        lane.executeOn(offered::add, () -> ran.add("first"));
        lane.executeOn(offered::add, () -> ran.add("second"));
        lane.execute(() -> ran.add("third"));
        assertThat(ran).isEmpty();
        assertThat(offered).hasSize(1);

        offered.get(0).run();
        assertThat(ran).containsExactly("first", "second", "third");
        assertThat(lane.pending()).isZero();
    }

    @Test
    void aLaneWhoseOfferedThreadRefusesUsesItsOwn() throws Exception {
        SerialLane lane = new SerialLane(threads, failures::add);
        CountDownLatch ran = new CountDownLatch(2);
        lane.executeOn(
                task -> {
                    throw new RejectedExecutionException("shut down");
                },
                ran::countDown);
        lane.execute(ran::countDown);
        assertThat(ran.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aTurnThatIsRunTwiceByWhoeverGotItIsOneTurn() {
        SerialLane lane = new SerialLane(threads, failures::add);
        List<Runnable> offered = new ArrayList<>();
        List<String> ran = new ArrayList<>();
        lane.executeOn(offered::add, () -> {
            ran.add("first");
            offered.get(0).run();
            lane.execute(() -> ran.add("second"));
        });
        offered.get(0).run();
        offered.get(0).run();
        assertThat(ran).containsExactly("first", "second");
        assertThat(lane.pending()).isZero();
    }
}
