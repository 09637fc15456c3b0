package dev.parley.core.event;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the server writes down what the caller says. Immutable.
 *
 * @param model the model that listens, for example {@code gpt-4o-transcribe}; at Azure the name of your deployment
 * @param language an ISO 639-1 code, for example {@code ml}, or null to let the model find out
 * @param prompt words that will come up, or null
 */
public record Transcription(
        String model, @Nullable String language, @Nullable String prompt) {
    public Transcription {
        Objects.requireNonNull(model);
    }

    /** By this model, in whatever language it hears. */
    public static Transcription by(String model) {
        return new Transcription(model, null, null);
    }

    /** The same, for one language. */
    public Transcription in(String iso639) {
        return new Transcription(model, iso639, prompt);
    }
}
