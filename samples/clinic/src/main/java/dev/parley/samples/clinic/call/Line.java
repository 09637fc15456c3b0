package dev.parley.samples.clinic.call;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One thing that the caller says.
 *
 * @param pcm16 how it sounds: PCM16 little-endian mono at the caller's rate
 * @param cutsInAfter the caller does not wait for the end of the reply before it, but speaks once so much of it was
 *     heard; null for a caller who waits
 */
record Line(ByteBuffer pcm16, @Nullable Duration cutsInAfter) {
    Line {
        pcm16 = pcm16.asReadOnlyBuffer();
    }

    static Line afterTheReply(ByteBuffer pcm16) {
        return new Line(pcm16, null);
    }
}
