package dev.parley.core.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.parley.core.Clock;
import dev.parley.core.SessionException;
import dev.parley.core.event.SessionConfig;
import dev.parley.core.provider.ClientSecret;
import dev.parley.core.provider.Credential;
import dev.parley.core.provider.Dialect;
import dev.parley.core.provider.Provider;
import dev.parley.core.provider.internal.Mint;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Mints tokens over HTTP.
 *
 * <p>What is tried again, and why: a token that nobody got expires unused and costs nothing, so asking twice does no harm.
 * Waiting does: somebody is about to speak. So a request that never left is sent again, a fault of the server is given one
 * more chance, and a limit is obeyed while the wait that it asks for is short. An answer that does not come in time is not
 * asked for again.
 */
public final class HttpMint implements Mint {
    private static final Duration LONGEST_ATTEMPT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final int ATTEMPTS = 3;
    private static final int SERVER_FAULTS = 2;
    private static final long LONGEST_ANSWER = 1024 * 1024;
    private static final MediaType JSON_TYPE = MediaType.get("application/json");

    private final JsonFactory json = new JsonFactory();
    private final Clock clock;

    public HttpMint() {
        this(Clock.system());
    }

    /** @param clock what the pauses between attempts go by */
    public HttpMint(Clock clock) {
        this.clock = clock;
    }

    @Override
    public ClientSecret mint(
            Provider provider, SessionConfig locked, @Nullable Duration lifetime, OkHttpClient client) {
        OkHttpClient strict = derived(client);
        HttpUrl url = url(provider);
        MintAnswers answers = new MintAnswers(provider.name(), url, Duration.ofMillis(strict.callTimeoutMillis()));
        RequestBody body =
                RequestBody.create(body(provider, locked, lifetime).getBytes(StandardCharsets.UTF_8), JSON_TYPE);
        int serverFaults = 0;
        for (int attempt = 1; ; attempt++) {
            AtomicBoolean sent = new AtomicBoolean();
            SessionException failure;
            Duration pause;
            try (Response response =
                    strict.newCall(request(provider, url, body, sent)).execute()) {
                String text = response.peekBody(LONGEST_ANSWER).string();
                if (response.isSuccessful()) {
                    return answers.secret(response.code(), text);
                }
                Duration asked = MintAnswers.seconds(response.header("Retry-After"));
                failure = answers.refusal(response.code(), text, asked);
                if (response.code() >= 500) {
                    serverFaults++;
                    pause = serverFaults < SERVER_FAULTS ? (asked == null ? PAUSE : asked) : null;
                } else {
                    pause = MintAnswers.isBusy(failure) ? asked : null;
                }
            } catch (IOException e) {
                failure = answers.failure(e);
                pause = sent.get() || Thread.currentThread().isInterrupted() ? null : PAUSE;
            }
            if (pause == null || pause.compareTo(LONGEST_PAUSE) > 0 || attempt == ATTEMPTS) {
                throw failure;
            }
            await(pause);
        }
    }

    private static OkHttpClient derived(OkHttpClient client) {
        OkHttpClient.Builder strict = client.newBuilder()
                // A redirect would carry the key to whatever host it names.
                .followRedirects(false)
                .followSslRedirects(false)
                .addNetworkInterceptor(chain -> {
                    AtomicBoolean sent = chain.request().tag(AtomicBoolean.class);
                    if (sent != null) {
                        sent.set(true);
                    }
                    return chain.proceed(chain.request());
                });
        if (client.callTimeoutMillis() == 0) {
            strict.callTimeout(LONGEST_ATTEMPT);
        }
        return strict.build();
    }

    /** {@code wss://host/v1/realtime} mints at {@code https://host/v1/realtime/client_secrets}. */
    private static HttpUrl url(Provider provider) {
        return HttpUrl.get(provider.endpoint().toString().replaceFirst("^(?i)ws", "http"))
                .newBuilder()
                .addPathSegment("client_secrets")
                .query(null)
                .fragment(null)
                .build();
    }

    private static Request request(Provider provider, HttpUrl url, RequestBody body, AtomicBoolean sent) {
        Request.Builder request = new Request.Builder().url(url).post(body).tag(AtomicBoolean.class, sent);
        Credential credential = provider.credential();
        if (credential.carrier() == Credential.Carrier.HEADER) {
            request.header(credential.name(), RealtimeSocket.secret(credential));
        }
        return request.build();
    }

    /** swaram documents the model beside the session, OpenAI inside of it; the rest is as {@code session.update} has it. */
    private String body(Provider provider, SessionConfig locked, @Nullable Duration lifetime) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = json.createGenerator(text)) {
            out.writeStartObject();
            boolean inside = provider.dialect().sessionShape() == Dialect.SessionShape.NESTED;
            if (provider.model() != null && !inside) {
                out.writeStringField("model", provider.model());
            }
            if (lifetime != null) {
                out.writeObjectFieldStart("expires_after");
                out.writeStringField("anchor", "created_at");
                out.writeNumberField("seconds", lifetime.toSeconds());
                out.writeEndObject();
            }
            out.writeFieldName("session");
            out.writeRawValue(SessionJson.of(provider.dialect(), locked, inside ? provider.model() : null));
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private void await(Duration pause) {
        CountDownLatch over = new CountDownLatch(1);
        Clock.Timer timer = clock.schedule(pause, over::countDown);
        try {
            over.await();
        } catch (InterruptedException e) {
            timer.cancel();
            Thread.currentThread().interrupt();
            throw new SessionException("the thread was interrupted while it waited for a token", 0, e);
        }
    }
}
