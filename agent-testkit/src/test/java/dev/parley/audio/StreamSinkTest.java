package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.testkit.FakeClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams that take what they get, that hold it up, that break, and that never come back. */
@Timeout(60)
class StreamSinkTest {
    private static final PcmFormat FORMAT = new PcmFormat(24_000);
    private static final String STUCK =
            "its stream has taken nothing for 2 s: whoever reads it must keep up with real time";

    private final FakeClock clock = new FakeClock();
    private final Taking stream = new Taking();
    private final AudioSink sink = AudioSink.of(FORMAT, stream, clock);

    @Test
    void theStreamGetsEachSampleOnceItsTimeHasPassed() throws IOException {
        byte[] ramp = ramp(2_400);
        assertThat(sink.write(ByteBuffer.wrap(ramp))).isEqualTo(4_800);
        clock.advance(Duration.ofMillis(19));
        assertThat(sink.played()).isZero();
        clock.advance(Duration.ofMillis(1));
        awaitTaken(960);
        assertThat(sink.played()).isEqualTo(480);
        clock.advance(Duration.ofMillis(79));
        awaitTaken(4 * 960);
        clock.advance(Duration.ofMillis(1).plusNanos(1));
        awaitTaken(4_800);
        assertThat(sink.played()).isEqualTo(2_400);
        assertThat(stream.taken()).isEqualTo(ramp);
        assertThat(stream.calls).as("nothing waits in a buffer").hasSize(10).endsWith("write", "flush");
        clock.advance(Duration.ofSeconds(10));
        assertThat(clock.pendingTimers()).as("while there is nothing to play").isZero();
        sink.close();
    }

    @Test
    void aPauseIsNotMadeUpFor() throws IOException {
        sink.write(ByteBuffer.wrap(ramp(480)));
        clock.advance(Duration.ofMillis(21));
        awaitTaken(960);
        clock.advance(Duration.ofSeconds(5));
        sink.write(ByteBuffer.wrap(ramp(960)));
        clock.advance(Duration.ofMillis(20));
        awaitTaken(2 * 960);
        assertThat(sink.played()).isEqualTo(960);
        sink.close();
    }

    @Test
    void itTakesHalfASecondAheadAndNeverWaits() throws IOException {
        ByteBuffer second = ByteBuffer.wrap(ramp(24_000));
        assertThat(sink.write(second)).isEqualTo(24_000);
        assertThat(second.remaining()).isEqualTo(24_000);
        assertThat(sink.write(second)).isZero();
        clock.advance(Duration.ofMillis(100));
        awaitTaken(4_800);
        assertThat(sink.write(second)).isEqualTo(4_800);
        sink.close();
    }

    @Test
    void aFlushDropsWhatTheStreamHasNotGot() throws IOException {
        byte[] ramp = ramp(4_800);
        sink.write(ByteBuffer.wrap(ramp));
        clock.advance(Duration.ofMillis(50));
        awaitTaken(2 * 960);
        assertThat(sink.flush()).isEqualTo(960);
        clock.advance(Duration.ofSeconds(1));
        byte[] next = ramp(480);
        sink.write(ByteBuffer.wrap(next));
        clock.advance(Duration.ofMillis(20).plusNanos(1));
        awaitTaken(3 * 960);
        assertThat(stream.taken()).startsWith(Arrays.copyOf(ramp, 2 * 960)).endsWith(next);
        assertThat(sink.played()).isEqualTo(1_440);
        sink.close();
    }

    @Test
    void aStreamThatIsHeldUpForALittleCatchesUpAndLosesNothing() throws IOException {
        byte[] ramp = heldUpWith(12_000);
        clock.advance(Duration.ofMillis(480).plusNanos(1));
        assertThat(sink.played()).as("the piece that it is taking").isEqualTo(480);
        stream.letGo();
        awaitTaken(24_000);
        assertThat(stream.taken()).isEqualTo(ramp);
        sink.close();
    }

    /** Otherwise whoever reads it would get seconds of audio at once, of which none could be taken back. */
    @Test
    void whatIsLateByMoreThanTheSinkHoldsPlaysLater() throws IOException {
        heldUpWith(12_000);
        clock.advance(Duration.ofMillis(1_900));
        stream.letGo();
        awaitTaken(24_000);
        sink.write(ByteBuffer.wrap(ramp(12_000)));
        clock.advance(Duration.ofMillis(20));
        awaitTaken(24_960);
        assertThat(sink.played()).isEqualTo(12_480);
        sink.close();
    }

    @Test
    void aStreamThatTakesNothingForTwoSecondsFailsTheSinkOnce() throws Exception {
        heldUpWith(12_000);
        clock.advance(Duration.ofMillis(1_999));
        assertThat(sink.played()).isEqualTo(480);
        clock.advance(Duration.ofMillis(20));
        assertThatThrownBy(sink::played).isInstanceOf(IOException.class).hasMessage(STUCK);
        assertThatThrownBy(() -> sink.write(ByteBuffer.wrap(ramp(480)))).hasMessage(STUCK);
        assertThatThrownBy(sink::flush).hasMessage(STUCK);
        stream.ended();
        assertThat(stream.calls).as("its thread was called back").containsExactly("write", "close");
        sink.close();
        assertThat(clock.pendingTimers()).isZero();
    }

    @Test
    void aPipeWithoutAReaderFailsTheSinkInOneSentence() throws Exception {
        PipedOutputStream pipe = new PipedOutputStream();
        new PipedInputStream(pipe).close();
        AudioSink piped = AudioSink.of(FORMAT, pipe, clock);
        piped.write(ByteBuffer.wrap(ramp(4_800)));
        clock.advance(Duration.ofMillis(20));
        await().untilAsserted(() -> assertThatThrownBy(piped::played).hasMessage("its stream failed: Pipe closed"));
        piped.close();
    }

    @Test
    void whatAStreamThrowsWithoutAWordHasItsNameTold() {
        stream.breakage = new IllegalStateException();
        assertThatThrownBy(() -> {
                    sink.write(ByteBuffer.wrap(ramp(480)));
                    clock.advance(Duration.ofMillis(20));
                    stream.ended();
                    sink.played();
                })
                .hasMessage("its stream failed: IllegalStateException");
    }

    /** Nobody asks a sink for its position once the reply is over. */
    @Test
    void aFailureThatNobodyHasHeardOfIsToldByTheClose() throws Exception {
        stream.breakage = new IOException("Broken pipe");
        sink.write(ByteBuffer.wrap(ramp(480)));
        clock.advance(Duration.ofMillis(20));
        stream.ended();
        assertThatThrownBy(sink::close).hasMessage("its stream failed: Broken pipe");
        sink.close();
    }

    /** The last words of a reply were heard, and are on their way to a file. */
    @Test
    void theCloseWaitsForThePieceThatTheStreamIsTaking() throws Exception {
        heldUpWith(480);
        CompletableFuture<Void> closing = closing();
        clock.advance(Duration.ofMillis(1_900));
        assertThat(closing).isNotDone();
        stream.letGo();
        assertThat(closing).succeedsWithin(Duration.ofSeconds(30));
        assertThat(stream.calls).containsExactly("write", "flush", "close");
        assertThat(stream.taken()).isEqualTo(ramp(480));
        assertThat(stream.writer()).isNotNull();
        assertThat(stream.writer().getName()).isEqualTo("parley-stream-sink");
        assertThat(stream.writer().isDaemon()).isTrue();
        awaitWriterGone();
    }

    /** A socket's write does not heed an interrupt. */
    @Test
    void aStreamThatDoesNotComeBackIsClosedUnderItsWriter() throws Exception {
        stream.deaf = true;
        heldUpWith(480);
        CompletableFuture<Void> closing = closing();
        clock.advance(Duration.ofMillis(3_999));
        assertThat(closing).isNotDone();
        clock.advance(Duration.ofMillis(1));
        assertThat(closing)
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .withMessageContaining(STUCK);
        await().until(() -> stream.calls.contains("close"));
        stream.letGo();
        awaitWriterGone();
    }

    @Test
    void anInterruptOfSomebodyElsesIsTold() throws IOException {
        sink.write(ByteBuffer.wrap(ramp(480)));
        clock.advance(Duration.ofMillis(20));
        awaitTaken(960);
        stream.writer().interrupt();
        await().untilAsserted(() -> assertThatThrownBy(() -> sink.write(ByteBuffer.wrap(ramp(480))))
                .hasMessage("its writer was interrupted by somebody else, perhaps by the stream itself"));
    }

    @Test
    void aSinkThatPlayedNothingClosesItsStream() throws IOException {
        sink.close();
        sink.close();
        assertThat(stream.calls).containsExactly("close");
        assertThatThrownBy(() -> sink.write(ByteBuffer.wrap(ramp(480)))).hasMessage("the sink is closed");
    }

    @Test
    void aStreamThatCannotBeClosedIsTold() {
        stream.breakageAtClose = new IOException("No space left on device");
        assertThatThrownBy(sink::close).hasMessage("its stream could not be closed: No space left on device");
    }

    /** The stream takes the first piece of so many samples, and does not give it back. */
    private byte[] heldUpWith(int samples) throws IOException {
        stream.hold();
        byte[] ramp = ramp(samples);
        sink.write(ByteBuffer.wrap(ramp));
        clock.advance(Duration.ofMillis(20));
        await().until(() -> stream.calls.contains("write"));
        return ramp;
    }

    /** A close that has to wait. */
    private CompletableFuture<Void> closing() {
        CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> {
            try {
                sink.close();
            } catch (IOException e) {
                throw new IllegalStateException(e.getMessage(), e);
            }
        });
        await().until(() -> clock.pendingTimers() == 3);
        return closing;
    }

    private void awaitWriterGone() throws InterruptedException {
        stream.writer().join(30_000);
        assertThat(stream.writer().isAlive()).isFalse();
    }

    private void awaitTaken(int bytes) {
        await().untilAsserted(() -> assertThat(stream.taken()).hasSize(bytes));
    }

    private static byte[] ramp(int samples) {
        byte[] bytes = new byte[2 * samples];
        for (int i = 0; i < samples; i++) {
            bytes[2 * i] = (byte) i;
            bytes[2 * i + 1] = (byte) (i >> 8);
        }
        return bytes;
    }

    /** Takes all that it gets, once a test lets it. */
    private static final class Taking extends OutputStream {
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private final CountDownLatch closed = new CountDownLatch(1);
        private volatile CountDownLatch gate = new CountDownLatch(0);
        private volatile @Nullable Thread writer;
        final List<String> calls = new CopyOnWriteArrayList<>();
        volatile @Nullable Exception breakage;
        volatile @Nullable IOException breakageAtClose;
        volatile boolean deaf;

        void hold() {
            gate = new CountDownLatch(1);
        }

        void letGo() {
            gate.countDown();
        }

        Thread writer() {
            return java.util.Objects.requireNonNull(writer);
        }

        synchronized byte[] taken() {
            return taken.toByteArray();
        }

        /** Waits until it was closed, by whoever wrote. */
        void ended() throws InterruptedException {
            assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
        }

        @Override
        public void write(int oneByte) {
            throw new AssertionError("byte by byte");
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            writer = Thread.currentThread();
            calls.add("write");
            if (breakage instanceof IOException e) {
                throw e;
            }
            if (breakage instanceof RuntimeException e) {
                throw e;
            }
            while (gate.getCount() > 0) {
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    if (!deaf) {
                        throw new InterruptedIOException();
                    }
                }
            }
            synchronized (this) {
                taken.write(bytes, from, count);
            }
        }

        @Override
        public void flush() {
            calls.add("flush");
        }

        @Override
        public void close() throws IOException {
            calls.add("close");
            closed.countDown();
            if (breakageAtClose != null) {
                throw breakageAtClose;
            }
        }
    }
}
