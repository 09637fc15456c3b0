package dev.parley.testkit;

import org.jspecify.annotations.Nullable;

/**
 * The server ends the connection; the last step of its turn. The script goes on with the turn after it on the next
 * connection that comes, so that reconnecting can be rehearsed. Without one, those turns are not reached. A server cannot know
 * whose connection it is: a client that comes in between, of another conversation, gets that turn. So rehearse hang-ups with one
 * session at a time, or on a server of its own.
 *
 * @param code the close code, or null to drop the socket without a word
 */
public record HangUp(@Nullable Integer code) implements Step {
    public HangUp {
        if (code != null && (code < 1000 || code > 4999)) {
            throw new ScriptException("close codes are 1000 to 4999, not " + code);
        }
    }

    /** With a close frame. */
    public static HangUp withCode(int code) {
        return new HangUp(code);
    }

    /** As a lost network does. */
    public static HangUp dropped() {
        return new HangUp(null);
    }
}
