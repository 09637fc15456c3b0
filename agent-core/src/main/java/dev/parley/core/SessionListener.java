package dev.parley.core;

import dev.parley.core.event.ServerEvent;

/**
 * Told what happens in sessions. Override what you need.
 *
 * <p>Calls for one session come one at a time and in order, on a lane of their own: a slow listener delays itself and
 * nobody else. What it throws is logged. One listener may serve many sessions at once, so keep a session's state by
 * session.
 */
public interface SessionListener {

    /** The state changed. {@link SessionState#CLOSED} is told by {@link #onClosed} alone. */
    default void onState(VoiceSession session, SessionState state) {}

    /** The connection was lost and is being replaced; told for each attempt. */
    default void onReconnecting(VoiceSession session, Reconnecting attempt) {}

    /** How long something took that callers notice. */
    default void onMeasured(VoiceSession session, Measurement measurement) {}

    /** Any event from the provider, unrecognised ones too. Audio of a cancelled reply is counted instead. */
    default void onEvent(VoiceSession session, ServerEvent event) {}

    /** The model asked for a tool. Sensitive arguments are masked. */
    default void onToolRequest(VoiceSession session, ToolRequest request) {}

    /** A tool that is still at work says so. */
    default void onToolProgress(VoiceSession session, ToolProgress progress) {}

    /**
     * A tool asked that the caller be handed over, and the agent's last words have been heard: connect them now. The session
     * hangs up by itself.
     *
     * @param target as the tool gave it: a telephone number, a queue
     */
    default void onTransfer(VoiceSession session, String target) {}

    /** A tool call ended. What is sensitive in its arguments and its output is masked. */
    default void onToolOutcome(VoiceSession session, ToolOutcome outcome) {}

    /** A reply was cut short. */
    default void onInterrupted(VoiceSession session, Interruption interruption) {}

    /** Something went wrong and the session goes on. */
    default void onProblem(VoiceSession session, Problem problem) {}

    /** The session is over; the last call, exactly one for each session that {@code connect()} returned. */
    default void onClosed(VoiceSession session, CloseReason reason) {}
}
