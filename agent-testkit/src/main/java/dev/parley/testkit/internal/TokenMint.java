package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.testkit.RehearsalDialect;
import dev.parley.testkit.Violation.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Mints the tokens that {@code POST /v1/realtime/client_secrets} asks for, and knows them again. swaram documents the token in
 * {@code value} and a life of about a minute; OpenAI's live 10 minutes unless the request says, by its published schema. A
 * token may be used again until it expires. The latest {@value #MOST} are known. Confined to its owner's monitor.
 */
final class TokenMint {
    private static final int MOST = 1_000;
    private static final Duration SWARAM = Duration.ofMinutes(1);
    private static final int OPENAI_SECONDS = 600;

    private final RehearsalSettings settings;
    private final Map<String, Token> tokens = new LinkedHashMap<>();
    private int minted;

    TokenMint(RehearsalSettings settings) {
        this.settings = settings;
    }

    /** What the request is answered with. */
    ObjectNode mint(String body) throws Breach {
        if (!(Json.read(body) instanceof ObjectNode request)) {
            throw new Breach(Kind.NOT_JSON, "the body of a request for a token is not a JSON object");
        }
        return settings.dialect() == RehearsalDialect.SWARAM ? forSwaram(request) : forOpenAi(request);
    }

    private ObjectNode forSwaram(ObjectNode request) throws Breach {
        Iterator<String> names = request.fieldNames();
        while (names.hasNext()) {
            String name = names.next();
            if (!name.equals("model") && !name.equals("session")) {
                throw new Breach(
                        Kind.SESSION_SHAPE,
                        "a request for swaram's token has no field " + name + "; it has model and session");
            }
        }
        ObjectNode locked = Json.object();
        if (request.has("session")) {
            JsonNode session = request.get("session").deepCopy();
            if (session instanceof ObjectNode named) {
                // its own web apps write the model here
                named.remove("model");
            }
            locked.setAll((ObjectNode) SwaramSession.checked(session));
        }
        return Json.object().put("value", keep("swaram_ek_", SWARAM, locked).value());
    }

    private ObjectNode forOpenAi(ObjectNode request) throws Breach {
        OpenAiShapes.TOKEN_REQUEST.check(request, "", Kind.EVENT_SHAPE);
        long seconds = request.path("expires_after").path("seconds").asLong(OPENAI_SECONDS);
        ObjectNode locked = Json.object();
        if (request.path("session") instanceof ObjectNode session) {
            locked.setAll(session.deepCopy());
        }
        // the address that the holder connects to names it
        locked.remove("model");
        Token token = keep("ek_", Duration.ofSeconds(seconds), locked);
        OpenAiSession session = new OpenAiSession(
                "sess_token_" + minted,
                request.path("session").path("model").asText("gpt-realtime"),
                settings.silenceMs(),
                token.expiresAt(),
                locked);
        return Json.object()
                .put("value", token.value())
                .put("expires_at", token.expiresAt().getEpochSecond())
                .set("session", session.json());
    }

    private Token keep(String prefix, Duration life, ObjectNode locked) {
        minted++;
        Token token = new Token(
                prefix + "rehearsal_" + minted, settings.clock().instant().plus(life), locked);
        tokens.put(token.value(), token);
        if (tokens.size() > MOST) {
            tokens.remove(tokens.keySet().iterator().next());
        }
        return token;
    }

    /** The token that this is, expired or not; null for what is no token of this server's. */
    @Nullable
    Token find(@Nullable String value) {
        return value == null ? null : tokens.get(value);
    }

    boolean isAlive(Token token) {
        Instant now = settings.clock().instant();
        return now.isBefore(token.expiresAt());
    }

    int minted() {
        return minted;
    }
}
