package dev.parley.core.provider;

import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A secret and how it travels in the WebSocket handshake. Immutable, thread-safe if its supplier is. The secret never
 * shows in {@link #toString()}, in exceptions or in logs.
 */
public final class Credential {

    /** Where in the handshake the secret goes. */
    public enum Carrier {
        /** A request header. */
        HEADER,
        /** A query parameter of the URL. It may end up in proxies' access logs: prefer a header. */
        QUERY,
        /** The {@code Sec-WebSocket-Protocol} header, as browsers must. */
        SUBPROTOCOL,
        /** No credential at all. */
        NONE
    }

    /** A token, as HTTP calls it. */
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private final Carrier carrier;
    private final String name;
    private final String prefix;
    private final @Nullable Supplier<String> secret;
    private final boolean askedAnew;

    private Credential(Carrier carrier, String name, String prefix, @Nullable Supplier<String> secret) {
        this(carrier, name, prefix, secret, false);
    }

    private Credential(
            Carrier carrier, String name, String prefix, @Nullable Supplier<String> secret, boolean askedAnew) {
        this.carrier = carrier;
        this.name = name;
        this.prefix = prefix;
        this.secret = secret;
        this.askedAnew = askedAnew;
    }

    /** {@code Authorization: Bearer <key>}: the usual way. */
    public static Credential bearer(String key) {
        String checked = checked(key);
        return new Credential(Carrier.HEADER, "Authorization", "Bearer ", () -> checked);
    }

    /** As {@link #bearer(String)}, with the secret asked anew at each connection: for short-lived tokens. */
    public static Credential bearer(Supplier<String> key) {
        return new Credential(Carrier.HEADER, "Authorization", "Bearer ", Objects.requireNonNull(key), true);
    }

    /**
     * The key in a header of its own, for example {@code api-key}.
     *
     * @throws IllegalArgumentException for what is no header's name (RFC 9110, 5.6.2)
     */
    public static Credential header(String name, String key) {
        String checked = checked(key);
        return new Credential(Carrier.HEADER, headerName(name), "", () -> checked);
    }

    /**
     * As {@link #header(String, String)}, with the secret asked anew at each connection.
     *
     * @throws IllegalArgumentException for what is no header's name
     */
    public static Credential header(String name, Supplier<String> key) {
        return new Credential(Carrier.HEADER, headerName(name), "", Objects.requireNonNull(key), true);
    }

    /**
     * The key as a query parameter, for example {@code ?api_key=}.
     *
     * @throws IllegalArgumentException for a parameter without a name
     */
    public static Credential query(String parameter, String key) {
        if (parameter.isBlank()) {
            throw new IllegalArgumentException("the query parameter needs a name, for example api_key");
        }
        String checked = checked(key);
        return new Credential(Carrier.QUERY, parameter, "", () -> checked);
    }

    /** As {@link #query(String, String)}, with the secret asked anew at each connection. */
    public static Credential query(String parameter, Supplier<String> key) {
        return new Credential(Carrier.QUERY, parameter, "", Objects.requireNonNull(key), true);
    }

    /** The key as the subprotocol {@code openai-insecure-api-key.<key>} beside {@code realtime}. */
    public static Credential subprotocol(String key) {
        String checked = checked(key);
        return new Credential(
                Carrier.SUBPROTOCOL, "Sec-WebSocket-Protocol", "realtime, openai-insecure-api-key.", () -> checked);
    }

    /** As {@link #subprotocol(String)}, with the secret asked anew at each connection. */
    public static Credential subprotocol(Supplier<String> key) {
        return new Credential(
                Carrier.SUBPROTOCOL,
                "Sec-WebSocket-Protocol",
                "realtime, openai-insecure-api-key.",
                Objects.requireNonNull(key),
                true);
    }

    /** No credential: for servers on your own network that ask for none. */
    public static Credential none() {
        return new Credential(Carrier.NONE, "", "", null);
    }

    /** Whether each connection asks for the secret again, so that a rejected one may be followed by a good one. */
    public boolean isAskedAnew() {
        return askedAnew;
    }

    public Carrier carrier() {
        return carrier;
    }

    /** The header's or the query parameter's name. */
    public String name() {
        return name;
    }

    /**
     * The header's or parameter's whole value. Asks the supplier, so each call may give another secret.
     *
     * @throws IllegalStateException if there is no credential to send
     */
    public String value() {
        if (secret == null) {
            throw new IllegalStateException("no credential to send");
        }
        return prefix + checked(secret.get());
    }

    private static String headerName(String name) {
        if (!HEADER_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a header's name is made of letters, digits and signs such as - and _, like" + " api-key: \"" + name
                            + "\" is none");
        }
        return name;
    }

    private static String checked(@Nullable String key) {
        if (key == null || key.isBlank()) {
            throw new IllegalArgumentException(
                    "the API key is empty: pass the provider's key; if it comes from an environment variable, set that");
        }
        for (int i = 0; i < key.length(); i++) {
            if (key.charAt(i) <= ' ' || key.charAt(i) > '~') {
                throw new IllegalArgumentException("the API key has a character that no key has, number " + (i + 1)
                        + ": pass the key alone, without spaces, line ends, quotes or a word such as Bearer");
            }
        }
        return key;
    }

    /** Shows the carrier, never the secret. */
    @Override
    public String toString() {
        return carrier == Carrier.NONE ? "no credential" : carrier + " " + name + ": ****";
    }
}
