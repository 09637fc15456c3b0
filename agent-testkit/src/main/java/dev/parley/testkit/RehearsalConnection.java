package dev.parley.testkit;

import dev.parley.core.VoiceSession;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection to a {@link RehearsalServer}, with its own run of the script. Thread-safe; nothing but the
 * methods that say so waits.
 */
public interface RehearsalConnection {

    /** Which one it is, from zero, in the order of the handshakes. */
    int index();

    /** How the credential came: {@code header}, {@code query}, {@code subprotocol}, or {@code none}. */
    String credentialCarrier();

    /** What the client asked for with {@code ?model=}, or an empty string. */
    String model();

    /**
     * The client's text messages so far, as JSON text in the order of their coming. Audio is left out of them: in its place
     * stands the number of its characters. The last 10,000 are kept.
     */
    List<String> received();

    /** Those of one type, for example {@code response.cancel}. */
    List<String> received(String type);

    /**
     * Waits for the client's first message of a type.
     *
     * @param timeout real time
     * @return the message as {@link #received} shows it
     * @throws AssertionError if none came in time
     */
    String awaitReceived(String type, Duration timeout);

    /** How many samples of caller audio the server took. */
    long samplesReceived();

    /** Sends a text message as it is: for events that no script has. It overtakes what {@link #hold()} keeps back. */
    void sendRaw(String text);

    /** Sends a binary message: something that this protocol does not have. */
    void sendBinary(byte[] bytes);

    /** Keeps the server's events back, in order, until {@link #release()}. At most 10,000; then the socket drops. */
    void hold();

    /** Sends what {@link #hold()} kept back, and holds no more. */
    void release();

    /**
     * Closes with a code and a reason.
     *
     * @param code 1000 to 4999, as RFC 6455 allows
     * @param reason at most 123 bytes
     */
    void close(int code, String reason);

    /** Drops the socket without a word, as a lost network does. */
    void abort();

    /** Whether the connection is over. */
    boolean closed();

    /** The close code that the client sent, 1006 if the socket broke, or null while it is open. */
    @Nullable
    Integer closeCode();

    /**
     * Waits until the connection is over.
     *
     * @param timeout real time
     * @throws AssertionError if it is still open then
     */
    void awaitClosed(Duration timeout);

    /**
     * Waits until the whole script was played.
     *
     * @param timeout real time
     * @throws AssertionError that holds the report, if it was not
     */
    void awaitFinished(Duration timeout);

    /**
     * Waits until it is the caller's turn to speak: the server has answered so many turns, or it is saying a reply, or waits
     * for an output, that the caller should cut short. Returns as well once the connection is over.
     *
     * @param turns of the whole script; 0 for the greeting
     * @param timeout real time
     * @throws AssertionError that holds the report, if it does not come to that
     */
    void awaitCallersTurn(int turns, Duration timeout);

    /**
     * Plays the caller: asks for the greeting if the script has one, says line after line into the session as fast as it is
     * taken, each with the silence that ends it, and speaks again when it is the caller's turn. A turn without a recording is
     * said with a tone. For sessions without a caller of their own, such as a microphone. Returns when the script, or the
     * connection, is over.
     *
     * @param session the one that is connected here
     * @param patience how long each turn may take, in real time
     * @throws AssertionError that holds the report, if a turn takes longer
     */
    void playCaller(VoiceSession session, Duration patience);

    /** How this connection's run went so far. */
    Report report();
}
