package dev.parley.core;

import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.ToolDefinition;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * An extension's state in one session; it dies with the session.
 *
 * <p>Unless said otherwise, every method runs on the session's loop, one at a time and in order, so a part needs no
 * locks for what only the loop touches. None may block. What a part throws is reported to the listener as a
 * {@link Problem}, and the session goes on.
 */
public interface SessionPart {

    /**
     * The tools that this part answers for. Called on the connecting thread (it may read a database), before
     * {@code session.update} goes out.
     */
    default List<ToolDefinition> tools() {
        return List.of();
    }

    /**
     * Whether this part finds out by itself when the caller interrupts, and says so with {@link SessionHandle#callerSpoke}. A
     * server that can be asked not to cancel its replies when it hears speech is then asked, and asked again with each change of
     * its turn detection; others go on as they do. Settings, or a change, that say themselves who interrupts
     * ({@link dev.parley.core.event.TurnDetection#interruptsResponse()}) are sent as they are: with {@code true} the server interrupts
     * beside the part. Called once, on the connecting thread, before {@code session.update} goes out.
     */
    default boolean interruptsItself() {
        return false;
    }

    /** The session's state changed. */
    default void onState(SessionState state) {}

    /** An event from the provider. Audio of a cancelled reply does not come here. */
    default void onServerEvent(ServerEvent event) {}

    /**
     * An event on its way out, told when it joins the queue to the socket. Audio frames are not told one by one: a part
     * that wants the caller's audio takes it where it comes in.
     */
    default void onClientEvent(ClientEvent event) {}

    /**
     * A tool call for one of {@link #tools()}, or for a tool that nobody knows if this part was the first with tools.
     * Its one output goes to {@link SessionHandle#answer}.
     */
    default void onToolRequest(ToolRequest request) {}

    /** A tool call ended, whichever part ran it. What is sensitive in its arguments and its output is masked. */
    default void onToolOutcome(ToolOutcome outcome) {}

    /**
     * A reply must stop now. A part that plays audio falls silent within this call and tells
     * {@link SessionHandle#playedUpTo} what was heard.
     *
     * @return whether this part was playing something that is now cut
     */
    default boolean silence(Interruption.Cause cause) {
        return false;
    }

    /** A reply was cut short; the players are already silent. */
    default void onInterrupted(Interruption interruption) {}

    /** Somebody (this part too) reported how far an item has been heard. Positions of an item never go back. */
    default void onPlayedUpTo(String itemId, Duration heard) {}

    /**
     * What the session calls: it tells {@link #onPlayedUpTo(String, Duration)}. A part that overrides this one instead is
     * told the same without an object each time, every 20 ms while the agent speaks.
     *
     * @param heardNanos in nanoseconds from the item's beginning
     */
    default void onPlayedUpToNanos(String itemId, long heardNanos) {
        onPlayedUpTo(itemId, Duration.ofNanos(heardNanos));
    }

    /**
     * The session is ending: nothing goes in or out any more. A part that runs something whose end matters (a booking that
     * is being made) may keep the end waiting for it, 2 s at most.
     *
     * @return completes when nothing that the part runs is left
     */
    default CompletionStage<?> ending() {
        return CompletableFuture.completedFuture(null);
    }

    /**
     * Whether {@link #ending} would wait for what a thread is doing: {@link VoiceSession#close()} that is called there then
     * returns at once. Called on any thread; it must be quick.
     */
    default boolean waitsFor(Thread thread) {
        return false;
    }

    /** The session is over: the last call. Releases what the part holds. */
    default void onClosed(CloseReason reason) {}
}
