package dev.parley.core.internal;

import dev.parley.core.CloseReason;
import dev.parley.core.ConnectionLostException;
import dev.parley.core.CredentialRejectedException;
import dev.parley.core.OutOfCreditsException;
import dev.parley.core.ServerBusyException;
import dev.parley.core.SessionException;
import dev.parley.core.SessionExpiredException;
import dev.parley.core.TooManySessionsException;
import dev.parley.core.event.ServerEvent.ErrorEvent;
import dev.parley.core.provider.CloseMeaning;
import dev.parley.core.provider.Dialect;
import dev.parley.core.provider.Provider;
import java.net.UnknownHostException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the end of a connection means, by the provider's own table: the same code differs between providers. */
final class Endings {
    private static final int NORMAL = 1000;
    /** A closing handshake whose close says nothing (RFC 6455, 7.1.5): a goodbye all the same, as with 1000. */
    private static final int NO_CODE = 1005;

    private static final int ABNORMAL = 1006;

    /** What swaram's and OpenAI's documents call a fault of the server that may pass. */
    private static final String SERVER_ERROR = "server_error";

    /** Going away, internal error, restart, bad gateway: registered for any WebSocket (RFC 6455, IANA). */
    private static final Set<Integer> TRANSIENT_CODES = Set.of(1001, 1006, 1011, 1012, 1014);

    /** The server is overloaded: registered for any WebSocket, too. */
    private static final int TRY_AGAIN_LATER = 1013;

    private final Provider provider;

    /**
     * The end of a connection.
     *
     * @param reason why the session would end with it
     * @param mayPass whether another connection could fare better
     * @param serverAtFault whether the server itself said that it is busy or failed: then the address is right and the network
     *     is there
     */
    record Ending(CloseReason reason, boolean mayPass, boolean serverAtFault) {
        Ending(CloseReason reason, boolean mayPass) {
            this(reason, mayPass, false);
        }
    }

    Endings(Provider provider) {
        this.provider = provider;
    }

    /** @param lastError the error event that came before the close, where there was one */
    Ending ofClose(int code, @Nullable ErrorEvent lastError) {
        CloseMeaning meaning = provider.dialect().closeCodes().get(code);
        if (meaning == null && lastError != null && lastError.code() != null) {
            meaning = provider.dialect().fatalErrors().get(lastError.code());
        }
        if (meaning == null && code == TRY_AGAIN_LATER) {
            meaning = CloseMeaning.SERVER_BUSY;
        }
        if (meaning != null) {
            return of(meaning, code);
        }
        boolean serverFailed = lastError != null && isServerError(lastError);
        if ((code == NORMAL || code == NO_CODE) && !serverFailed) {
            return new Ending(
                    new CloseReason(CloseReason.Kind.CLOSED_BY_PROVIDER, code, provider.name() + " hung up", null),
                    false);
        }
        String said = lastError == null ? "" : " after the error " + nameOf(lastError);
        boolean mayPass = TRANSIENT_CODES.contains(code) || serverFailed;
        return failed(
                code,
                new SessionException(provider.name() + " closed the session with code " + code + said, code, null),
                mayPass,
                serverFailed);
    }

    /** An error event that ends the session, whatever code its close has. */
    Ending of(CloseMeaning meaning, int code) {
        boolean mayPass = meaning == CloseMeaning.SERVER_BUSY || meaning == CloseMeaning.SESSION_EXPIRED;
        return failed(code, exception(meaning, code), mayPass, meaning == CloseMeaning.SERVER_BUSY);
    }

    /** The session moves to a fresh connection before the provider ends the old one. */
    Ending ofRenewal() {
        return new Ending(
                new CloseReason(
                        CloseReason.Kind.CLOSED_BY_US,
                        NORMAL,
                        "the session moves to a fresh connection before " + provider.name() + " ends this one",
                        null),
                true);
    }

    /** @param httpStatus of the handshake; 0 for a connection that broke */
    Ending ofFailure(Throwable failure, int httpStatus) {
        if (failure instanceof SessionException known) {
            // There was no credential to connect with. What minted it may fare better next time, unless it says
            // otherwise.
            boolean isFinal = known instanceof CredentialRejectedException
                    || known instanceof OutOfCreditsException
                    || known instanceof TooManySessionsException;
            return failed(known.code(), known, !isFinal, known instanceof ServerBusyException);
        }
        if (failure instanceof MessageTooLongException) {
            return failed(
                    ABNORMAL,
                    new SessionException(
                            where() + " " + failure.getMessage()
                                    + ". Check that the address is a realtime endpoint; no event is that long",
                            ABNORMAL,
                            failure),
                    true,
                    false);
        }
        boolean mayPass = httpStatus == 0 || httpStatus == 101 || httpStatus == 429 || httpStatus >= 500;
        return failed(
                ABNORMAL,
                switch (httpStatus) {
                    case 0, 101 ->
                        new ConnectionLostException(
                                "no connection to " + where() + ": " + plain(failure)
                                        + ". Check the address and the network",
                                ABNORMAL,
                                failure);
                    case 401, 403 ->
                        new CredentialRejectedException(
                                provider.name() + " refused the key (HTTP " + httpStatus
                                        + "). Check the key, and that it is for " + where(),
                                httpStatus);
                    case 429, 503 ->
                        new ServerBusyException(
                                provider.name() + " is busy (HTTP " + httpStatus + "). Try again in a while",
                                httpStatus);
                    case 301, 302, 303, 307, 308 ->
                        new ConnectionLostException(
                                where() + " sent us elsewhere (HTTP " + httpStatus
                                        + "). Redirects are not followed, since the key would go along: give the final address",
                                httpStatus,
                                failure);
                    default ->
                        new ConnectionLostException(
                                where() + " answered HTTP " + httpStatus
                                        + " instead of opening a WebSocket. Check the address"
                                        + (httpStatus == 400 ? " and the model" : ""),
                                httpStatus,
                                failure);
                },
                mayPass,
                httpStatus == 429 || httpStatus == 503);
    }

    /** A connection that was open is there no more. */
    Ending ofLoss(Throwable failure) {
        if (failure instanceof MessageTooLongException) {
            return ofFailure(failure, 0);
        }
        return failed(
                ABNORMAL,
                new ConnectionLostException(
                        "lost the connection to " + where() + ": " + plain(failure) + ". Check the network",
                        ABNORMAL,
                        failure),
                true,
                false);
    }

    Ending ofTimeout(String what) {
        return unconfirmed(what, false);
    }

    private Ending unconfirmed(String what, boolean serverAtFault) {
        return failed(
                ABNORMAL,
                new ConnectionLostException(where() + " " + what + ". Check the address, or try again", ABNORMAL, null),
                true,
                serverAtFault);
    }

    /**
     * The server answered the configuration with this error, and with nothing else. Unless it says that the fault is its own,
     * it is the configuration's, or it is another kind of server.
     */
    Ending ofRefusedConfiguration(ErrorEvent error) {
        if (isServerError(error)) {
            return unconfirmed("answered the configuration with the error " + nameOf(error), true);
        }
        return failed(
                ABNORMAL,
                new SessionException(
                        where() + " refused the configuration with the error " + nameOf(error)
                                + ". Check the agent's voice, tools and settings, and that this server speaks the dialect of "
                                + provider.name() + ": " + expected(),
                        ABNORMAL,
                        null),
                false,
                false);
    }

    /** What a server must understand that stands behind this provider. */
    private String expected() {
        return provider.dialect().sessionShape() == Dialect.SessionShape.NESTED
                ? "OpenAI's GA events, with the session's audio settings under audio.input and audio.output"
                : "a flat session.update, with voice and tools beside the instructions";
    }

    static CloseReason ofHangUp() {
        return new CloseReason(CloseReason.Kind.CLOSED_BY_US, NORMAL, "hung up", null);
    }

    /** The same end, with how often it was tried to prevent it. */
    static CloseReason after(int attempts, CloseReason reason) {
        String tried = attempts == 1 ? "1 attempt" : attempts + " attempts";
        return new CloseReason(
                reason.kind(),
                reason.code(),
                reason.message() + " (after " + tried + " to connect again)",
                reason.error());
    }

    /** Whether the server is at fault, which may pass, and not the client. */
    static boolean isServerError(ErrorEvent error) {
        return SERVER_ERROR.equals(nameOf(error));
    }

    /** What to call an error: its code where it has one. */
    static String nameOf(ErrorEvent error) {
        if (error.code() != null) {
            return error.code();
        }
        return error.type() != null ? error.type() : "an error without a code";
    }

    private SessionException exception(CloseMeaning meaning, int code) {
        String closed = provider.name() + " closed the session (" + code + "): ";
        return switch (meaning) {
            case CREDENTIAL_REJECTED ->
                new CredentialRejectedException(
                        closed + "the key or token is wrong, missing or expired. Use another one", code);
            case OUT_OF_CREDITS ->
                new OutOfCreditsException(closed + "the account has no credits left. Add credits", code);
            case TOO_MANY_SESSIONS ->
                new TooManySessionsException(
                        closed + "the plan allows no more sessions at once. End one, or change the plan", code);
            case SERVER_BUSY -> new ServerBusyException(closed + "the server is busy. Try again in a while", code);
            case SESSION_EXPIRED ->
                new SessionExpiredException(
                        closed + "it lasted as long as one may. Open another, with this one's history", code);
        };
    }

    private static Ending failed(int code, SessionException error, boolean mayPass, boolean serverAtFault) {
        CloseReason reason = new CloseReason(CloseReason.Kind.FAILED, code, String.valueOf(error.getMessage()), error);
        return new Ending(reason, mayPass, serverAtFault);
    }

    /** The address without its query, which may carry a key. */
    private String where() {
        var endpoint = provider.endpoint();
        int port = endpoint.getPort();
        return provider.name() + " at " + endpoint.getScheme() + "://" + endpoint.getHost()
                + (port < 0 ? "" : ":" + port) + endpoint.getPath();
    }

    private static String plain(Throwable failure) {
        if (failure instanceof UnknownHostException) {
            return "the host is unknown";
        }
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
