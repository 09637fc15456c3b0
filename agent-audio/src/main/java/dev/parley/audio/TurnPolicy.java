package dev.parley.audio;

import dev.parley.core.event.ServerEvent;

/** A {@link BargeIn} policy at work in one session. Loop-confined, but for {@link #microphoneOpen()}. */
interface TurnPolicy {

    /** Whether the caller's voice goes to the server now. Any thread. */
    default boolean microphoneOpen() {
        return true;
    }

    /** The agent's audio plays, after it did not. */
    default void onSpeaking() {}

    /** The agent's audio has been played out, was cut, or the sink is gone. */
    default void onQuiet() {}

    /** The agent was silenced, whoever asked. */
    default void onSilenced() {}

    /** The connection changed: a reply that was under way is not any more. */
    default void onConnectionLost() {}

    default void onServerEvent(ServerEvent event) {}

    /** The detector heard a frame of the caller's voice. */
    default void onFrame(boolean speech) {}

    /** The detector failed: there will be no frames any more. */
    default void onDeaf() {}

    default void press() {
        throw notPushToTalk();
    }

    default void release() {
        throw notPushToTalk();
    }

    /** The session is over. */
    default void close() {}

    private static IllegalStateException notPushToTalk() {
        return new IllegalStateException(
                "there is no button to press in this session: give its AudioLink bargeIn(BargeIn.pushToTalk())");
    }
}
