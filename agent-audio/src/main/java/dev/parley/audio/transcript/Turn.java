package dev.parley.audio.transcript;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one side said. Text is in Unicode's normal form C.
 *
 * @param text what was said; of the assistant, what the caller heard of it, which may be nothing
 * @param unheard the rest of an interrupted reply: received, never played; null where there is none
 * @param interrupted whether the assistant was cut short
 */
public record Turn(
        long position,
        Role role,
        String text,
        @Nullable String unheard,
        boolean interrupted,
        Instant startedAt,
        Instant endedAt)
        implements TranscriptEntry {

    /** Who speaks. */
    public enum Role {
        /** The caller. */
        USER,
        /** The agent. */
        ASSISTANT
    }

    /** Shows no words. */
    @Override
    public String toString() {
        return "Turn[position=" + position + ", role=" + role + ", " + text.length() + " chars"
                + (interrupted ? ", interrupted" : "") + "]";
    }
}
