package dev.parley.audio;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets a detector listen to the caller, and tells the floor, on the loop, what it thinks.
 *
 * <p>It has a lane of its own, so that one that is slow, or does not come back at all, holds up neither the caller's voice
 * nor the session. One that is more than a second behind is given up. Thread-safe: frames come on the source's lane, the
 * end may come from elsewhere. A frame allocates nothing.
 */
final class CallerEar {
    /** More than a source catches up with at once. */
    private static final int MOST_WAITING = 64;

    /** A frame's copy, and what the detector sees of it. */
    private record Frame(ByteBuffer pcm16, ByteBuffer view) {
        Frame(int bytes) {
            this(ByteBuffer.allocate(bytes));
        }

        private Frame(ByteBuffer pcm16) {
            this(pcm16, pcm16.asReadOnlyBuffer());
        }
    }

    private final SpeechDetector.Stream detector;
    private final Executor lane;
    private final Executor loop;
    private final Runnable speech;
    private final Runnable silence;
    private final Consumer<Throwable> failed;
    private final Consumer<Throwable> unclosed;
    private final Runnable listening = this::listen;
    private final Runnable closing = this::closeDetector;

    private final Deque<Frame> waiting = new ArrayDeque<>();
    private final Deque<Frame> free = new ArrayDeque<>();
    private boolean busy;
    private boolean closed;
    /** Who is in the detector. */
    private @Nullable Thread inside;

    private boolean calledBack;

    /** @param lane runs one task at a time */
    CallerEar(
            SpeechDetector.Stream detector,
            Executor lane,
            Floor floor,
            Executor loop,
            Consumer<Throwable> failed,
            Consumer<Throwable> unclosed) {
        this.detector = detector;
        this.lane = lane;
        this.loop = loop;
        this.speech = () -> floor.onFrame(true);
        this.silence = () -> floor.onFrame(false);
        this.failed = failed;
        this.unclosed = unclosed;
    }

    void hear(ByteBuffer frame) {
        boolean wake;
        synchronized (this) {
            if (closed) {
                return;
            }
            if (waiting.size() == MOST_WAITING) {
                giveUp(new IllegalStateException("it is more than a second behind the caller"));
                return;
            }
            Frame copy = free.pollFirst();
            if (copy == null || copy.pcm16.capacity() < frame.remaining()) {
                copy = new Frame(frame.remaining());
            }
            copy.view.clear().limit(frame.remaining());
            copy.pcm16.clear().put(frame);
            waiting.addLast(copy);
            wake = !busy;
            busy = true;
        }
        if (wake) {
            lane.execute(listening);
        }
    }

    /** The detector is not asked again. Whoever is in it is called back. */
    private synchronized void giveUp(Throwable why) {
        if (closed) {
            return;
        }
        close();
        if (inside != null) {
            calledBack = true;
            inside.interrupt();
        }
        failed.accept(why);
    }

    synchronized void close() {
        if (!closed) {
            closed = true;
            waiting.clear();
            lane.execute(closing);
        }
    }

    private void listen() {
        for (Frame frame = next(null); frame != null; frame = next(frame)) {
            Throwable failure = null;
            boolean speaks = false;
            try {
                speaks = detector.isSpeech(frame.view);
            } catch (RuntimeException | Error e) {
                failure = e;
            }
            if (leave()) {
                return;
            }
            if (failure == null) {
                loop.execute(speaks ? speech : silence);
            } else {
                giveUp(failure);
            }
        }
    }

    /** @param done the frame before */
    private synchronized @Nullable Frame next(@Nullable Frame done) {
        if (done != null) {
            free.addFirst(done);
        }
        Frame frame = waiting.pollFirst();
        busy = frame != null;
        inside = busy ? Thread.currentThread() : null;
        return frame;
    }

    /** @return whether nobody wants to know any more */
    private synchronized boolean leave() {
        inside = null;
        if (calledBack) {
            // that is over: the thread has other work
            calledBack = false;
            Thread.interrupted();
        }
        return closed;
    }

    private void closeDetector() {
        try {
            detector.close();
        } catch (RuntimeException | Error e) {
            unclosed.accept(e);
        }
    }
}
