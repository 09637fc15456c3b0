package dev.parley.core.provider.internal;

import dev.parley.core.event.SessionConfig;
import dev.parley.core.provider.ClientSecret;
import dev.parley.core.provider.Provider;
import java.time.Duration;
import java.util.ServiceLoader;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Where tokens come from. Core's sessions know providers and not the other way round, so what minting shares with them
 * (exceptions, JSON, waiting) is reached through this one door.
 */
public interface Mint {

    /**
     * Blocks.
     *
     * @param lifetime of the token, or null for the server's own
     */
    ClientSecret mint(Provider provider, SessionConfig locked, @Nullable Duration lifetime, OkHttpClient client);

    /** Core's own. */
    static Mint installed() {
        return ServiceLoader.load(Mint.class, Mint.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("META-INF/services/" + Mint.class.getName()
                        + " is missing: whoever repacked agent-core's jar must keep it"));
    }
}
