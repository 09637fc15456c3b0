package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.parley.core.Clock;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What the way out takes of the heap, 20 ms for 20 ms. */
class PlayerAllocationTest {
    private static final PcmFormat FORMAT = new PcmFormat(24_000);

    @Test
    void aFrameThatIsPlayedAndToldAllocatesNothing() {
        Metered session = new Metered();
        MemorySink sink = AudioSink.inMemory(FORMAT, session.frames, Duration.ofMillis(500));
        Player player = new Player(session, sink, Duration.ofMinutes(1), null);
        ByteBuffer frame = Pcm.constant(2_000, (int) FORMAT.samples(SourcePump.FRAME));
        for (int ahead = 0; ahead < 10; ahead++) {
            player.add("item", frame);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        int rounds = 20_000;
        long before = 0;
        for (int round = 0; round < rounds; round++) {
            if (round == rounds / 2) {
                before = threads.getThreadAllocatedBytes(self);
            }
            player.add("item", frame);
            session.frames.next();
            if (round % 40 == 0) {
                // it keeps what was heard until then
                sink.forget();
            }
        }
        long allocated = threads.getThreadAllocatedBytes(self) - before;
        assertThat(session.heardNanos).isGreaterThan((rounds - 10) * SourcePump.FRAME.toNanos());
        assertThat(allocated / (rounds / 2.0)).as("bytes a frame").isLessThan(4);
    }

    /** Keeps the last position that it was told, and no more. */
    private static final class Metered extends FakeSession {
        private final Frames frames = new Frames();
        private long heardNanos;

        Metered() {
            super(24_000);
        }

        @Override
        public Clock clock() {
            return frames;
        }

        @Override
        public void playedUpTo(String itemId, Duration position) {
            heardNanos = position.toNanos();
        }

        @Override
        public void playedUpToNanos(String itemId, long position) {
            heardNanos = position;
        }
    }

    /** Time that moves by a frame, and has one alarm that rings at each. What else is to happen later never does. */
    private static final class Frames implements Clock, Clock.Alarm, Clock.Timer {
        private long nanos;
        private boolean set;
        private Runnable due = () -> {};

        void next() {
            nanos += SourcePump.FRAME.toNanos();
            if (set) {
                set = false;
                due.run();
            }
        }

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH;
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            return this;
        }

        @Override
        public Alarm alarm(Runnable task) {
            due = task;
            return this;
        }

        @Override
        public void set(long after) {
            set = true;
        }

        @Override
        public void cancel() {}
    }
}
