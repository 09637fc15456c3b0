package dev.parley.core;

import dev.parley.core.event.ClientEvent;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * What a part may do in its session. Thread-safe: calls from other threads are handed to the loop. Parley implements this;
 * methods are added in minor versions.
 */
public interface SessionHandle {

    /** The session itself. While {@link SessionExtension#open} runs it is {@link SessionState#CONNECTING}. */
    VoiceSession session();

    /** The agent's clock. All waiting goes through it. */
    Clock clock();

    /** The rate of PCM16 in both directions, in Hz. */
    int sampleRate();

    /**
     * Runs tasks on the session's loop, in order. After the session closed they still run, and their sends go nowhere. What a
     * task throws is told as a problem, and the next task runs.
     */
    Executor loop();

    /**
     * As {@link #loop()}, but where the loop is idle it does not wake one of the agent's threads: it works on the one that
     * is lent here, for as long as it has work and 256 tasks at most. For a thread that has nothing else to do, and holds
     * no lock.
     *
     * @param lent given at most one task for each that is given to the loop, and must run it: the session waits for that. One
     *     that refuses by throwing is not used
     */
    default Executor loopOn(Executor lent) {
        return loop();
    }

    /**
     * Runs blocking work of this session (file writing, device reading), one task at a time for each executor that this
     * gives out, on the agent's daemon threads. What a task throws is told as a problem, and the next task runs.
     *
     * @param name appears in the threads' names while they work, and in what is told of the work
     */
    Executor serialExecutor(String name);

    /**
     * As {@link #serialExecutor}, for work that may wait for ever (reading a pipe): the end of the session does not wait for
     * it, and does not complain.
     *
     * @param name appears in the threads' names while they work
     */
    default Executor unawaitedExecutor(String name) {
        return serialExecutor(name);
    }

    /** As {@link VoiceSession#send}. */
    void send(ClientEvent event);

    /**
     * Answers a tool call with its one output, as soon as the dialect allows, and lets the model speak about it. An answer
     * to a call that came on an earlier connection goes nowhere.
     *
     * @param outputJson JSON text
     */
    void answer(ToolRequest request, String outputJson);

    /**
     * As {@link #answer}, but the model is not to speak about it. A server that speaks after any output (swaram) is cut off
     * before its first word.
     */
    void answerQuietly(ToolRequest request, String outputJson);

    /**
     * Hangs up once the agent has spoken about this call's output and that has been heard. Called before the call is
     * answered. If the caller speaks meanwhile, the session goes on: the model may ask again.
     */
    void hangUpAfterReply(ToolRequest request);

    /** As {@link #hangUpAfterReply}, and listeners are told first to whom the caller goes. */
    void transferAfterReply(ToolRequest request, String target);

    /** Tells listeners what a running tool says of itself. */
    void report(ToolProgress progress);

    /** Tells listeners and parts how a tool call ended. */
    void report(ToolOutcome outcome);

    /** Tells listeners of something that went wrong and that the session survives. */
    void report(Problem problem);

    /**
     * As {@link #report(Problem)}, for what holds up the session's loop, which could not tell of it: told at once, in
     * no order with anything else but the end: after {@link SessionListener#onClosed} it is not told.
     */
    default void reportPastLoop(Problem problem) {
        report(problem);
    }

    /**
     * The caller began to speak, as a part found out by itself: stops the reply as {@link VoiceSession#interrupt()}
     * does, with the cause {@link Interruption.Cause#CALLER_SPOKE}. Called on the loop, that happens at once; from
     * {@link SessionPart#onServerEvent}, once all parts were told of that event, and before anything else. Where the
     * server finds out too, nothing happens a second time.
     */
    default void callerSpoke() {
        session().interrupt();
    }

    /**
     * Whether the server cancels its reply when it hears the caller and cannot be asked to leave that to a part
     * ({@link SessionPart#interruptsItself}).
     */
    default boolean serverInterruptsRegardless() {
        return false;
    }

    /** As {@link VoiceSession#playedUpTo}; at once if called on the loop. */
    void playedUpTo(String itemId, Duration heard);

    /**
     * As {@link #playedUpTo(String, Duration)}, for players that tell it every 20 ms: Parley's own makes no object of it.
     *
     * @param heardNanos in nanoseconds from the item's beginning
     */
    default void playedUpToNanos(String itemId, long heardNanos) {
        playedUpTo(itemId, Duration.ofNanos(heardNanos));
    }
}
