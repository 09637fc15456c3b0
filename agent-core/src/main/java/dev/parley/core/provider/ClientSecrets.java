package dev.parley.core.provider;

import dev.parley.core.event.SessionConfig;
import dev.parley.core.provider.internal.Mint;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Mints short-lived tokens with a provider's key, so that the key stays on the server: a browser gets the token and connects
 * by itself, with the session that was locked into it. Immutable, thread-safe.
 *
 * <pre>{@code
 * ClientSecrets secrets = ClientSecrets.of(Swaram.simple(apiKey));
 * ClientSecret secret = secrets.mint(new SessionConfig("You are Asha.", "mal-female", toolbox.definitions()));
 * }</pre>
 *
 * <p>Asks {@code POST <endpoint>/client_secrets}, as swaram and OpenAI document it.
 */
public final class ClientSecrets {
    private final Provider provider;
    private final OkHttpClient client;
    private final @Nullable Duration lifetime;
    private final Mint mint;

    private ClientSecrets(Provider provider, OkHttpClient client, @Nullable Duration lifetime, Mint mint) {
        this.provider = provider;
        this.client = client;
        this.lifetime = lifetime;
        this.mint = mint;
    }

    /**
     * Mints with this provider's key, for its model.
     *
     * @throws IllegalArgumentException if the provider carries its key other than in a header
     */
    public static ClientSecrets of(Provider provider) {
        Credential.Carrier carrier = provider.credential().carrier();
        if (carrier != Credential.Carrier.HEADER && carrier != Credential.Carrier.NONE) {
            throw new IllegalArgumentException("tokens are minted with the key in a header, not as " + carrier
                    + ": give the provider Credential.bearer(key)");
        }
        return new ClientSecrets(provider, new OkHttpClient(), null, Mint.installed());
    }

    /** The same with your HTTP client: its proxy, certificates and call timeout (10 s if it has none). Redirects stay unfollowed. */
    public ClientSecrets httpClient(OkHttpClient client) {
        return new ClientSecrets(provider, Objects.requireNonNull(client), lifetime, mint);
    }

    /**
     * The same with tokens that can open sessions for this long; a session that has begun outlives its token. OpenAI takes 10 s
     * to 2 h, and 10 min where nothing is said (its published schema).
     *
     * @param time in whole seconds
     * @throws IllegalArgumentException below a second, or if the provider alone decides that (swaram)
     */
    public ClientSecrets expiresAfter(Duration time) {
        if (time.toSeconds() < 1) {
            throw new IllegalArgumentException("a token lives for whole seconds, at least one, not " + time);
        }
        if (!provider.dialect().takesTokenLifetime()) {
            throw new IllegalArgumentException(
                    provider.name() + " alone decides how long its tokens live: leave expiresAfter out");
        }
        return new ClientSecrets(provider, client, time, mint);
    }

    /**
     * Mints a token. Blocks: three attempts at most, of 10 s at most. What is tried again: a connection that could not be
     * made, an HTTP 5xx (once), and an HTTP 429 that asks for a wait of 5 s or less. A token that was minted in vain costs
     * nothing and expires.
     *
     * @param locked what the holder of the token cannot change; nulls and no tools leave it to the holder
     * @throws dev.parley.core.CredentialRejectedException for HTTP 401 and 403
     * @throws dev.parley.core.OutOfCreditsException for HTTP 402, and the error {@code insufficient_quota}
     * @throws dev.parley.core.ServerBusyException for HTTP 429 and 503
     * @throws dev.parley.core.ConnectionLostException if there is no connection, or no answer in time
     * @throws dev.parley.core.SessionException for any other answer
     */
    public ClientSecret mint(SessionConfig locked) {
        return mint.mint(provider, Objects.requireNonNull(locked), lifetime, client);
    }

    /**
     * For {@link Credential#bearer(Supplier)}: a fresh token for each connection.
     *
     * @param locked as for {@link #mint}
     */
    public Supplier<String> supplier(SessionConfig locked) {
        Objects.requireNonNull(locked);
        return () -> mint(locked).value();
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "ClientSecrets[" + provider + "]";
    }
}
