package dev.parley.tools;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** Lets a tool run only where the calls so far allow it. Immutable. */
final class Gate implements ToolInterceptor {
    private final String toolName;
    private final Predicate<List<PastCall>> open;
    private final String otherwise;

    Gate(String toolName, Predicate<List<PastCall>> open, String otherwise) {
        this.toolName = Objects.requireNonNull(toolName);
        this.open = Objects.requireNonNull(open);
        this.otherwise = Objects.requireNonNull(otherwise);
    }

    /** The tool that it guards. */
    String toolName() {
        return toolName;
    }

    @Override
    public CompletionStage<ToolResult> intercept(Chain chain) {
        boolean closed = chain.call().name().equals(toolName)
                && !open.test(chain.context().callsSoFar());
        return closed
                ? CompletableFuture.completedStage(ToolResult.notAllowedNow(otherwise))
                : chain.proceed(chain.call());
    }
}
