package dev.parley.testkit;

import dev.parley.core.Clock;
import dev.parley.core.provider.OpenAi;
import dev.parley.core.provider.Provider;
import dev.parley.core.provider.Swaram;
import dev.parley.testkit.internal.Rehearsal;
import dev.parley.testkit.internal.RehearsalSettings;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A real WebSocket server on loopback that speaks swaram's dialect or OpenAI's, strictly, and plays a {@link Script}. It
 * finds the turns itself, from the energy of the audio that it gets, by samples and not by time: the same audio gives the same
 * turns however fast it comes. Replies go out faster than real time, as real servers send them.
 *
 * <pre>{@code
 * try (RehearsalServer server = RehearsalServer.start(script)) {
 *     VoiceAgent agent = VoiceAgent.builder().provider(server.provider()).with(tools).build();
 *     try (VoiceSession session = agent.connect()) {
 *         session.appendAudio(Recording.tone(Duration.ofSeconds(1)).pcm16());
 *         session.appendAudio(Recording.silence(Duration.ofSeconds(1)).pcm16());
 *         server.awaitConnection(0).awaitFinished(Duration.ofSeconds(10));
 *     }
 *     server.assertPassed();
 * }
 * }</pre>
 *
 * <p>Thread-safe. Serves any number of clients at once; each has its own run of the script.
 */
public final class RehearsalServer implements AutoCloseable {
    private static final Duration CONNECTION_WAIT = Duration.ofSeconds(10);

    private final Rehearsal rehearsal;
    private final String key;
    private final RehearsalDialect dialect;

    private RehearsalServer(Builder builder) throws IOException {
        this.key = builder.apiKey == null ? "rehearsal" : builder.apiKey;
        Script script = builder.script;
        if (script == null) {
            throw new IllegalStateException(
                    "the rehearsal has no script: set one with RehearsalServer.builder().script(…)");
        }
        this.dialect = dialectOf(builder, script);
        this.rehearsal = Rehearsal.start(
                new RehearsalSettings(
                        script,
                        dialect,
                        builder.apiKey,
                        builder.silence,
                        builder.speed,
                        builder.sessionLimit,
                        builder.clock == null ? Clock.system() : builder.clock,
                        builder.zone,
                        builder.mintedTokensOnly,
                        builder.connectionsKept),
                builder.port);
    }

    private static RehearsalDialect dialectOf(Builder builder, Script script) {
        if (builder.dialect != null) {
            return builder.dialect;
        }
        return script.dialect() == null ? RehearsalDialect.SWARAM : script.dialect();
    }

    /** A server with this script, on a free port, with the defaults of {@link #builder()}. */
    public static RehearsalServer start(Script script) {
        return builder().script(script).start();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A server that speaks as OpenAI's does. */
    public static Builder openAi() {
        return new Builder().dialect(RehearsalDialect.OPENAI);
    }

    /** Where it listens: {@code ws://127.0.0.1:<port>/v1/realtime}. */
    public URI url() {
        return rehearsal.url();
    }

    /**
     * A provider that connects here with a key that the server takes: swaram's Simple mode, or OpenAI's {@code gpt-realtime}.
     */
    public Provider provider() {
        return switch (dialect) {
            case SWARAM -> Swaram.simple(key).endpoint(url());
            case OPENAI -> OpenAi.realtime("gpt-realtime", key).endpoint(url());
        };
    }

    /** Turns the next clients away, each in its way; those after them are served. */
    public void refuseNext(Refusal... refusals) {
        rehearsal.refuseNext(List.of(refusals));
    }

    /**
     * The connections so far, refused ones left out, in the order of their handshakes. Of those that are over the latest 1,000, or
     * as many as {@link Builder#connectionsKept} says.
     */
    public List<RehearsalConnection> connections() {
        return rehearsal.connections();
    }

    /**
     * The connection with this index, from zero.
     *
     * @throws AssertionError if there is none, or if it is over and kept no longer
     */
    public RehearsalConnection connection(int index) {
        return rehearsal.awaitConnection(index, Duration.ZERO);
    }

    /**
     * Waits for the connection with this index, 10 s at most.
     *
     * @throws AssertionError if it does not come
     */
    public RehearsalConnection awaitConnection(int index) {
        return rehearsal.awaitConnection(index, CONNECTION_WAIT);
    }

    /** A caller for the next session with an {@code AudioLink}: speaks the script's lines into it, and hears the replies. */
    public RehearsalCaller caller() {
        return new RehearsalCaller(rehearsal);
    }

    /**
     * How many tokens it has minted. It answers {@code POST /v1/realtime/client_secrets} as its dialect's service does, so that
     * {@code ClientSecrets.of(server.provider())} works: swaram's tokens live for a minute, OpenAI's for as long as is asked, 10
     * minutes unless said, by the server's clock. A token is taken wherever a key is, and holds the session that was locked into it.
     */
    public int minted() {
        return rehearsal.minted();
    }

    /** How many clients were turned away. */
    public int refused() {
        return rehearsal.refused();
    }

    /** The findings of all connections; with none, all of the script's turns are left. */
    public Report report() {
        return rehearsal.report();
    }

    /**
     * Fails unless every connection played its whole script without a finding, and there was one at least.
     *
     * @throws AssertionError that lists the findings
     */
    public void assertPassed() {
        Report report = report();
        if (!report.passed()) {
            throw new AssertionError("the rehearsal did not pass:\n" + report);
        }
    }

    /** Closes the open connections with 1001 and stops. Waits a few seconds at most. Idempotent. */
    @Override
    public void close() {
        rehearsal.close();
    }

    /** Shows where it listens. */
    @Override
    public String toString() {
        return "RehearsalServer[" + url() + "]";
    }

    /** Sets a server up. Not thread-safe. */
    public static final class Builder {
        private @Nullable Script script;
        private @Nullable String apiKey;
        private Duration silence = Duration.ofMillis(500);
        private double speed = 4;
        private Duration sessionLimit = Duration.ofMinutes(60);
        private @Nullable RehearsalDialect dialect;
        private @Nullable Clock clock;
        private ZoneId zone = ZoneId.systemDefault();
        private boolean mintedTokensOnly;
        private int connectionsKept = 1_000;
        private int port;

        private Builder() {}

        /** What to play. Required. */
        public Builder script(Script script) {
            this.script =
                    Objects.requireNonNull(script, "the script is null: make one with Script.named or Script.load");
            return this;
        }

        /** Whose server it plays; unless said, the one that the script names, and swaram's if it names none. */
        public Builder dialect(RehearsalDialect newDialect) {
            this.dialect = Objects.requireNonNull(newDialect);
            return this;
        }

        /** The one key that is taken. Unless said, any key is; none never is. */
        public Builder apiKey(String key) {
            this.apiKey = Objects.requireNonNull(key);
            return this;
        }

        /**
         * Lets only those connect who bring a token that this server minted, and that has not expired; the key mints, and opens no
         * connection. For rehearsing {@code ClientSecrets}, and browsers.
         */
        public Builder mintedTokensOnly() {
            this.mintedTokensOnly = true;
            return this;
        }

        /**
         * So many connections that are over can still be asked of; 1,000 unless said. Fewer are kept where they have received more
         * than 64 Mi characters together. Of older ones the findings stay in the report. From 1 to 1,000,000.
         */
        public Builder connectionsKept(int most) {
            if (most < 1 || most > 1_000_000) {
                throw new IllegalArgumentException(
                        "the server keeps 1 to 1000000 connections that are over, not " + most);
            }
            this.connectionsKept = most;
            return this;
        }

        /** So much silence ends a turn; 500 ms unless said here, or by a client of OpenAI's. From 20 ms to 10 s. */
        public Builder silence(Duration silence) {
            if (silence.toMillis() < 20 || silence.toMillis() > 10_000) {
                throw new IllegalArgumentException("the silence that ends a turn is 20 ms to 10 s, not " + silence);
            }
            this.silence = silence;
            return this;
        }

        /** How many times faster than real time replies go out; 4 unless said. From 0.25 to 1,000. */
        public Builder speed(double timesRealTime) {
            if (!(timesRealTime >= 0.25 && timesRealTime <= 1_000)) {
                throw new IllegalArgumentException("the speed is 0.25 to 1000 times real time, not " + timesRealTime);
            }
            this.speed = timesRealTime;
            return this;
        }

        /**
         * How long a session lasts before it expires, by the server's clock (OpenAI); 60 minutes unless said, as there. The
         * client gets the error {@code session_expired}, then close code 1001.
         *
         * @throws IllegalArgumentException if it is not above zero
         */
        public Builder sessionLimit(Duration limit) {
            if (limit.isZero() || limit.isNegative()) {
                throw new IllegalArgumentException("a session lasts longer than zero, not " + limit);
            }
            this.sessionLimit = limit;
            return this;
        }

        /** What replies are paced by and dates are taken from; the machine's clock unless said. */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock);
            return this;
        }

        /** Where "today" is taken for {@code ${date:…}}; the machine's zone unless said. */
        public Builder zone(ZoneId zone) {
            this.zone = Objects.requireNonNull(zone);
            return this;
        }

        /** The port; a free one unless said. */
        public Builder port(int port) {
            this.port = port;
            return this;
        }

        /**
         * Starts it.
         *
         * @throws ScriptException if a recording of a caller would not be heard as one turn, or a dialect cannot play the script
         * @throws IllegalStateException without a script, or if the port cannot be had
         */
        public RehearsalServer start() {
            try {
                return new RehearsalServer(this);
            } catch (IOException e) {
                throw new IllegalStateException(
                        "cannot listen on port " + port + " of 127.0.0.1: choose another, or 0 for any free one", e);
            }
        }
    }
}
