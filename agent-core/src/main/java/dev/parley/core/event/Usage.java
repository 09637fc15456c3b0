package dev.parley.core.event;

/**
 * What a reply cost, in tokens, as {@code response.done} says; zero where it says nothing.
 *
 * @param input of the conversation so far, all kinds
 * @param output of the reply, all kinds
 * @param cachedInput of the input, what was cheaper because it came before
 * @param inputAudio of the input, speech
 * @param outputAudio of the output, speech
 */
public record Usage(long input, long output, long cachedInput, long inputAudio, long outputAudio) {}
