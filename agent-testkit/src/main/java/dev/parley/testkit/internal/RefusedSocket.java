package dev.parley.testkit.internal;

import dev.parley.testkit.RehearsalDialect;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;

/** A client that is turned away: an error event, then the close code. */
final class RefusedSocket extends WebSocketListener {
    private final int code;
    private final RehearsalDialect dialect;

    RefusedSocket(int code, RehearsalDialect dialect) {
        this.code = code;
        this.dialect = dialect;
    }

    @Override
    public void onOpen(WebSocket webSocket, Response response) {
        String reason = switch (code) {
            case 4001 -> "the API key is missing, wrong or expired";
            case 4003 -> "out of credits";
            case 4008 -> "too many concurrent connections";
            case 1013 -> "the server is busy";
            default -> "refused";
        };
        String errorCode = switch (code) {
            case 4001 -> "invalid_api_key";
            case 4003 -> "insufficient_credits";
            case 4008 -> "too_many_connections";
            default -> "server_error";
        };
        webSocket.send(
                switch (dialect) {
                    case SWARAM -> new SwaramEvents().error("server_error", errorCode, reason, null);
                    case OPENAI -> new OpenAiEvents().error("server_error", errorCode, reason, null, null);
                });
        webSocket.close(code, reason);
    }

    @Override
    public void onClosing(WebSocket webSocket, int closeCode, String reason) {
        webSocket.close(1000, null);
    }
}
