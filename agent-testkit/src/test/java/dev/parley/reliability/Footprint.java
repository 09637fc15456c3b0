package dev.parley.reliability;

import java.util.Locale;

/**
 * What this process holds.
 *
 * @param heap bytes that a collection leaves
 * @param threads of Parley and of its connections, idle ones too
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
        int pooled = (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("OkHttp TaskRunner"))
                .count();
        return new Footprint(least, Leftovers.threads().size(), pooled, Leftovers.descriptors());
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
