package dev.parley.core;

import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One live conversation. Thread-safe: any thread may call any method; none but {@link #awaitClosed} and {@link #close}
 * waits, and those are bounded.
 *
 * <p>Parley implements this; methods are added in minor versions.
 *
 * <p>Lifecycle: CONNECTING → CONFIGURING → READY → CLOSED, and RECONNECTING between two times of READY. Threads behind it are
 * daemons, so a program that has nothing else to do must {@link #awaitClosed}.
 */
public interface VoiceSession extends AutoCloseable {

    /** The conversation's id: what the builder was given, or a random one. */
    String conversationId();

    /** What the builder was given for this conversation. Immutable. */
    Map<String, Object> attributes();

    /** How far the session has come. It may have changed when you read it: to act on it, override {@code onState}. */
    SessionState state();

    /**
     * Sends a piece of the caller's voice. Never blocks; the bytes are copied and the buffer's position is left alone.
     *
     * <p>Before the session is ready, the last 5 s are kept and sent then; what falls out is counted. Afterwards the lane
     * holds 16 s on their way to the socket.
     *
     * @param pcm16 PCM16 little-endian mono at the provider's rate, any number of bytes
     * @return false if the session is closed or the lane is full; the piece is then not sent. What a full lane refuses is
     *     counted
     */
    boolean appendAudio(ByteBuffer pcm16);

    /**
     * Asks the agent to speak now, for a greeting.
     *
     * @throws UnsupportedByProviderException where the provider ignores such requests (swaram Premium)
     */
    void requestResponse();

    /**
     * Asks for a reply with options of its own; such a request is never merged with another. One whose reply has not begun when
     * its connection is lost is made again on the next.
     *
     * @throws UnsupportedByProviderException where the provider takes no options (swaram)
     */
    void requestResponse(ResponseOptions options);

    /**
     * Says something as the user, in text, and asks for the reply to it.
     *
     * @throws UnsupportedByProviderException where the dialect has no text turns (swaram): send the caller's voice with
     *     {@link #appendAudio}
     * @throws IllegalArgumentException for a text of more than 8 MiB as JSON
     */
    void sendText(String text);

    /**
     * Ends the caller's turn by hand, as a push-to-talk button does when it is let go; what was appended before is part of it.
     * Where the session's settings leave replies to the application, it asks for one, together with the commit. A turn that the
     * server refuses, as OpenAI does below 100 ms, gets no reply, and listeners hear a {@link Problem}. For a button that was only
     * tapped there is {@link #clearAudio}.
     *
     * @throws UnsupportedByProviderException where the provider finds the turns alone (swaram Premium)
     */
    void commitAudio();

    /**
     * Discards what the caller said since their last turn.
     *
     * @throws UnsupportedByProviderException where the provider finds the turns alone (swaram Premium)
     */
    void clearAudio();

    /**
     * Stops the reply that is being spoken: first the sound, then the provider. A reply that is done and plays still is stopped
     * too, and cut to what was heard: a player of your own tells that with {@link #playedUpTo} right before. Does nothing if
     * there is none.
     */
    void interrupt();

    /**
     * Tells how much of an item the caller has heard: for a player of your own. {@code AudioLink} does it by itself.
     *
     * <p>Tell it some ten times a second, and right before {@link #interrupt}. Between two words of yours, and after the last
     * one, the player is taken to play on from there in real time, with what waits behind it: what has had the time to sound
     * (and 20 ms more) was heard, and is neither interrupted nor cut. So a player that stands still goes on telling where. One
     * that is an extension's part is not guessed at while its {@link SessionPart#silence} says that it was playing.
     *
     * <p>An item of which no audio came (yet) is told to the parts as it is said here.
     *
     * @param heard from the item's first sample; clamped to what was received; never goes back
     */
    void playedUpTo(String itemId, Duration heard);

    /**
     * What an extension opened for this session, by its type: for example the session's {@code Transcript}.
     *
     * @throws java.util.NoSuchElementException if no extension of this session opened such a part
     */
    <T> T part(Class<T> type);

    /**
     * Sends any client event: the escape hatch. Control events overtake audio that still waits. Before the session is ready
     * they wait, since the configuration comes first.
     *
     * @throws IllegalArgumentException for an event of more than 8 MiB as JSON, but for audio
     * @throws UnsupportedByProviderException where the provider would ignore or refuse it
     */
    void send(ClientEvent event);

    /** What the session has moved and dropped so far. */
    SessionCounters counters();

    /**
     * Waits until the session is over.
     *
     * @return false if the time ran out first, or the thread was interrupted (its interrupt flag is then set)
     */
    boolean awaitClosed(Duration timeout);

    /** Why the session ended, or null while it goes on. */
    @Nullable
    CloseReason closeReason();

    /**
     * Hangs up: what the socket has taken is sent, then it closes. Open tool calls get up to 2 s to end. Idempotent. Returns
     * when the session is over, after 3 s at most, even if the provider never answers; at once if called from a listener, a
     * part or a tool.
     *
     * <p>When the 3 s are over and the session is not, the connection is dropped. Only a part, a listener or an audio device that
     * does not return can bring that about; the end is told once it does.
     */
    @Override
    void close();
}
