package dev.parley.tools.internal;

import dev.langchain4j.agent.tool.ReturnBehavior;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.invocation.InvocationParameters;
import dev.langchain4j.service.tool.ToolExecutionResult;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.parley.core.event.ToolDefinition;
import dev.parley.tools.ToolContext;
import dev.parley.tools.ToolResult;
import java.util.HashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A tool from LangChain4j: its schema is told as it is, and its executor checks its own arguments. */
record LangChain4jTool(ToolDefinition definition, ToolExecutor executor, RunPolicy policy, ArgumentsJson json)
        implements PlannedTool {

    static LangChain4jTool of(
            ToolSpecification specification, ToolExecutor executor, ReturnBehavior returns, ArgumentsJson json) {
        String description = specification.description();
        return new LangChain4jTool(
                new ToolDefinition(
                        specification.name(),
                        description == null ? "" : description,
                        json.parametersOf(specification.toJson())),
                executor,
                RunPolicy.USUAL.returning(returns),
                json);
    }

    @Override
    public String name() {
        return definition.name();
    }

    @Override
    public ToolDefinition definition(Consumer<LiveFault> faults) {
        return definition;
    }

    @Override
    public Invocation read(String argumentsJson, Validation validation, ToolContext context) throws Refusal {
        json.check(argumentsJson);
        ToolExecutionRequest request = ToolExecutionRequest.builder()
                .id(context.callId())
                .name(name())
                .arguments(argumentsJson.isBlank() ? "{}" : argumentsJson)
                .build();
        InvocationContext invocation = InvocationContext.builder()
                .chatMemoryId(context.conversationId())
                .invocationParameters(InvocationParameters.from(new HashMap<>(context.attributes())))
                .timestampNow()
                .build();
        return new Run(executor, request, invocation);
    }

    private record Run(ToolExecutor executor, ToolExecutionRequest request, InvocationContext context)
            implements Invocation {
        @Override
        public @Nullable Object run() {
            return executor.executeWithContext(request, context);
        }

        /** An error that the tool itself tells was written for the model, as a {@code ToolException} is. */
        @Override
        public ToolResult result(@Nullable Object returned) {
            if (!(returned instanceof ToolExecutionResult result)) {
                return Outputs.success("null");
            }
            String text = result.resultText();
            return result.isError()
                    ? Outputs.error("failed", text == null ? "the tool failed" : text)
                    : Outputs.success(Outputs.textOrJson(text));
        }
    }
}
