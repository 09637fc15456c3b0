package dev.parley.core.event;

/** The settings that servers of the realtime family share, beside instructions, voice and tools. A dialect says which it has. */
public enum Setting {
    /** Whether and how the caller's speech is written down. */
    TRANSCRIPTION,
    /** How the server finds the caller's turns. */
    TURN_DETECTION,
    /** What kind of microphone the server should clean up after. */
    NOISE_REDUCTION,
    /** How fast the voice speaks. */
    SPEED,
    /** The longest reply. */
    MAX_OUTPUT_TOKENS,
    /** Whether the model may, must or must not call tools. */
    TOOL_CHOICE,
    /** Whether the model may ask for several tools at once. */
    PARALLEL_TOOL_CALLS,
    /** Voice, or text alone. */
    OUTPUT_MODALITIES
}
