package dev.parley.core.internal;

import dev.parley.core.Clock;
import dev.parley.core.CloseReason;
import dev.parley.core.ReconnectPolicy;
import dev.parley.core.SessionException;
import dev.parley.core.SessionExtension;
import dev.parley.core.SessionListener;
import dev.parley.core.SessionPart;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.SessionConfig;
import dev.parley.core.event.SessionSettings;
import dev.parley.core.event.Setting;
import dev.parley.core.event.TurnDetection;
import dev.parley.core.provider.Provider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** What all sessions of one agent share: its definition, its threads, its HTTP client. Thread-safe. */
public final class AgentRuntime {
    private static final Duration PING_EVERY = Duration.ofSeconds(20);

    private final Provider provider;
    private final @Nullable Supplier<String> instructions;
    private final @Nullable String voice;
    private final SessionSettings settings;
    private final ReconnectPolicy reconnect;
    private final List<SessionExtension> extensions;
    private final List<SessionListener> listeners;
    private final Clock clock;
    private final ExecutorService threads = daemons("parley-");
    private final OkHttpClient client;
    private final EventCodec codec = new EventCodec();

    /** @throws dev.parley.core.UnsupportedByProviderException if the provider has no such setting */
    public AgentRuntime(
            Provider provider,
            @Nullable Supplier<String> instructions,
            @Nullable String voice,
            SessionSettings settings,
            ReconnectPolicy reconnect,
            List<SessionExtension> extensions,
            List<SessionListener> listeners,
            @Nullable OkHttpClient httpClient,
            @Nullable Clock clock) {
        Capabilities.check(provider.dialect(), settings);
        this.provider = provider;
        this.instructions = instructions;
        this.voice = voice;
        this.settings = settings.over(provider.dialect().defaults());
        this.reconnect = reconnect;
        this.extensions = extensions;
        this.listeners = listeners;
        this.clock = clock == null ? Clock.system() : clock;
        this.client = derived(httpClient == null ? new OkHttpClient() : httpClient);
    }

    /** Connects on the calling thread and waits. */
    public VoiceSession connect(SessionSetup setup) {
        Opening opening = open(setup);
        try {
            return opening.ready().get();
        } catch (InterruptedException e) {
            opening.loop().abandon();
            Thread.currentThread().interrupt();
            throw new SessionException("the thread was interrupted while the session was connecting", 0, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new SessionException("the session could not be connected", 0, e.getCause());
        }
    }

    /** What the application chains to the stage runs on a thread that may block, never on the session's loop. */
    public CompletionStage<VoiceSession> connectAsync(SessionSetup setup) {
        CompletableFuture<VoiceSession> result = new CompletableFuture<>();
        threads.execute(() -> {
            try {
                Opening opening = open(setup);
                var handedOver = opening.ready()
                        .whenCompleteAsync(
                                (session, failure) -> {
                                    if (failure != null) {
                                        result.completeExceptionally(failure);
                                    } else if (!result.complete(session)) {
                                        // Its listeners have heard that it is ready, so they hear that it ends.
                                        opening.loop().hangUp();
                                    }
                                },
                                threads)
                        .exceptionally(toldAlready -> null);
                var unused = CompletableFuture.allOf(handedOver, result.whenComplete((session, failure) -> {
                    if (!opening.ready().isDone()) {
                        // Cancelled, or out of its caller's time: nobody would hold the session.
                        opening.loop().abandon();
                    }
                }));
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    /** A session on its way, and what completes when it is there. */
    private record Opening(SessionLoop loop, CompletableFuture<VoiceSession> ready) {}

    /** Opens the parts and asks for what may block (instructions, live values), then lets the loop connect. */
    private Opening open(SessionSetup setup) {
        List<SessionListener> told = new ArrayList<>(listeners);
        told.addAll(setup.listeners());
        SessionLoop loop = new SessionLoop(
                Shared.of(provider, setup.history(), clock, threads, new ListenerLane(told, threads), codec),
                reconnect,
                new Dialer(provider, client, threads));
        RealVoiceSession session = new RealVoiceSession(setup.conversationId(), setup.attributes(), loop);
        loop.attach(session);
        PartHandle handle = new PartHandle(session, loop, clock, provider.dialect(), threads);
        List<SessionPart> opened = new ArrayList<>();
        try {
            for (SessionExtension extension : extensions) {
                opened.add(part(extension, handle));
            }
            for (SessionExtension extension : setup.extensions()) {
                opened.add(part(extension, handle));
            }
            Parts parts = Parts.of(opened, handle.writers());
            session.opened(parts);
            String prompt = instructions == null ? null : instructions.get();
            SessionConfig config = new SessionConfig(prompt, voice, parts.definitions(), settingsFor(parts));
            return new Opening(loop, loop.connect(parts, parts.withoutInterruptions(config)));
        } catch (RuntimeException | Error e) {
            CloseReason reason = new CloseReason(
                    CloseReason.Kind.FAILED,
                    0,
                    "the session could not be set up",
                    new SessionException("the session could not be set up: " + e.getMessage(), 0, e));
            for (SessionPart part : opened) {
                loop.lane().execute(() -> part.onClosed(reason));
            }
            throw e;
        }
    }

    /** @throws IllegalStateException if the extension opens none */
    private static SessionPart part(SessionExtension extension, PartHandle handle) {
        SessionPart part = extension.open(handle);
        if (part == null) {
            throw new IllegalStateException(
                    "the extension " + extension.getClass().getName()
                            + " opened no part: its open(…) returned null. Return a SessionPart, or new SessionPart() {} if it has"
                            + " nothing to do");
        }
        return part;
    }

    /** Where a part finds out by itself when the caller interrupts, a server that can be asked is told how to find turns. */
    private SessionSettings settingsFor(Parts parts) {
        boolean serverCanBeAsked = provider.dialect().settings().contains(Setting.TURN_DETECTION);
        boolean isSaid = settings.mentioned().contains(Setting.TURN_DETECTION);
        return parts.interruptThemselves() && serverCanBeAsked && !isSaid
                ? settings.turnDetection(TurnDetection.serverVad())
                : settings;
    }

    /**
     * A live session holds a slot of its client's dispatcher, and the default one has 64, five for each host: with it the
     * 65th session would wait for ever.
     */
    private static OkHttpClient derived(OkHttpClient client) {
        Dispatcher dispatcher = new Dispatcher(daemons("parley-socket-"));
        dispatcher.setMaxRequests(Integer.MAX_VALUE);
        dispatcher.setMaxRequestsPerHost(Integer.MAX_VALUE);
        return client.newBuilder()
                .dispatcher(dispatcher)
                // A redirect would carry the key to whatever host it names, in the clear if it says so.
                .followRedirects(false)
                .followSslRedirects(false)
                .addInterceptor(new MessageLimit(EventCodec.LONGEST_MESSAGE))
                .socketFactory(new NoDelaySocketFactory(client.socketFactory()))
                .pingInterval(
                        client.pingIntervalMillis() > 0 ? Duration.ofMillis(client.pingIntervalMillis()) : PING_EVERY)
                .build();
    }

    /** As many threads as there is work, all daemons; each ends after 10 s without any. */
    private static ExecutorService daemons(String name) {
        AtomicInteger count = new AtomicInteger();
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, name + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }
}
