package dev.parley.core.provider;

import java.net.URI;
import java.time.Duration;

/**
 * Azure OpenAI's realtime interface as it is generally available: OpenAI's events at your resource's own address, without an
 * {@code api-version}. Sessions last 30 minutes at most (Microsoft's documentation).
 */
public final class AzureOpenAi {
    private AzureOpenAi() {}

    /**
     * A deployment of a realtime model, with the resource's key in the {@code api-key} header. For Entra ID give
     * {@code .credential(Credential.bearer(tokens))}.
     *
     * <p>What the caller says is written down only if the agent's settings name a deployment of a transcription model.
     *
     * @param resource {@code https://<resource>.openai.azure.com} or {@code wss://…}
     * @param deployment the deployment's name
     * @throws IllegalArgumentException if the resource is not such an address, or the deployment or key is empty
     */
    public static Provider deployment(URI resource, String deployment, String key) {
        return Provider.of(
                OpenAi.dialect("Azure OpenAI", Duration.ofMinutes(30)).build(),
                endpoint(resource),
                Provider.named(deployment),
                Credential.header("api-key", key));
    }

    private static URI endpoint(URI resource) {
        String address = resource.toString();
        if (resource.getHost() == null || resource.getQuery() != null) {
            throw new IllegalArgumentException(
                    "an Azure OpenAI resource looks like https://<resource>.openai.azure.com, without a query, not "
                            + Provider.shown(resource) + (resource.getQuery() == null ? "" : "?…"));
        }
        String base = address.replaceFirst("^(?i)http", "ws").replaceFirst("/+$", "");
        return URI.create(base.endsWith("/realtime") ? base : base + "/openai/v1/realtime");
    }
}
