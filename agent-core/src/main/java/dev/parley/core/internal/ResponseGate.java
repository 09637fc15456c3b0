package dev.parley.core.internal;

import dev.parley.core.Clock;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.provider.Dialect;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a tool's output may go out and when the provider may be asked to speak, so that it never speaks twice and never
 * falls silent. There are two kinds of server: those that continue after a tool's output by themselves, and those that must be
 * asked. One for each connection; confined to the loop.
 *
 * <p>A reply that the server began and could not finish ({@code failed}) is told as a problem, with its code, and is not asked for
 * again: whether the caller heard half of it, and whether a second would fail alike, the application knows better.
 */
interface ResponseGate {
    /** The error by which a server refuses a second reply. */
    String ALREADY_ACTIVE = "conversation_already_has_active_response";

    /** A reply whose end is never told holds nothing back for longer. */
    Duration LONGEST_HELD = Duration.ofMinutes(1);

    /** A reply that was asked for, or that an output brings about, and that does not begin for so long never does. */
    Duration LONGEST_UNANSWERED = Duration.ofSeconds(10);

    /** Where the gate's events go. */
    interface Out {
        /** @param eventId by which an error would name this event, or null */
        void send(ClientEvent event, @Nullable String eventId);
    }

    /** @param repliesToSpeech whether the server replies to the caller by itself */
    static ResponseGate of(Dialect dialect, boolean repliesToSpeech, Clock clock, Executor loop, Out out) {
        return dialect.continuesAfterToolOutput()
                ? new ContinuingServerGate(dialect, clock, loop, out)
                : new AskedServerGate(dialect, repliesToSpeech, clock, loop, out);
    }

    /** The session's settings have changed. */
    void repliesToSpeech(boolean byItself);

    /** Somebody wants the agent to speak. */
    void requestResponse(@Nullable ResponseOptions options);

    /** The application asked for a reply outside of the conversation by a message that it wrote as JSON. */
    void askedAsideRaw();

    /** Whether a reply outside of the conversation was asked for and has not begun. */
    boolean awaitsAside();

    /**
     * The application ended the caller's turn, and wants a reply to it.
     *
     * @param commitId by which an error would refuse the turn
     * @param certain whether the server has surely heard enough of it to take it
     */
    void onTurnEnded(String commitId, boolean certain);

    /** Whether this error refuses a turn that was ended by hand: then no reply to it is wanted. */
    boolean refusesTurn(ServerEvent.ErrorEvent error);

    /** The user says something in text, and wants a reply. */
    void say(ClientEvent.Message message);

    void onSpeechStarted();

    void onSpeechStopped();

    /** Whether the reply that begins is wanted; if not, it must be cancelled. */
    boolean onReplyCreated(ServerEvent.ResponseCreated created);

    /** The reply that is being spoken was cut: its calls' outputs ask for no reply any more. */
    void onReplyCut();

    /** A reply is done, and its last calls are known. */
    void onReplyDone(ServerEvent.ResponseDone done);

    /** The model asked for a tool. */
    void onCall(String callId, @Nullable String responseId);

    /** A tool's output is ready. */
    void answer(String callId, String output, boolean wantsReply);

    /** An item joined the conversation. */
    void onItem(ServerEvent.Item item);

    /** Whether the error was the gate's own business, and mended. */
    boolean onError(ServerEvent.ErrorEvent error);

    /** Whether a reply will come, or something waits for the moment to ask for one. */
    boolean isWaiting();

    /**
     * What was asked for and is not there yet, for the gate of the next connection.
     *
     * @param reply whether a reply by the session's own settings is
     * @param withOptions the requests with options of their own, in order
     * @param brokenOff how many replies outside of the conversation had begun and will not be whole
     */
    record Unmet(boolean reply, List<ResponseOptions> withOptions, int brokenOff) {}

    Unmet unmet();

    /** Forgets whatever waits. */
    void close();
}
