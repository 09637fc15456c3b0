package dev.parley.testkit.internal;

import dev.parley.testkit.RehearsalDialect;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * What a client's handshake says. The credential is looked for as swaram does: header, then query, then subprotocol.
 *
 * @param key the credential, or null
 * @param carrier where it was
 * @param answersRealtime whether the client offered the subprotocol {@code realtime}
 */
record Handshake(String path, @Nullable String key, String carrier, String model, boolean answersRealtime) {
    private static final String BEARER = "Bearer ";
    private static final String KEY_PROTOCOL = "openai-insecure-api-key.";

    static Handshake of(RecordedRequest request) {
        HttpUrl url = request.getUrl();
        String model = url.queryParameter("model");
        String authorization = request.getHeaders().get("Authorization");
        String query = url.queryParameter("api_key");
        String protocolKey = null;
        boolean realtime = false;
        for (String line : request.getHeaders().values("Sec-WebSocket-Protocol")) {
            for (String protocol : line.split(",", -1)) {
                String trimmed = protocol.trim();
                realtime |= trimmed.equals("realtime");
                if (trimmed.startsWith(KEY_PROTOCOL)) {
                    protocolKey = trimmed.substring(KEY_PROTOCOL.length());
                }
            }
        }
        String key = null;
        String carrier = "none";
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            key = authorization.substring(BEARER.length());
            carrier = "header";
        } else if (query != null) {
            key = query;
            carrier = "query";
        } else if (protocolKey != null) {
            key = protocolKey;
            carrier = "subprotocol";
        }
        return new Handshake(url.encodedPath(), key, carrier, model == null ? "" : model, realtime);
    }

    /** Whether a server with this key, or with any, takes the credential where this one carries it. */
    boolean accepted(RehearsalDialect dialect, @Nullable String wanted) {
        return mayCarry(dialect) && key != null && !key.isBlank() && (wanted == null || wanted.equals(key));
    }

    /** Whether a server looks for credentials where this one carries it. */
    boolean mayCarry(RehearsalDialect dialect) {
        return dialect == RehearsalDialect.SWARAM || !carrier.equals("query");
    }

    /** Shows no key. */
    @Override
    public String toString() {
        return "Handshake[" + path + ", " + carrier + "]";
    }
}
