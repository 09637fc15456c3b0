package dev.parley.tools.internal;

import dev.parley.tools.ToolResult;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A call whose arguments were read and checked: it can be run, once. */
public interface Invocation {

    /**
     * Runs the tool.
     *
     * @throws Throwable what it threw
     */
    @Nullable
    Object run() throws Throwable;

    /**
     * The result for what the tool returned.
     *
     * @throws IOException if it cannot be written as JSON
     */
    ToolResult result(@Nullable Object returned) throws IOException;
}
