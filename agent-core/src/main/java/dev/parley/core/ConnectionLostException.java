package dev.parley.core;

import org.jspecify.annotations.Nullable;

/** The connection could not be made, or broke: no network, a refused socket, a handshake without a WebSocket, or a peer that no longer answers. */
public final class ConnectionLostException extends SessionException {
    private static final long serialVersionUID = 1L;

    public ConnectionLostException(String message, int code, @Nullable Throwable cause) {
        super(message, code, cause);
    }
}
