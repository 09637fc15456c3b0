package dev.parley.audio;

import java.time.Duration;
import java.util.Objects;

/**
 * When the agent falls silent because the caller speaks, and whether the caller is heard meanwhile. Immutable; the methods
 * that refine a policy return a new one.
 *
 * <p>Which one suits a line: {@link #serverDriven()} where the caller's line does not carry the agent's voice (phones,
 * headsets); {@link #local} there too, where the server's word comes late; {@link #halfDuplex()} for open loudspeakers;
 * {@link #pushToTalk()} for noisy rooms and radios.
 */
public sealed interface BargeIn permits ServerDrivenBargeIn, LocalBargeIn, HalfDuplex, PushToTalk {

    /** Where a call stands between its two sides. */
    enum State {
        /** Nothing of the agent is played. */
        LISTENING,
        /** The agent is played. */
        SPEAKING,
        /** The agent is played quietly, until it is sure whether the caller speaks. */
        DUCKED,
        /** The agent was cut short; until the server has heard the caller out, or the next reply plays. */
        INTERRUPTED
    }

    /**
     * The server says when: its {@code speech_started} silences the agent within the same turn of the session's loop.
     * For phone lines, headsets, and every line without the agent's own voice in the caller's. A greeting can be kept
     * from being cut by a cough: {@link ServerDrivenBargeIn#notBefore}.
     */
    static ServerDrivenBargeIn serverDriven() {
        return ServerDrivenBargeIn.POLICY;
    }

    /**
     * A detector beside the source says when. At the first frame of speech the agent gets quieter; after 120 ms of speech
     * the reply is interrupted as by {@code session.interrupt()}; after 400 ms without, it was a false alarm, and the agent goes on at full
     * voice with no sample lost. So it does after two seconds in which nothing was certain. A server that cancels by itself
     * silences the agent at its {@code speech_started}, whatever the detector says.
     */
    static LocalBargeIn local(SpeechDetector detector) {
        return new LocalBargeIn(
                Objects.requireNonNull(detector), Duration.ofMillis(120), Duration.ofMillis(400), Duration.ZERO, 0.25);
    }

    /**
     * The server hears silence instead of the caller from the beginning of a reply until it has been played out, so
     * that it never hears the agent. Only {@code session.interrupt()} stops a reply, and opens the microphone at once.
     * So no cough cuts a greeting, and there is no time to set before which none may.
     */
    static HalfDuplex halfDuplex() {
        return new HalfDuplex(Duration.ofMillis(200), Duration.ofSeconds(10));
    }

    /**
     * The server hears the caller only between {@link Playback#press()}, which interrupts a reply, and
     * {@link Playback#release()}. Who presses means it, also during a greeting, so there is no time to set before which
     * none may be interrupted.
     */
    static PushToTalk pushToTalk() {
        return PushToTalk.POLICY;
    }
}
