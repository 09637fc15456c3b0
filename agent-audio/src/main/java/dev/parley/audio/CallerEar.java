package dev.parley.audio;

import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Lets a detector listen to the caller, and tells the floor, on the loop, what it thinks. Thread-safe: its end may come while a source is slow. */
final class CallerEar {
    private final SpeechDetector.Stream detector;
    private final Executor loop;
    private final Runnable speech;
    private final Runnable silence;
    private final Consumer<Throwable> failed;
    private final Consumer<Throwable> unclosed;
    private boolean closed;

    CallerEar(
            SpeechDetector.Stream detector,
            Floor floor,
            Executor loop,
            Consumer<Throwable> failed,
            Consumer<Throwable> unclosed) {
        this.detector = detector;
        this.loop = loop;
        this.speech = () -> floor.onFrame(true);
        this.silence = () -> floor.onFrame(false);
        this.failed = failed;
        this.unclosed = unclosed;
    }

    synchronized void hear(ByteBuffer frame) {
        if (closed) {
            return;
        }
        try {
            loop.execute(detector.isSpeech(frame) ? speech : silence);
        } catch (RuntimeException | LinkageError e) {
            closed = true;
            try {
                detector.close();
            } catch (RuntimeException | LinkageError again) {
                e.addSuppressed(again);
            }
            failed.accept(e);
        }
    }

    synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            detector.close();
        } catch (RuntimeException | LinkageError e) {
            unclosed.accept(e);
        }
    }
}
