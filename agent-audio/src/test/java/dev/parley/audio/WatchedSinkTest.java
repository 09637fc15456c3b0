package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.core.Problem;
import dev.parley.core.event.ServerEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A sink that takes no notice of anything, its close included. */
@Timeout(60)
class WatchedSinkTest {
    private final TestClock clock = new TestClock();
    private final List<Runnable> toClose = new ArrayList<>();
    private final AtomicInteger given = new AtomicInteger();
    private final Deaf deaf = new Deaf();
    private final WatchedSink watched = new WatchedSink(deaf, clock, toClose::add, given::incrementAndGet);

    /** The link was once said to be finished while its sink was being closed still. */
    @Test
    void aCloseWaitsForTheOneThatIsUnderWay() throws Exception {
        Thread loop = writing();
        clock.advance(Duration.ofSeconds(2));
        assertThat(toClose).hasSize(1);
        Thread closer = new Thread(toClose.get(0));
        closer.start();
        assertThat(deaf.closing.await(30, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        Thread session = new Thread(() -> {
            try {
                watched.close();
                closed.complete(null);
            } catch (IOException e) {
                closed.completeExceptionally(e);
            }
        });
        session.start();
        await().until(() -> session.getState() == Thread.State.WAITING);
        assertThat(closed).isNotDone();
        deaf.mayClose.countDown();
        closed.get(30, TimeUnit.SECONDS);
        loop.join();
        closer.join();
        assertThat(deaf.closes).hasValue(1);
    }

    @Test
    void howTheCloseUnderACallFailedIsToldByTheNextOne() throws Exception {
        deaf.mayClose.countDown();
        deaf.failure = new IllegalStateException("already gone");
        Thread loop = writing();
        clock.advance(Duration.ofSeconds(2));
        toClose.get(0).run();
        loop.join();
        assertThatThrownBy(watched::close).isInstanceOf(IOException.class).hasMessage("already gone");
        assertThat(deaf.closes).hasValue(1);
    }

    /** Only the log knew. */
    @Test
    void aCallThatOutlivesTheCloseIsToldOnce() throws Exception {
        Thread loop = writing();
        clock.advance(Duration.ofSeconds(3).minusNanos(1));
        assertThat(given).hasValue(0);
        clock.advance(Duration.ofSeconds(10));
        assertThat(given).hasValue(1);
        deaf.released.countDown();
        loop.join();
    }

    @Test
    void theListenerIsToldPastTheLoopThatWaits() throws Exception {
        FakeSession session = new FakeSession(24_000);
        session.lanes.put("audio-sink-stuck", task -> {});
        session.parts.add(
                AudioLink.between(new Scripted(new PcmFormat(24_000)), deaf).open(session));
        Thread loop = new Thread(() -> session.event(new ServerEvent.OutputAudio("r1", "i1", Pcm.ramp(0, 240))));
        loop.start();
        assertThat(deaf.entered.await(30, TimeUnit.SECONDS)).isTrue();
        session.clock.advance(Duration.ofSeconds(5));
        assertThat(session.problems).isEmpty();
        assertThat(session.problemsPastLoop)
                .containsExactly(new Problem(
                        Problem.Kind.AUDIO_DEVICE,
                        "the audio sink holds up the session for good: it neither heeds an interrupt nor returns when it is"
                                + " closed, so nothing of this session happens any more, its end included. A sink takes"
                                + " what there is room for and never waits",
                        null));
        deaf.released.countDown();
        loop.join();
    }

    private Thread writing() throws InterruptedException {
        Thread loop = new Thread(() -> {
            try {
                watched.write(Pcm.ramp(0, 240));
            } catch (IOException e) {
                // it held up the session, as others test
            }
        });
        loop.start();
        assertThat(deaf.entered.await(30, TimeUnit.SECONDS)).isTrue();
        return loop;
    }

    private static final class Deaf extends SilentSink {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private final CountDownLatch closing = new CountDownLatch(1);
        private final CountDownLatch mayClose = new CountDownLatch(1);
        private final AtomicInteger closes = new AtomicInteger();
        private volatile @org.jspecify.annotations.Nullable RuntimeException failure;

        @Override
        public int write(ByteBuffer pcm16) {
            entered.countDown();
            ignoring(released);
            return pcm16.remaining();
        }

        @Override
        public void close() {
            closes.incrementAndGet();
            closing.countDown();
            ignoring(mayClose);
            released.countDown();
            RuntimeException thrown = failure;
            if (thrown != null) {
                throw thrown;
            }
        }

        private static void ignoring(CountDownLatch latch) {
            while (latch.getCount() > 0) {
                try {
                    latch.await();
                } catch (InterruptedException e) {
                    // it does not care
                }
            }
        }
    }
}
