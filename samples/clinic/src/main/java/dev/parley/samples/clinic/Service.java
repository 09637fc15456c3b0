package dev.parley.samples.clinic;

import dev.parley.core.provider.Credential;
import dev.parley.core.provider.OpenAi;
import dev.parley.core.provider.OpenAiCompatible;
import dev.parley.core.provider.Provider;
import dev.parley.core.provider.Swaram;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Which service is called, and with which key. */
final class Service {
    private static final String OPENAI_MODEL = "gpt-realtime";

    private final Options options;
    private final UnaryOperator<@Nullable String> environment;

    /** @param environment gives a variable's value, or null */
    Service(Options options, UnaryOperator<@Nullable String> environment) {
        this.options = options;
        this.environment = environment;
    }

    /**
     * The provider that the options name; null for the rehearsal, which has a server of its own.
     *
     * @throws UsageException with the one sentence that the user should read
     */
    @Nullable
    Provider provider() {
        return switch (options.provider) {
            case "rehearsal" -> null;
            case "swaram" -> refined(withKey("SWARAM_API_KEY", Swaram::simple));
            case "openai" -> refined(withKey("OPENAI_API_KEY", key -> OpenAi.realtime(OPENAI_MODEL, key)));
            case "compatible" -> compatible();
            default ->
                throw new UsageException(
                        "--provider is rehearsal, swaram, openai or compatible, not " + options.provider + ".");
        };
    }

    /** A key goes to an address that somebody chose only if they say which. */
    private Provider compatible() {
        if (options.url == null) {
            throw new UsageException(
                    "--provider compatible needs the server's address: give --url wss://host/v1/realtime.");
        }
        URI address = address(options.url);
        Function<Credential, Provider> server = credential -> at(
                address,
                endpoint -> OpenAiCompatible.at(
                        endpoint, OpenAiCompatible.ga("the server").build(), credential));
        Provider provider = options.apiKeyEnv == null
                ? server.apply(Credential.none())
                : withKey(options.apiKeyEnv, key -> server.apply(Credential.bearer(key)));
        return options.model == null ? provider : provider.model(options.model);
    }

    private Provider withKey(String usual, Function<String, Provider> makes) {
        String variable = options.apiKeyEnv == null ? usual : options.apiKeyEnv;
        String key = environment.apply(variable);
        if (key == null || key.isBlank()) {
            throw new UsageException("There is no key in " + variable
                    + ": set it, or name another environment variable with --api-key-env.");
        }
        try {
            return makes.apply(key.strip());
        } catch (IllegalArgumentException e) {
            throw UsageException.because("The key in " + variable + " cannot be used", e);
        }
    }

    private Provider refined(Provider provider) {
        Provider refined = options.model == null ? provider : provider.model(options.model);
        return options.url == null ? refined : at(address(options.url), refined::endpoint);
    }

    private static URI address(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            throw new UsageException("--url cannot be used: an endpoint looks like wss://host/path.");
        }
    }

    private static Provider at(URI address, Function<URI, Provider> provider) {
        try {
            return provider.apply(address);
        } catch (IllegalArgumentException e) {
            if ("ws".equalsIgnoreCase(address.getScheme()) && address.getHost() != null) {
                throw new UsageException("--url cannot be used: ws:// to " + address.getHost()
                        + " would send the key and the call unencrypted: use wss://.");
            }
            throw UsageException.because("--url cannot be used", e);
        }
    }
}
