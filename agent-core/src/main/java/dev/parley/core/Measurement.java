package dev.parley.core;

import java.time.Duration;

/**
 * How long something took that callers notice.
 *
 * @param what which
 * @param took by the agent's clock
 */
public record Measurement(What what, Duration took) {

    /** What is measured. New ones come with minor versions. */
    public enum What {
        /** From {@code connect()} to a session that is ready. */
        CONNECT,
        /** From the loss of a connection to a session that is ready again. */
        RECONNECT,
        /**
         * From the server's word that the caller stopped speaking, or from the commit that ended their turn by hand, to the
         * first piece of the reply's voice. Of speech that gets no reply within 10 s nothing is told.
         */
        FIRST_AUDIO,
        /** From the word that the caller speaks, where it enters the session, to silent players. */
        BARGE_IN
    }
}
