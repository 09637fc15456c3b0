package dev.parley.core.provider;

import java.net.URI;
import java.time.Duration;

/**
 * Any other server that speaks OpenAI's realtime events. Start from the dialect that is nearest and change the facts that you
 * know of:
 *
 * <pre>{@code
 * Dialect speaches = OpenAiCompatible.beta("speaches")
 *     .cancels(false)
 *     .truncates(false)
 *     .longestSession(Duration.ofMinutes(30))
 *     .build();
 * Provider provider = OpenAiCompatible.at(URI.create("ws://localhost:8000/v1/realtime"), speaches, Credential.none())
 *     .model("my-model");
 * }</pre>
 */
public final class OpenAiCompatible {
    private OpenAiCompatible() {}

    /**
     * A server with this address and these facts. {@code .model(…)} puts a model into the address.
     *
     * @param endpoint {@code wss://…}, or {@code ws://} to loopback
     * @throws IllegalArgumentException for another scheme, or {@code ws://} to another machine
     */
    public static Provider at(URI endpoint, Dialect dialect, Credential credential) {
        return Provider.of(dialect, endpoint, null, credential);
    }

    /** The facts of OpenAI's GA interface, without a limit of the session's length. */
    public static Dialect.Builder ga(String name) {
        return OpenAi.dialect(name, Duration.ofMinutes(60)).longestSession(null);
    }

    /** The facts of OpenAI's beta interface: a flat session, the older names, and a handshake that asks for it. */
    public static Dialect.Builder beta(String name) {
        return ga(name).sessionShape(Dialect.SessionShape.FLAT)
                .namesContentAsGa(false)
                .asksForBeta(true);
    }
}
