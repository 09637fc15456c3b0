package dev.parley.tools;

import dev.parley.core.event.ToolDefinition;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * Stands around every call whose arguments were read and found right. Interceptors run in the order in which they were
 * added, each around the next, on the tool's thread; the tool's timeout runs on. One instance serves all sessions at once,
 * so it must be thread-safe.
 */
@FunctionalInterface
public interface ToolInterceptor {

    /**
     * Answers a call: with what {@link Chain#proceed} gives, or with a result of its own.
     *
     * @return what becomes the call's result. Null, a throw and a failed stage are answered as {@code failed}
     */
    CompletionStage<ToolResult> intercept(Chain chain);

    /** One call on its way to the tool. */
    interface Chain {
        /** The call as the interceptor before passed it on. */
        ToolCall call();

        /** What the call belongs to. */
        ToolContext context();

        /** The tool as the model was told of it; live values are read anew at each use. */
        ToolDefinition definition();

        /**
         * Goes on to the next interceptor, and at the end to the tool.
         *
         * @param call {@link #call()}, or one with other arguments: those are read and checked as the model's are
         * @throws IllegalStateException if it was called before: a call runs once
         * @throws IllegalArgumentException if the call is for another tool, or has another id
         */
        CompletionStage<ToolResult> proceed(ToolCall call);
    }

    /**
     * A gate in front of one tool: "book only after availability was checked".
     *
     * @param toolName the tool that is guarded
     * @param open told the session's earlier calls, oldest first; whether the call may go on
     * @param otherwise the sentence that the model gets, with the code {@code not_allowed_now}
     */
    static ToolInterceptor gate(String toolName, Predicate<List<PastCall>> open, String otherwise) {
        return new Gate(toolName, open, otherwise);
    }
}
