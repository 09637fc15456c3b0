package dev.parley.tools.internal;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Ids that nobody else has; they are no secrets, so they need no secure random numbers. Stateless. */
public final class FreshId {
    private FreshId() {}

    /** A random one, in the form of a UUID. */
    public static String next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }
}
