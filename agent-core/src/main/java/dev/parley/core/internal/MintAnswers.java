package dev.parley.core.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.parley.core.ConnectionLostException;
import dev.parley.core.CredentialRejectedException;
import dev.parley.core.OutOfCreditsException;
import dev.parley.core.ServerBusyException;
import dev.parley.core.SessionException;
import dev.parley.core.provider.ClientSecret;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * What a provider answers to a request for a token. Lenient: servers differ in where the token stands. The text of an error
 * stays out of messages, since some quote the key in it.
 */
final class MintAnswers {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String OUT_OF_CREDITS = "insufficient_quota";

    private final String provider;
    private final HttpUrl url;
    private final Duration patience;

    /** @param patience how long an answer may take */
    MintAnswers(String provider, HttpUrl url, Duration patience) {
        this.provider = provider;
        this.url = url;
        this.patience = patience;
    }

    /**
     * The token of a successful answer.
     *
     * @throws SessionException if there is none in it
     */
    ClientSecret secret(int status, String body) {
        Found found = new Found();
        try (JsonParser in = JSON.createParser(body)) {
            found.read(in);
        } catch (IOException e) {
            throw new SessionException(
                    where() + " answered HTTP " + status + " with something other than JSON. Check the address",
                    status,
                    null);
        }
        String token = found.token();
        if (token == null || !token.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw new SessionException(
                    where() + " answered HTTP " + status + " without a token in \"value\". Check the address",
                    status,
                    null);
        }
        return new ClientSecret(token, found.expiry());
    }

    /** @param retryAfter how long the provider asks to wait, where it does */
    SessionException refusal(int status, String body, @Nullable Duration retryAfter) {
        String code = errorCode(body);
        if (status == 402 || (status == 429 && OUT_OF_CREDITS.equals(code))) {
            return new OutOfCreditsException(
                    provider + " gives no token (HTTP " + status + "): the account has no credits left. Add credits",
                    status);
        }
        return switch (status) {
            case 401, 403 ->
                new CredentialRejectedException(
                        provider + " refused the key (HTTP " + status + "). Check the key, and that it is for " + url,
                        status);
            case 429, 503 ->
                new ServerBusyException(
                        provider + " is busy (HTTP " + status + "). Try again in "
                                + (retryAfter == null ? "a while" : retryAfter.toSeconds() + " s"),
                        status);
            case 404, 405 ->
                new SessionException(
                        where() + " gives no tokens (HTTP " + status
                                + "). Check the endpoint, and that the provider has client secrets",
                        status,
                        null);
            case 301, 302, 303, 307, 308 ->
                new ConnectionLostException(
                        where() + " sent us elsewhere (HTTP " + status
                                + "). Redirects are not followed, since the key would go along: give the final address",
                        status,
                        null);
            default ->
                status >= 500
                        ? new SessionException(
                                provider + " failed to give a token (HTTP " + status + "). Try again in a while",
                                status,
                                null)
                        : new SessionException(
                                provider + " gave no token (HTTP " + status + (code == null ? "" : ", " + code)
                                        + "). Check the model and the locked session",
                                status,
                                null);
        };
    }

    SessionException failure(IOException failure) {
        if (Thread.currentThread().isInterrupted()) {
            return new SessionException("the thread was interrupted while it waited for a token", 0, failure);
        }
        if (failure instanceof InterruptedIOException) {
            return new ConnectionLostException(
                    where() + " did not answer in " + patience.toMillis() + " ms. Check the address, or try again",
                    0,
                    failure);
        }
        String why = failure instanceof UnknownHostException ? "the host is unknown" : failure.getMessage();
        return new ConnectionLostException(
                "no connection to " + where() + ": " + why + ". Check the address and the network", 0, failure);
    }

    /** A limit that passes with time, as against one that money lifts. */
    static boolean isBusy(SessionException refusal) {
        return refusal instanceof ServerBusyException;
    }

    /** {@code Retry-After} in seconds; its other form, a date, is as good as none. */
    static @Nullable Duration seconds(@Nullable String retryAfter) {
        return retryAfter != null && retryAfter.matches("\\d{1,9}")
                ? Duration.ofSeconds(Long.parseLong(retryAfter))
                : null;
    }

    private String where() {
        return provider + " at " + url;
    }

    /** {@code error.code}, if it looks like one. */
    private static @Nullable String errorCode(String body) {
        try (JsonParser in = JSON.createParser(body)) {
            Found found = new Found();
            found.read(in);
            String code = found.errorCode;
            return code != null && code.matches("[a-z0-9_.-]{1,64}") ? code : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** What of an answer is of use, wherever it stands. */
    private static final class Found {
        private @Nullable String value;
        private @Nullable String token;
        private @Nullable String inClientSecret;
        private @Nullable String errorCode;
        private @Nullable Long expiresAt;

        void read(JsonParser in) throws IOException {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("no object");
            }
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String field = in.currentName();
                JsonToken kind = in.nextToken();
                switch (field) {
                    case "value" -> value = text(in, value);
                    case "token" -> token = text(in, token);
                    case "expires_at" -> expiresAt = number(in);
                    case "client_secret" -> {
                        if (kind == JsonToken.START_OBJECT) {
                            readInner(in);
                        } else {
                            inClientSecret = text(in, inClientSecret);
                        }
                    }
                    case "error" -> {
                        if (kind == JsonToken.START_OBJECT) {
                            readInner(in);
                        }
                    }
                    default -> in.skipChildren();
                }
            }
            if (in.currentToken() == null) {
                throw new IOException("cut short");
            }
        }

        private void readInner(JsonParser in) throws IOException {
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String field = in.currentName();
                in.nextToken();
                switch (field) {
                    case "value" -> inClientSecret = text(in, inClientSecret);
                    case "code" -> errorCode = text(in, errorCode);
                    case "expires_at" -> expiresAt = number(in);
                    default -> in.skipChildren();
                }
            }
        }

        private static @Nullable String text(JsonParser in, @Nullable String before) throws IOException {
            if (in.currentToken() == JsonToken.VALUE_STRING && !in.getText().isBlank()) {
                return in.getText();
            }
            in.skipChildren();
            return before;
        }

        private static @Nullable Long number(JsonParser in) throws IOException {
            if (in.currentToken() == JsonToken.VALUE_NUMBER_INT
                    && in.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
                return in.getLongValue();
            }
            in.skipChildren();
            return null;
        }

        @Nullable
        String token() {
            if (value != null) {
                return value;
            }
            return inClientSecret != null ? inClientSecret : token;
        }

        /** Seconds since 1970, as OpenAI gives them. */
        Optional<Instant> expiry() {
            return expiresAt == null || expiresAt <= 0 || expiresAt > Instant.MAX.getEpochSecond()
                    ? Optional.empty()
                    : Optional.of(Instant.ofEpochSecond(expiresAt));
        }
    }
}
