package dev.parley.core;

import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.function.DoubleSupplier;

/**
 * Whether and when a session replaces a connection that was lost. Immutable, thread-safe; the methods that refine it return a
 * new one.
 *
 * <p>Only losses that may pass are met: a socket that broke, a busy server, a session that reached its longest time. A
 * rejected key, an empty account or a plan's limit end the session at once, whatever the policy says.
 */
public final class ReconnectPolicy {
    private static final double JITTER = 0.25;

    private final int attempts;
    private final Duration first;
    private final Duration most;
    private final DoubleSupplier random;

    private ReconnectPolicy(int attempts, Duration first, Duration most, DoubleSupplier random) {
        this.attempts = attempts;
        this.first = first;
        this.most = most;
        this.random = random;
    }

    /**
     * The default: up to 8 attempts, after 0.5 s, 1 s, 2 s and so on up to 8 s, each a quarter more or less at random, so that
     * many sessions that were lost together do not come back together.
     */
    public static ReconnectPolicy exponential() {
        Random random = new Random();
        return new ReconnectPolicy(8, Duration.ofMillis(500), Duration.ofSeconds(8), random::nextDouble);
    }

    /** A lost connection ends the session. */
    public static ReconnectPolicy never() {
        return new ReconnectPolicy(0, Duration.ZERO, Duration.ZERO, () -> 0);
    }

    /**
     * The same with another limit. Attempts are counted anew once a connection has been ready for 30 s.
     *
     * @throws IllegalArgumentException below zero
     */
    public ReconnectPolicy attempts(int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("attempts are zero or more, not " + limit);
        }
        return new ReconnectPolicy(limit, first, most, random);
    }

    /**
     * The same with other delays: the first, doubled at each attempt up to the longest.
     *
     * @throws IllegalArgumentException if one is negative, or the longest below the first
     */
    public ReconnectPolicy delays(Duration firstDelay, Duration longest) {
        if (firstDelay.isNegative() || longest.compareTo(firstDelay) < 0) {
            throw new IllegalArgumentException(
                    "delays grow from the first, " + firstDelay + ", to the longest, " + longest);
        }
        return new ReconnectPolicy(attempts, firstDelay, longest, random);
    }

    /** The same with another source of chance, from 0 to below 1: a test's own. */
    public ReconnectPolicy random(DoubleSupplier zeroToOne) {
        return new ReconnectPolicy(attempts, first, most, Objects.requireNonNull(zeroToOne));
    }

    /** How many attempts are made before the session ends. */
    public int attempts() {
        return attempts;
    }

    /**
     * How long to wait before an attempt.
     *
     * @param attempt from 1
     */
    public Duration delay(int attempt) {
        double doubled = first.toNanos() * Math.pow(2, attempt - 1.0);
        double capped = Math.min(doubled, (double) most.toNanos());
        return Duration.ofNanos((long) (capped * (1 - JITTER + 2 * JITTER * random.getAsDouble())));
    }
}
