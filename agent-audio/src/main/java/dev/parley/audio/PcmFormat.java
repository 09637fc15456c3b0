package dev.parley.audio;

import java.time.Duration;

/**
 * PCM16 little-endian mono at a rate.
 *
 * @param sampleRate samples a second, 1 to 384,000
 */
public record PcmFormat(int sampleRate) {
    /** Bytes of one sample. */
    public static final int BYTES_PER_SAMPLE = 2;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int HIGHEST_RATE = 384_000;

    public PcmFormat {
        if (sampleRate < 1 || sampleRate > HIGHEST_RATE) {
            throw new IllegalArgumentException(
                    "a sample rate lies between 1 and " + HIGHEST_RATE + " Hz, not " + sampleRate);
        }
    }

    /** How many whole samples fit into a span. */
    public long samples(Duration span) {
        return Math.addExact(
                Math.multiplyExact(span.getSeconds(), sampleRate),
                (long) span.getNano() * sampleRate / NANOS_PER_SECOND);
    }

    /** How many whole samples fit into a span of some nanoseconds, zero or more. */
    long samplesIn(long nanos) {
        return nanos / NANOS_PER_SECOND * sampleRate + nanos % NANOS_PER_SECOND * sampleRate / NANOS_PER_SECOND;
    }

    /** How many bytes the whole samples of a span take. */
    public long bytes(Duration span) {
        return samples(span) * BYTES_PER_SAMPLE;
    }

    /** How long some samples last, to the nanosecond (rounded down). */
    public Duration duration(long samples) {
        return Duration.ofSeconds(samples / sampleRate, samples % sampleRate * NANOS_PER_SECOND / sampleRate);
    }

    /** How many nanoseconds some samples last, rounded down. */
    long nanos(long samples) {
        return samples / sampleRate * NANOS_PER_SECOND + samples % sampleRate * NANOS_PER_SECOND / sampleRate;
    }

    /** How long some bytes last; an odd one counts for nothing. */
    public Duration durationOfBytes(long bytes) {
        return duration(bytes / BYTES_PER_SAMPLE);
    }
}
