package dev.parley.tools.internal;

import dev.parley.core.event.ToolDefinition;
import dev.parley.tools.ToolContext;
import java.util.function.Consumer;

/** A tool that can be told and called: a method of ours, or one that LangChain4j brings. Immutable and thread-safe. */
public interface PlannedTool {

    String name();

    /** How it is run. */
    RunPolicy policy();

    /**
     * What the model is told, as of now.
     *
     * @param faults told of each source of live values that failed
     */
    ToolDefinition definition(Consumer<LiveFault> faults);

    /** Whether {@link #definition} asks the application, and so may take as long as that does. */
    boolean isLive();

    /** As {@link #definition}, and no live values are listed: for when they cannot be had in time. */
    ToolDefinition definitionWithoutValues();

    /**
     * Reads and checks a call's arguments.
     *
     * @throws Refusal if the model must be told that they are wrong
     * @throws RuntimeException if live values or a constraint's validator fail
     */
    Invocation read(String argumentsJson, Validation validation, ToolContext context) throws Refusal;
}
