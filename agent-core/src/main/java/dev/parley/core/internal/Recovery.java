package dev.parley.core.internal;

import dev.parley.core.Clock;
import dev.parley.core.CredentialRejectedException;
import dev.parley.core.ReconnectPolicy;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Whether a lost connection is replaced, and when. Tool calls that are open at the loss get up to {@link #LONGEST_SETTLING}
 * to end, so that the next connection can be told of their results. Confined to the loop.
 */
final class Recovery {
    static final Duration LONGEST_SETTLING = Duration.ofSeconds(2);

    /** A connection that lasted this long was a good one: attempts, and fresh credentials, are counted anew after it. */
    static final Duration PROVEN = Duration.ofSeconds(30);

    private final ReconnectPolicy policy;
    private final boolean credentialIsAskedAnew;
    private final Clock clock;
    private final Runnable dial;
    private final LoopTimer timer;

    private int attempt;
    private boolean triedFreshCredential;
    private @Nullable Long readySince;
    private long notBefore;

    /** @param dial opens the next connection */
    Recovery(ReconnectPolicy policy, boolean credentialIsAskedAnew, Clock clock, Executor loop, Runnable dial) {
        this.policy = policy;
        this.credentialIsAskedAnew = credentialIsAskedAnew;
        this.clock = clock;
        this.dial = dial;
        this.timer = new LoopTimer(clock, loop);
    }

    /**
     * Decides about a connection that ended.
     *
     * @param everReady whether the session has been ready; before that only a server that says itself that it is busy
     *     or failed is tried again, since a wrong address or a dead network should be told at once
     * @return how long to wait, or null if the session must end
     */
    @Nullable
    Duration next(Endings.Ending ending, boolean everReady) {
        if (readySince != null && clock.nanoTime() - readySince >= PROVEN.toNanos()) {
            attempt = 0;
            triedFreshCredential = false;
        }
        readySince = null;
        if (ending.reason().error() instanceof CredentialRejectedException) {
            if (!credentialIsAskedAnew || triedFreshCredential) {
                return null;
            }
            triedFreshCredential = true;
            return Duration.ZERO;
        }
        boolean worthIt = ending.mayPass() && (everReady || ending.serverAtFault());
        if (!worthIt || attempt >= policy.attempts()) {
            return null;
        }
        attempt++;
        return policy.delay(attempt);
    }

    /** Whether a connection is ever replaced. */
    boolean replaces() {
        return policy.attempts() > 0;
    }

    int attempt() {
        return attempt;
    }

    /** Dials after the delay, and not before open calls have settled. */
    void begin(Duration delay, boolean callsAreOpen) {
        notBefore = clock.nanoTime() + delay.toNanos();
        timer.set(callsAreOpen && delay.compareTo(LONGEST_SETTLING) < 0 ? LONGEST_SETTLING : delay, dial);
    }

    void onCallsSettled() {
        if (timer.isSet()) {
            timer.set(Duration.ofNanos(Math.max(0, notBefore - clock.nanoTime())), dial);
        }
    }

    void onReady() {
        readySince = clock.nanoTime();
    }

    void close() {
        timer.cancel();
    }
}
