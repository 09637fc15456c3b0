package dev.parley.testkit;

/** Whose server a {@link RehearsalServer} plays. */
public enum RehearsalDialect {
    /** swaram: one configuration, flat; the server finds the turns and goes on by itself after a tool's output. */
    SWARAM,
    /**
     * OpenAI's Realtime interface as generally available: a nested session that may change, text turns, manual commits,
     * items that can be cut, and no reply to a tool's output without {@code response.create}.
     */
    OPENAI
}
