package dev.parley.core.provider;

import dev.parley.core.event.SessionSettings;
import dev.parley.core.event.Setting;
import dev.parley.core.event.Transcription;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * OpenAI's Realtime API as it is generally available. PCM16 at 24 kHz both ways; the client asks for the reply after a tool's
 * output, and says what was heard of a reply that was cut. Facts come from OpenAI's published schema (August 2026); error
 * codes and the longest session are as its SDKs and users report them.
 */
public final class OpenAi {
    private static final URI ENDPOINT = URI.create("wss://api.openai.com/v1/realtime");

    private OpenAi() {}

    /**
     * A realtime model. What the caller says is written down by {@code gpt-4o-transcribe} unless the agent's settings say
     * otherwise: without it a transcript would have the agent's words alone.
     *
     * @param model for example {@code gpt-realtime}
     * @param key a secret key or a short-lived token
     * @throws IllegalArgumentException if either is empty
     */
    public static Provider realtime(String model, String key) {
        Dialect dialect = dialect("OpenAI", Duration.ofMinutes(60))
                .defaults(SessionSettings.builder()
                        .transcription(Transcription.by("gpt-4o-transcribe"))
                        .build())
                .build();
        return Provider.of(dialect, ENDPOINT, Provider.named(model), Credential.bearer(key));
    }

    /** The facts of the GA interface: what Azure and most compatible servers share. */
    static Dialect.Builder dialect(String name, Duration longestSession) {
        return Dialect.builder(name)
                .sampleRate(24_000)
                .sessionShape(Dialect.SessionShape.NESTED)
                .cancelsWhenCallerSpeaks(true)
                .takesResponseOptions(true)
                .takesText(true)
                .takesCommit(true)
                .truncates(true)
                .completesItems(true)
                .acknowledgesItems(true)
                .namesFaultyEvents(true)
                .takesTokenLifetime(true)
                .settings(EnumSet.allOf(Setting.class))
                .longestSession(longestSession)
                .fatalErrors(Map.of(
                        "session_expired", CloseMeaning.SESSION_EXPIRED,
                        "insufficient_quota", CloseMeaning.OUT_OF_CREDITS,
                        "billing_hard_limit_reached", CloseMeaning.OUT_OF_CREDITS,
                        "invalid_api_key", CloseMeaning.CREDENTIAL_REJECTED,
                        "account_deactivated", CloseMeaning.CREDENTIAL_REJECTED))
                .harmlessErrors(Set.of("response_cancel_not_active", "input_audio_buffer_commit_empty"));
    }
}
