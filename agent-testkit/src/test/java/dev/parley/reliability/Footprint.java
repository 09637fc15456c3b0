package dev.parley.reliability;

import java.util.Locale;
import java.util.Set;

/**
 * What this process holds.
 *
 * @param heap bytes that a collection leaves
 * @param threads all that live, but those of the HTTP client's own pool
 * @param pooled threads of that pool, which all clients of the process share; one without work ends after a minute
 * @param descriptors open files and sockets, where the system tells (Linux); 0 elsewhere
 */
record Footprint(long heap, int threads, int pooled, long descriptors) {
    private static final int COLLECTIONS = 4;

    static Footprint now() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        Set<Thread> all = Thread.getAllStackTraces().keySet();
        int pooled = (int) all.stream()
                .filter(thread -> thread.getName().equals("OkHttp TaskRunner"))
                .count();
        return new Footprint(least, all.size() - pooled, pooled, Leftovers.descriptors());
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "heap %.1f MB, %d threads and %d of the HTTP client's pool, %d descriptors",
                heap / 1e6,
                threads,
                pooled,
                descriptors);
    }
}
