package dev.parley.samples.clinic.call;

import dev.parley.core.CloseReason;
import dev.parley.core.SessionListener;
import dev.parley.core.VoiceSession;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** How a person ends a call: with Enter, by stopping the program, or because the other side hung up. Thread-safe. */
final class HangUp implements SessionListener {
    private static final Duration FOR_FILES = Duration.ofSeconds(5);

    private final CompletableFuture<Void> asked = new CompletableFuture<>();
    private final CompletableFuture<Void> written = new CompletableFuture<>();

    /** Completes when the call should end. */
    CompletionStage<Void> asked() {
        return asked;
    }

    @Override
    public void onClosed(VoiceSession session, CloseReason reason) {
        asked.complete(null);
    }

    /** Hangs up at the next line of this input; its end, as of a program without a terminal, means nothing. */
    void onEnter(InputStream keys) {
        Thread reader = new Thread(() -> awaitLine(keys), "clinic-hang-up");
        reader.setDaemon(true);
        reader.start();
    }

    /** For the end of the JVM: hangs up, and gives the files a moment. */
    Thread atExit() {
        return new Thread(() -> {
            asked.complete(null);
            written.completeOnTimeout(null, FOR_FILES.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        });
    }

    /** The end of the JVM has nothing more to wait for. */
    void filesAreWritten() {
        written.complete(null);
    }

    private void awaitLine(InputStream keys) {
        try {
            for (int key = keys.read(); key >= 0; key = keys.read()) {
                if (key == '\n') {
                    asked.complete(null);
                    return;
                }
            }
        } catch (IOException e) {
            // the terminal is gone, and the person with it
            asked.complete(null);
        }
    }
}
