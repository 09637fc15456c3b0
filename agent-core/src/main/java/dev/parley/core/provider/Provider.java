package dev.parley.core.provider;

import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A service to connect to: where it is, how to authenticate, and its dialect. Immutable; the methods that refine it
 * return a new one.
 */
public final class Provider {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private static final int HIGHEST_PORT = 65_535;

    private final Dialect dialect;
    private final URI endpoint;
    private final @Nullable String model;
    private final Credential credential;
    private final boolean insecureAllowed;

    private Provider(
            Dialect dialect, URI endpoint, @Nullable String model, Credential credential, boolean insecureAllowed) {
        this.dialect = Objects.requireNonNull(dialect);
        this.endpoint = checked(endpoint, insecureAllowed);
        this.model = model;
        this.credential = Objects.requireNonNull(credential);
        this.insecureAllowed = insecureAllowed;
    }

    static Provider of(Dialect dialect, URI endpoint, @Nullable String model, Credential credential) {
        return new Provider(dialect, endpoint, model, credential, false);
    }

    /** A model that is asked for by its name. */
    static String named(@Nullable String model) {
        if (model == null || model.isBlank()) {
            throw new IllegalArgumentException(
                    "the model is empty: pass the name of a model or deployment; if it comes from an environment variable, set"
                            + " that");
        }
        return model;
    }

    /**
     * The same provider with another model.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public Provider model(String newModel) {
        return new Provider(dialect, endpoint, named(newModel), credential, insecureAllowed);
    }

    /**
     * The same provider at another address.
     *
     * @param newEndpoint {@code wss://…}, or {@code ws://} to loopback
     * @throws IllegalArgumentException for another scheme, an impossible port, or {@code ws://} to another machine, where the
     *     key would travel in the clear ({@link #allowInsecure()} permits it)
     */
    public Provider endpoint(URI newEndpoint) {
        return new Provider(dialect, newEndpoint, model, credential, insecureAllowed);
    }

    /** The same provider with another credential, or the same key carried in another way. */
    public Provider credential(Credential newCredential) {
        return new Provider(dialect, endpoint, model, newCredential, insecureAllowed);
    }

    /** Permits {@code ws://} to machines other than this one. The key and the call then travel unencrypted. */
    public Provider allowInsecure() {
        return new Provider(dialect, endpoint, model, credential, true);
    }

    /** Its name in messages and logs. */
    public String name() {
        return dialect.name();
    }

    /** In what it differs from the others of its family. */
    public Dialect dialect() {
        return dialect;
    }

    /** Where sessions connect to, without the model. */
    public URI endpoint() {
        return endpoint;
    }

    /** The model or deployment that is asked for; null where the address says it. */
    public @Nullable String model() {
        return model;
    }

    /** How sessions authenticate. Its {@code toString} shows no secret. */
    public Credential credential() {
        return credential;
    }

    private static URI checked(URI endpoint, boolean insecureAllowed) {
        String scheme = endpoint.getScheme() == null ? "" : endpoint.getScheme().toLowerCase(Locale.ROOT);
        if (endpoint.getHost() == null || !(scheme.equals("wss") || scheme.equals("ws"))) {
            throw new IllegalArgumentException("an endpoint looks like wss://host/path, not " + shown(endpoint));
        }
        if (endpoint.getPort() != -1 && (endpoint.getPort() < 1 || endpoint.getPort() > HIGHEST_PORT)) {
            throw new IllegalArgumentException("a port is between 1 and " + HIGHEST_PORT + ", which "
                    + endpoint.getPort() + " of " + shown(endpoint) + " is not");
        }
        if (scheme.equals("ws") && !insecureAllowed && !LOOPBACK.contains(endpoint.getHost())) {
            throw new IllegalArgumentException("ws:// to " + endpoint.getHost()
                    + " would send the key and the call unencrypted: use wss://, or allowInsecure() first");
        }
        return endpoint;
    }

    /** An address without what may be a secret: its user, its query and its fragment. */
    static String shown(URI uri) {
        String text = uri.toString().split("[?#]", 2)[0];
        int end = text.lastIndexOf('@');
        if (end < 0) {
            return text;
        }
        if (uri.getHost() == null) {
            // No telling what is what: only the end of it is surely no password.
            return "…" + text.substring(end);
        }
        int begin = text.indexOf("//") + 2;
        return uri.getRawUserInfo() == null
                ? text
                : text.substring(0, begin)
                        + text.substring(begin + uri.getRawUserInfo().length() + 1);
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return name() + " at " + shown(endpoint) + (model == null ? "" : ", model " + model) + ", " + credential;
    }
}
