package dev.parley.tools.internal;

import dev.langchain4j.agent.tool.ToolMemoryId;
import dev.langchain4j.invocation.InvocationParameters;
import dev.parley.tools.ToolContext;
import java.lang.reflect.Parameter;
import java.util.HashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Parameters that the model knows nothing of: a call's context gives them. Stateless. */
final class Injected {
    private Injected() {}

    /** What gives the parameter its value, or null if the model does. */
    static @Nullable Function<ToolContext, Object> of(String where, Parameter parameter) {
        if (parameter.getType() == ToolContext.class) {
            return context -> context;
        }
        if (parameter.getType() == InvocationParameters.class) {
            return context -> InvocationParameters.from(new HashMap<>(context.attributes()));
        }
        if (parameter.isAnnotationPresent(ToolMemoryId.class)) {
            if (!parameter.getType().isAssignableFrom(String.class)) {
                throw Fault.at(where, "@ToolMemoryId is the conversation's id, so the parameter must be a String");
            }
            return ToolContext::conversationId;
        }
        return null;
    }
}
