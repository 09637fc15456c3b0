package dev.parley.core.provider;

import java.util.Map;

/**
 * The facts in which providers of the realtime family differ, as data. Immutable.
 *
 * @param name the provider's name in messages and logs
 * @param sampleRate the rate of PCM16 in both directions, in Hz
 * @param continuesAfterToolOutput whether the server speaks by itself once it has a tool's output; a
 *     {@code response.create} would then make it speak twice
 * @param cancelsWhenCallerSpeaks whether the server cancels its reply by itself when it hears the caller
 * @param acceptsResponseCreate whether {@code response.create} is obeyed
 * @param acceptsTextTurns whether the user's turn can be text
 * @param acceptsManualTurns whether {@code input_audio_buffer.commit} and {@code .clear} are obeyed
 * @param closeCodes what the provider's close codes mean
 */
public record Dialect(
        String name,
        int sampleRate,
        boolean continuesAfterToolOutput,
        boolean cancelsWhenCallerSpeaks,
        boolean acceptsResponseCreate,
        boolean acceptsTextTurns,
        boolean acceptsManualTurns,
        Map<Integer, CloseMeaning> closeCodes) {
    public Dialect {
        closeCodes = Map.copyOf(closeCodes);
    }
}
