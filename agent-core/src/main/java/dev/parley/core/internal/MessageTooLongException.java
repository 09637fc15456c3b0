package dev.parley.core.internal;

import java.io.IOException;

/** The peer began a message that is over the limit; nothing of it was kept. */
final class MessageTooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * @param bytes of the message, as far as the peer has announced it
     * @param limit in bytes
     */
    MessageTooLongException(long bytes, long limit) {
        super("sent a message of " + bytes + " bytes or more, over the limit of " + limit);
    }
}
