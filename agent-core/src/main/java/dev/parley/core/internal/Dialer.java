package dev.parley.core.internal;

import dev.parley.core.provider.Provider;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/** How a session reaches its provider, as often as it must. Immutable. */
record Dialer(Provider provider, OkHttpClient client, Executor threads) {

    /** The handshake, with the credential asked anew; its supplier may block, so that happens off the loop. */
    CompletableFuture<Request> request() {
        return CompletableFuture.supplyAsync(() -> RealtimeSocket.request(provider), threads);
    }

    void open(RealtimeSocket socket, Request request) {
        socket.connect(client, request);
    }
}
