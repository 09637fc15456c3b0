package dev.parley.core;

/**
 * What a session has moved and dropped so far. A snapshot; all in bytes of PCM16 or in messages.
 *
 * @param audioSent bytes handed to the socket
 * @param audioUnsent bytes that were taken and still waited when the session ended, half a sample at the very end among them
 * @param audioReceived bytes of the agent's voice received, late ones included
 * @param audioRefused bytes that {@link VoiceSession#appendAudio} refused because its lane was full, the other halves of
 *     samples that it broke among them
 * @param audioDroppedBeforeReady bytes offered before the session was ready, beyond the 5 s that are kept
 * @param lateAudioDropped bytes that came for a reply that was already cancelled or over
 * @param malformedMessages messages that could not be read, or were over the limit of 16 MiB
 * @param unrecognizedEvents well-formed events that Parley has no record for
 * @param reconnects connections that replaced another
 * @param inputTokens what replies read, as the provider counts it
 * @param outputTokens what replies wrote, as the provider counts it
 * @param eventsNotTold events and problems that listeners missed because they were 4,096 events or 16 MiB behind
 */
public record SessionCounters(
        long audioSent,
        long audioUnsent,
        long audioReceived,
        long audioRefused,
        long audioDroppedBeforeReady,
        long lateAudioDropped,
        long malformedMessages,
        long unrecognizedEvents,
        long reconnects,
        long inputTokens,
        long outputTokens,
        long eventsNotTold) {}
