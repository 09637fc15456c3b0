package dev.parley.core;

/**
 * A capability plugged into an agent: tools, transcript memory, a recorder. Immutable and thread-safe; it holds no
 * session's state: that lives in the part that it opens for each session.
 */
public interface SessionExtension {

    /**
     * Opens this extension's part in a new session. Called on the connecting thread, before the socket is opened, in the
     * order of {@code with}.
     *
     * @throws RuntimeException to refuse the session: {@code connect()} throws it
     */
    SessionPart open(SessionHandle session);

    /**
     * Whether one instance may serve one session only, because it holds something that two sessions cannot share (a
     * microphone, for example). Such an extension is refused by {@link VoiceAgent#builder()}: pass it to
     * {@link VoiceAgent#session()}.
     */
    default boolean perSession() {
        return false;
    }
}
