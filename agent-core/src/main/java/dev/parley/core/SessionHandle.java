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

    /** Runs tasks on the session's loop, in order. After the session closed they still run, and their sends go nowhere. */
    Executor loop();

    /**
     * Runs blocking work of this session (file writing, device reading), one task at a time for each executor that this
     * gives out, on the agent's daemon threads.
     *
     * @param name appears in the threads' names while they work
     */
    Executor serialExecutor(String name);

    /** As {@link VoiceSession#send}. */
    void send(ClientEvent event);

    /**
     * Answers a tool call with its one output, as soon as the dialect allows.
     *
     * @param outputJson JSON text
     */
    void answer(String callId, String outputJson);

    /** Tells listeners and parts how a tool call ended. */
    void report(ToolOutcome outcome);

    /** Tells listeners of something that went wrong and that the session survives. */
    void report(Problem problem);

    /** As {@link VoiceSession#playedUpTo}; at once if called on the loop. */
    void playedUpTo(String itemId, Duration heard);
}
