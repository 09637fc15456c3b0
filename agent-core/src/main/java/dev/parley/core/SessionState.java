package dev.parley.core;

/** Where a session stands. */
public enum SessionState {
    /** The WebSocket is being opened. */
    CONNECTING,
    /** The socket is open; the configuration is sent and not yet confirmed. Audio is kept meanwhile. */
    CONFIGURING,
    /** The provider confirmed the configuration: audio flows. */
    READY,
    /**
     * The connection was lost, or its time was up, and is being replaced. Audio is kept meanwhile, the last 5 s of it. The
     * next state is READY or CLOSED.
     */
    RECONNECTING,
    /** Over, for the reason that {@link VoiceSession#closeReason()} gives. */
    CLOSED
}
