package dev.parley.core.event;

import java.util.Set;

/**
 * One tool as the model is told of it. Immutable.
 *
 * @param name the function's name
 * @param description when and how to use it
 * @param parametersJson a JSON Schema object, compact
 * @param sensitivePaths the arguments (JSON paths such as {@code phone} or {@code caller.phone}) that listeners,
 *     recorders and logs see masked; the call itself gets them whole. Where there are any, what stands under a name
 *     that the schema does not know is masked too, in objects inside the arguments as well: a model may have misspelt the
 *     name of a sensitive one
 * @param sensitiveOutputPaths the same for the output, from its root: {@code result} for all that the tool returns, {@code
 *     result.phone} for a member of it; the model gets it whole
 */
public record ToolDefinition(
        String name,
        String description,
        String parametersJson,
        Set<String> sensitivePaths,
        Set<String> sensitiveOutputPaths) {
    public ToolDefinition {
        sensitivePaths = Set.copyOf(sensitivePaths);
        sensitiveOutputPaths = Set.copyOf(sensitiveOutputPaths);
    }

    /** A tool whose output is not sensitive. */
    public ToolDefinition(String name, String description, String parametersJson, Set<String> sensitivePaths) {
        this(name, description, parametersJson, sensitivePaths, Set.of());
    }

    /** A tool without sensitive arguments. */
    public ToolDefinition(String name, String description, String parametersJson) {
        this(name, description, parametersJson, Set.of(), Set.of());
    }
}
