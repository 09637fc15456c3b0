package dev.parley.testkit;

/**
 * How a server turns a client away.
 *
 * @param handshake whether it refuses the handshake with an HTTP status, or accepts it and closes with a code
 * @param code the HTTP status, or the close code
 */
public record Refusal(boolean handshake, int code) {

    /**
     * Accepts the socket, sends an {@code error} event and closes. swaram: 4001 bad key, 4003 out of credits, 4008 too many
     * connections, 1013 busy.
     */
    public static Refusal closeCode(int code) {
        if (code < 1000 || code > 4999) {
            throw new IllegalArgumentException("close codes are 1000 to 4999, not " + code);
        }
        return new Refusal(false, code);
    }

    /** Answers the handshake with an HTTP status, for example 401 or 503. */
    public static Refusal httpStatus(int status) {
        if (status < 300 || status > 599) {
            throw new IllegalArgumentException("a handshake is refused with a status from 300 to 599, not " + status);
        }
        return new Refusal(true, status);
    }
}
