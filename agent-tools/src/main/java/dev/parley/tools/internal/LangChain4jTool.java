package dev.parley.tools.internal;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.exception.ToolExecutionException;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.invocation.InvocationParameters;
import dev.langchain4j.service.tool.ToolExecutionResult;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.parley.core.event.ToolDefinition;
import dev.parley.tools.ToolContext;
import dev.parley.tools.ToolException;
import dev.parley.tools.ToolResult;
import java.util.HashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A tool from LangChain4j: its schema is told as it is, and its executor checks its own arguments.
 *
 * @param specification its own, which goes back to LangChain4j whole: metadata and all that a schema of ours does not have
 * @param tellsErrors whether what it says of an error reaches the model. LangChain4j's executors put the message of whatever
 *     a method threw there, and nothing tells it from a text that was written for a model
 */
record LangChain4jTool(
        ToolSpecification specification,
        ToolDefinition definition,
        ToolExecutor executor,
        RunPolicy policy,
        boolean tellsErrors,
        ArgumentsJson json)
        implements PlannedTool {

    static LangChain4jTool of(
            ToolSpecification specification,
            ToolExecutor executor,
            RunPolicy policy,
            boolean tellsErrors,
            ArgumentsJson json) {
        String description = specification.description();
        return new LangChain4jTool(
                specification,
                new ToolDefinition(
                        specification.name(),
                        description == null ? "" : description,
                        json.parametersOf(specification.toJson())),
                executor,
                policy,
                tellsErrors,
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
    public boolean isLive() {
        return false;
    }

    @Override
    public ToolDefinition definitionWithoutValues() {
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
        return new Run(executor, request, invocation, tellsErrors);
    }

    private record Run(
            ToolExecutor executor, ToolExecutionRequest request, InvocationContext context, boolean tellsErrors)
            implements Invocation {
        @Override
        public @Nullable Object run() {
            try {
                return executor.executeWithContext(request, context);
            } catch (ToolExecutionException e) { // what an MCP client throws where its server tells of an error
                String text = e.getMessage();
                if (tellsErrors && text != null) {
                    throw new ToolException(text, e);
                }
                throw e;
            }
        }

        @Override
        public ToolResult result(@Nullable Object returned) {
            if (!(returned instanceof ToolExecutionResult result)) {
                return Outputs.success("null");
            }
            String text = result.resultText();
            if (!result.isError()) {
                return Outputs.success(Outputs.textOrJson(text));
            }
            String known = text == null ? "the tool failed" : text;
            if (tellsErrors) {
                throw new ToolException(known);
            }
            throw new ToolExecutionException(known); // for the log, under the id that the model gets
        }
    }
}
