package dev.parley.testkit;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One response that is spoken. Immutable.
 *
 * @param text what is said
 * @param audio how it sounds, or null for a tone about as long as the text
 * @param interrupted whether the caller is expected to cut it short; otherwise it must come through whole
 */
public record Speech(String text, @Nullable Recording audio, boolean interrupted) implements Step {
    public Speech {
        Objects.requireNonNull(text);
    }

    /** Said whole, with a tone for a voice. */
    public static Speech of(String text) {
        return new Speech(text, null, false);
    }

    /** The same words with this sound. */
    public Speech soundingAs(Recording recording) {
        return new Speech(text, Objects.requireNonNull(recording), interrupted);
    }

    /** The same, but the caller must cut it short. */
    public Speech expectInterruption() {
        return new Speech(text, audio, true);
    }
}
