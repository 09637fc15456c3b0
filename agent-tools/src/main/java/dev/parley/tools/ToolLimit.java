package dev.parley.tools;

import java.util.concurrent.Semaphore;

/**
 * How many calls may run at once in all the toolboxes that share it, whatever their sessions; the next call is answered with
 * {@code busy}, and none waits. A call counts until its method has really returned. Thread-safe.
 *
 * <p>Toolboxes that are not told otherwise share {@link #ofProcess}. One that must not be kept from its work by the others,
 * or that must not load a database more than so, gets a limit of its own.
 */
public final class ToolLimit {
    /** A limit of the process can stand nowhere else; it holds nothing but its count. */
    private static final ToolLimit OF_PROCESS = new ToolLimit(256);

    private final int most;
    private final Semaphore free;

    private ToolLimit(int most) {
        this.most = most;
        this.free = new Semaphore(most);
    }

    /** The limit of this process: 256 calls at once. */
    public static ToolLimit ofProcess() {
        return OF_PROCESS;
    }

    /**
     * A new limit.
     *
     * @param mostAtOnce calls
     * @throws IllegalArgumentException if it would allow none
     */
    public static ToolLimit of(int mostAtOnce) {
        if (mostAtOnce < 1) {
            throw new IllegalArgumentException("at least one call must be allowed, not " + mostAtOnce);
        }
        return new ToolLimit(mostAtOnce);
    }

    /** How many calls it allows. */
    public int most() {
        return most;
    }

    /** How many run now, those included whose result is out while their method has not returned yet. */
    public int running() {
        return most - free.availablePermits();
    }

    boolean tryEnter() {
        return free.tryAcquire();
    }

    void leave() {
        free.release();
    }

    @Override
    public String toString() {
        return "ToolLimit[" + running() + " of " + most + "]";
    }
}
