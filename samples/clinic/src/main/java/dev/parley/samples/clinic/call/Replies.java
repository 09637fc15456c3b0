package dev.parley.samples.clinic.call;

import dev.parley.core.CloseReason;
import dev.parley.core.SessionListener;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.ServerEvent.FunctionCallArguments;
import dev.parley.core.event.ServerEvent.Item;
import dev.parley.core.event.ServerEvent.ResponseCreated;
import dev.parley.core.event.ServerEvent.ResponseDone;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Waits for the agent's replies, one after the other. A response that calls tools is none yet. For one session; thread-safe. */
final class Replies implements SessionListener {
    private final Semaphore finished = new Semaphore(0);
    private volatile boolean over;
    private boolean calls;

    @Override
    public void onEvent(VoiceSession session, ServerEvent event) {
        if (event instanceof ResponseCreated) {
            calls = false;
        } else if (event instanceof FunctionCallArguments) {
            calls = true;
        } else if (event instanceof ResponseDone done
                && !calls
                && done.output().stream().noneMatch(Item::isFunctionCall)) {
            finished.release();
        }
    }

    @Override
    public void onClosed(VoiceSession session, CloseReason reason) {
        over = true;
        finished.release();
    }

    /** Forgets a reply that came when nobody waited for it any more. */
    void expectAnother() {
        finished.drainPermits();
    }

    /** @return false if none came in time */
    boolean awaitNext(Duration patience) throws InterruptedException {
        return finished.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    boolean sessionIsOver() {
        return over;
    }
}
