package dev.parley.core.internal;

import dev.parley.core.Clock;
import dev.parley.core.SessionExtension;
import dev.parley.core.SessionListener;
import dev.parley.core.VoiceSession;
import dev.parley.core.provider.Provider;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** What all sessions of one agent share. */
public final class AgentRuntime {
    public AgentRuntime(
            Provider provider,
            @Nullable Supplier<String> instructions,
            @Nullable String voice,
            List<SessionExtension> extensions,
            List<SessionListener> listeners,
            @Nullable OkHttpClient httpClient,
            @Nullable Clock clock) {}

    public VoiceSession connect(SessionSetup setup) {
        return connectAsync(setup).toCompletableFuture().join();
    }

    public CompletionStage<VoiceSession> connectAsync(SessionSetup setup) {
        return CompletableFuture.failedFuture(new UnsupportedOperationException());
    }
}
