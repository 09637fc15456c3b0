package dev.parley.testkit;

import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One response that is spoken. Immutable.
 *
 * @param text what is said
 * @param audio how it sounds, or null for a tone about as long as the text
 * @param interrupted whether the caller is expected to cut it short; otherwise it must come through whole
 * @param faults what the server does wrong on the way
 */
public record Speech(String text, @Nullable Recording audio, boolean interrupted, Set<Fault> faults) implements Step {
    public Speech {
        Objects.requireNonNull(text);
        faults = Set.copyOf(faults);
        faults.forEach(Fault::checkedForSpeech);
    }

    /** Said whole, with a tone for a voice. */
    public static Speech of(String text) {
        return new Speech(text, null, false, Set.of());
    }

    /** The same words with this sound. */
    public Speech soundingAs(Recording recording) {
        return new Speech(text, Objects.requireNonNull(recording), interrupted, faults);
    }

    /** The same, but the caller must cut it short. */
    public Speech expectInterruption() {
        return new Speech(text, audio, true, faults);
    }

    /** The same, with these faults and no others. */
    public Speech with(Fault... newFaults) {
        return new Speech(text, audio, interrupted, Set.of(newFaults));
    }
}
