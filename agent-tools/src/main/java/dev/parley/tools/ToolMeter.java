package dev.parley.tools;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Told of every call of a toolbox when it has its result: in sessions, outside of them, and in LangChain4j's AiServices;
 * refusals too. For metrics: what belongs to one session comes to {@code SessionListener.onToolOutcome}, which also has the
 * arguments and the output.
 *
 * <p>Called once a call, on whichever thread ended it, before the result is told to anybody. So it must be thread-safe and
 * quick. What it throws is logged, and the call goes on. A call id that comes again is measured only if it is refused,
 * since otherwise nothing is run.
 */
@FunctionalInterface
public interface ToolMeter {

    /** The name under which calls of tools that nobody knows are measured: a model may make up any number of names. */
    String UNKNOWN = "(unknown)";

    /** A call has its result. */
    void measured(Measure call);

    /**
     * What a call took.
     *
     * @param tool its name, or {@link #UNKNOWN}
     * @param errorCode null if it went well, else one of {@link ToolResult}'s codes
     * @param queued from its arrival until a thread began with it; all of its time if none did
     * @param ran from then to its result, with interceptors and approval
     * @param outputBytes of the JSON text that the model gets, in UTF-8
     */
    record Measure(String tool, @Nullable String errorCode, Duration queued, Duration ran, int outputBytes) {}
}
