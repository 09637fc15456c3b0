package dev.parley.core.provider;

import java.net.URI;
import java.util.Map;

/**
 * swaram: Malayalam voice, a subset of the OpenAI Realtime events. PCM16 at 24 kHz both ways; the server finds the
 * turns and cancels its reply when the caller speaks; the configuration is fixed once the conversation begins. Facts
 * come from swaram's events reference, quickstart and transcripts pages.
 */
public final class Swaram {
    private static final URI ENDPOINT = URI.create("wss://api.swaram.live/v1/realtime");
    private static final int SAMPLE_RATE = 24_000;

    /** Close codes of swaram's events reference. */
    private static final Map<Integer, CloseMeaning> CLOSE_CODES = Map.of(
            4001, CloseMeaning.CREDENTIAL_REJECTED,
            4003, CloseMeaning.OUT_OF_CREDITS,
            4008, CloseMeaning.TOO_MANY_SESSIONS,
            1013, CloseMeaning.SERVER_BUSY);

    private Swaram() {}

    /**
     * Simple mode, model {@code mal-realtime-simple}.
     *
     * @param key a secret key ({@code swaram_…}) or a short-lived token
     */
    public static Provider simple(String key) {
        return Provider.of(dialect(true), ENDPOINT, "mal-realtime-simple", Credential.bearer(key));
    }

    /**
     * Premium mode. It ignores {@code response.create}, {@code input_audio_buffer.commit} and {@code .clear}, so an agent
     * cannot speak first there.
     *
     * @param model the model's id, which swaram tells its Premium customers
     * @throws IllegalArgumentException if it or the key is empty
     */
    public static Provider premium(String model, String key) {
        return Provider.of(dialect(false), ENDPOINT, Provider.named(model), Credential.bearer(key));
    }

    private static Dialect dialect(boolean simple) {
        return Dialect.builder("swaram")
                .sampleRate(SAMPLE_RATE)
                .continuesAfterToolOutput(true)
                .cancelsWhenCallerSpeaks(true)
                .acceptsResponseCreate(simple)
                .takesCommit(simple)
                .locksConfiguration(true)
                .closeCodes(CLOSE_CODES)
                .build();
    }
}
