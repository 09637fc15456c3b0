package dev.parley.core.internal;

import dev.parley.core.Clock;
import dev.parley.core.Measurement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Times what callers notice, and tells it. Confined to the loop. */
final class Stopwatches {

    /** Who is told. */
    interface Told {
        void measured(Measurement.What what, Duration took);
    }

    private final Clock clock;
    private final Told told;
    private @Nullable Long connecting;
    private @Nullable Long lost;
    private @Nullable Long callerStopped;

    /** Whether a reply to them has begun. */
    private boolean answering;

    /** Whether a reply goes on that they did not interrupt: what comes of it is no answer. */
    private boolean talkedOver;

    Stopwatches(Clock clock, Told told) {
        this.clock = clock;
        this.told = told;
    }

    void onConnecting() {
        connecting = clock.nanoTime();
    }

    /** The connection is gone; the first loss counts until there is a connection again. */
    void onLost() {
        if (lost == null && connecting == null) {
            lost = clock.nanoTime();
        }
        callerStopped = null;
    }

    void onReady() {
        tell(Measurement.What.CONNECT, connecting);
        tell(Measurement.What.RECONNECT, lost);
        connecting = null;
        lost = null;
    }

    /** @param talkedOver whether a reply goes on that they did not interrupt */
    void onCallerStopped(boolean talkedOver) {
        callerStopped = clock.nanoTime();
        answering = false;
        this.talkedOver = talkedOver;
    }

    /** A reply in the conversation began. One that begins so late is no answer: what the caller said was a cough. */
    void onReplyCreated() {
        if (!answering && callerStopped != null && isCough(callerStopped)) {
            callerStopped = null;
        }
        answering = true;
    }

    void onReplyDone() {
        talkedOver = false;
    }

    private boolean isCough(long stopped) {
        return clock.nanoTime() - stopped >= CallerTurn.LONGEST_UNANSWERED.toNanos();
    }

    void onCallerStarted() {
        callerStopped = null;
    }

    void onAudio() {
        if (callerStopped != null && (answering || !talkedOver)) {
            if (answering || !isCough(callerStopped)) {
                tell(Measurement.What.FIRST_AUDIO, callerStopped);
            }
            callerStopped = null;
        }
    }

    /** The players are silent. */
    void onSilence(long since) {
        tell(Measurement.What.BARGE_IN, since);
    }

    private void tell(Measurement.What what, @Nullable Long since) {
        if (since != null) {
            told.measured(what, Duration.ofNanos(clock.nanoTime() - since));
        }
    }
}
