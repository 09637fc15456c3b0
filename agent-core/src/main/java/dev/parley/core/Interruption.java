package dev.parley.core;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A reply that was cut short.
 *
 * @param cause who cut it
 * @param responseId the reply, where the provider gives ids
 * @param itemId the reply's item whose audio was playing, where known
 * @param heard how much of that item's audio the caller heard; zero where nobody reports playback
 */
public record Interruption(
        Cause cause, @Nullable String responseId, @Nullable String itemId, Duration heard) {

    /** Who cut the reply short. */
    public enum Cause {
        /** The caller began to speak (barge-in), as the provider or a part of the session found out. */
        CALLER_SPOKE,
        /** {@link VoiceSession#interrupt()}. */
        REQUESTED,
        /** The provider cancelled the reply by itself, with no speech that it told of. */
        PROVIDER
    }
}
