package dev.parley.core;

import dev.parley.core.internal.AgentRuntime;
import dev.parley.core.internal.SessionSetup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Sets up one session of an agent. Not thread-safe; use it once. */
public final class SessionBuilder {
    private final AgentRuntime runtime;
    private final Map<String, Object> attributes = new LinkedHashMap<>();
    private final List<SessionExtension> extensions = new ArrayList<>();
    private final List<SessionListener> listeners = new ArrayList<>();
    private String conversationId = UUID.randomUUID().toString();
    private @Nullable History history;

    SessionBuilder(AgentRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * Your id for this conversation; transcripts are stored under it. A random one unless said.
     *
     * @throws IllegalArgumentException for an id without a character that shows: several conversations would share it
     */
    public SessionBuilder conversationId(String id) {
        if (id.isBlank()) {
            throw new IllegalArgumentException(
                    "the conversation's id is empty: give one of your own, or leave it out for a random one");
        }
        this.conversationId = id;
        return this;
    }

    /** Something that this conversation's tools should know, such as the customer who is signed in. */
    public SessionBuilder attribute(String name, Object value) {
        attributes.put(Objects.requireNonNull(name), Objects.requireNonNull(value));
        return this;
    }

    /** An earlier conversation that this one continues. */
    public SessionBuilder history(History earlier) {
        this.history = Objects.requireNonNull(earlier);
        return this;
    }

    /** Plugs a capability in, for this session; after the agent's own. */
    public SessionBuilder with(SessionExtension extension) {
        extensions.add(Objects.requireNonNull(extension));
        return this;
    }

    /** Adds a listener for this session. */
    public SessionBuilder listener(SessionListener listener) {
        listeners.add(Objects.requireNonNull(listener));
        return this;
    }

    /**
     * Connects, and blocks until the provider has confirmed the configuration (at most 20 s).
     *
     * @throws SessionException that says why there is no session; no listener hears {@code onClosed} then. What an
     *     extension or the instructions' supplier throws comes through as it is
     */
    public VoiceSession connect() {
        return runtime.connect(setup());
    }

    /** As {@link #connect()}, without blocking; the stage fails with the {@link SessionException}. What you chain to it may block. A
     * session that becomes ready after the stage was cancelled, or completed by others ({@code orTimeout}), is hung up. */
    public CompletionStage<VoiceSession> connectAsync() {
        return runtime.connectAsync(setup());
    }

    private SessionSetup setup() {
        return new SessionSetup(
                conversationId, Map.copyOf(attributes), history, List.copyOf(extensions), List.copyOf(listeners));
    }
}
