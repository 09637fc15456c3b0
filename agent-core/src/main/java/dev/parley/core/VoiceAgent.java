package dev.parley.core;

import dev.parley.core.event.SessionSettings;
import dev.parley.core.internal.AgentRuntime;
import dev.parley.core.internal.ClassName;
import dev.parley.core.provider.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * The definition of an agent: provider, instructions, voice, extensions. Immutable and thread-safe; it serves any number
 * of sessions, and needs no closing: its threads are daemons that end when idle.
 *
 * <pre>{@code
 * VoiceAgent agent = VoiceAgent.builder()
 *     .provider(Swaram.simple(apiKey))
 *     .instructions("You are Asha, a clinic receptionist. Speak Malayalam.")
 *     .with(Toolbox.of(new ClinicTools(clinic)))
 *     .build();
 * try (VoiceSession session = agent.session().with(AudioLink.between(microphone, speaker)).connect()) {
 *     session.awaitClosed(Duration.ofMinutes(10));
 * }
 * }</pre>
 */
public final class VoiceAgent {
    private final AgentRuntime runtime;

    private VoiceAgent(Builder builder, Provider provider) {
        this.runtime = new AgentRuntime(
                provider,
                builder.instructions,
                builder.voice,
                builder.settings,
                builder.reconnect,
                List.copyOf(builder.extensions),
                List.copyOf(builder.listeners),
                builder.httpClient,
                builder.clock);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Sets up one session: what belongs to a single conversation is said there. */
    public SessionBuilder session() {
        return new SessionBuilder(runtime);
    }

    /** As {@code session().connect()}. */
    public VoiceSession connect() {
        return session().connect();
    }

    /** Collects an agent's parts. Not thread-safe. */
    public static final class Builder {
        private @Nullable Provider provider;
        private @Nullable Supplier<String> instructions;
        private @Nullable String voice;
        private SessionSettings settings = SessionSettings.none();
        private ReconnectPolicy reconnect = ReconnectPolicy.exponential();
        private final List<SessionExtension> extensions = new ArrayList<>();
        private final List<SessionListener> listeners = new ArrayList<>();
        private @Nullable OkHttpClient httpClient;
        private @Nullable Clock clock;

        private Builder() {}

        /** Where to connect. Required. */
        public Builder provider(Provider provider) {
            this.provider = Objects.requireNonNull(provider);
            return this;
        }

        /** The system prompt; 8 MiB as JSON at most, the tools included. */
        public Builder instructions(String instructions) {
            Objects.requireNonNull(instructions);
            return instructions(() -> instructions);
        }

        /** The system prompt, read once for each session, on the connecting thread. */
        public Builder instructions(Supplier<String> instructions) {
            this.instructions = Objects.requireNonNull(instructions);
            return this;
        }

        /** The provider's name of a voice; swaram has {@code mal-female} (its default) and {@code mal-male}. */
        public Builder voice(String voice) {
            this.voice = Objects.requireNonNull(voice);
            return this;
        }

        /**
         * Everything else that a session is configured with: how turns are found, whether the caller's words are written down.
         * {@link #build()} refuses what the provider does not have.
         */
        public Builder settings(SessionSettings settings) {
            this.settings = Objects.requireNonNull(settings);
            return this;
        }

        /** Whether and when a lost connection is replaced; {@link ReconnectPolicy#exponential()} unless said. */
        public Builder reconnect(ReconnectPolicy policy) {
            this.reconnect = Objects.requireNonNull(policy);
            return this;
        }

        /**
         * Plugs a capability in, for every session. Parts see events in the order in which their extensions were given.
         *
         * @throws IllegalArgumentException for an extension that can serve one session only
         */
        public Builder with(SessionExtension extension) {
            if (extension.perSession()) {
                throw new IllegalArgumentException(ClassName.of(extension)
                        + " belongs to one conversation: pass it to agent.session().with(…), since every session of this"
                        + " agent would share it here");
            }
            extensions.add(extension);
            return this;
        }

        /** Adds a listener for every session. */
        public Builder listener(SessionListener listener) {
            listeners.add(Objects.requireNonNull(listener));
            return this;
        }

        /**
         * Your HTTP client: its proxy, certificates and timeouts. Parley derives its own from it, with a dispatcher that
         * live sessions cannot use up, TCP_NODELAY, and WebSocket pings every 20 s unless yours says otherwise.
         */
        public Builder httpClient(OkHttpClient client) {
            this.httpClient = Objects.requireNonNull(client);
            return this;
        }

        /** The time that everything in the agent's sessions goes by; a test hands its own in. */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock);
            return this;
        }

        /**
         * The finished agent.
         *
         * @throws IllegalStateException without a provider
         * @throws UnsupportedByProviderException if the settings name something that the provider does not have
         * @throws IllegalArgumentException if the settings' {@code extra} is not a JSON object
         */
        public VoiceAgent build() {
            if (provider == null) {
                throw new IllegalStateException("an agent needs a provider, for example Swaram.simple(key)");
            }
            return new VoiceAgent(this, provider);
        }
    }
}
