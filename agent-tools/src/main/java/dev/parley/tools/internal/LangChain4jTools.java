package dev.parley.tools.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ReturnBehavior;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.invocation.InvocationParameters;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.service.tool.ToolExecutionResult;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.langchain4j.service.tool.ToolProvider;
import dev.langchain4j.service.tool.ToolProviderRequest;
import dev.langchain4j.service.tool.ToolProviderResult;
import dev.parley.core.event.ToolDefinition;
import dev.parley.tools.ToolCall;
import dev.parley.tools.ToolContext;
import dev.parley.tools.ToolResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The one bridge between LangChain4j's tools and Parley's, both ways; on LangChain4j's public API alone. Thread-safe. */
public final class LangChain4jTools {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ArgumentsJson arguments = new ArgumentsJson();
    private final boolean tellsErrors;
    private final Duration timeout;

    /**
     * @param tellsErrors whether what their tools say of errors reaches the model
     * @param timeout how long their calls may take
     */
    public LangChain4jTools(boolean tellsErrors, Duration timeout) {
        this.tellsErrors = tellsErrors;
        this.timeout = timeout;
    }

    /** A tool of theirs among ours. */
    public PlannedTool tool(ToolSpecification specification, ToolExecutor executor) {
        return tool(specification, executor, ReturnBehavior.TO_LLM);
    }

    private LangChain4jTool tool(ToolSpecification specification, ToolExecutor executor, ReturnBehavior returns) {
        return LangChain4jTool.of(specification, executor, RunPolicy.usual(timeout, returns), tellsErrors, arguments);
    }

    /**
     * What a provider offers a conversation now. It may ask a server, and take as long as that does.
     *
     * @throws RuntimeException what the provider throws
     */
    public List<PlannedTool> provided(ToolProvider provider, ToolContext context) {
        InvocationContext invocation = InvocationContext.builder()
                .chatMemoryId(context.conversationId())
                .invocationParameters(InvocationParameters.from(new HashMap<>(context.attributes())))
                .timestampNow()
                .build();
        // A voice session has no text to give: the tools are chosen before anybody speaks.
        UserMessage nothingSaid = UserMessage.from("(a voice session begins)");
        ToolProviderRequest request = ToolProviderRequest.builder()
                .invocationContext(invocation)
                .userMessage(nothingSaid)
                .build();
        List<PlannedTool> tools = new ArrayList<>();
        provider.provideTools(request)
                .aiServiceTools()
                .forEach(each -> tools.add(tool(each.toolSpecification(), each.toolExecutor(), each.returnBehavior())));
        return tools;
    }

    /**
     * Our tools among theirs.
     *
     * @param tools asked at each request, so that live values are live
     * @param faults told of each source of live values that failed
     * @param call answers with the one result; it blocks
     */
    public static ToolProvider provider(
            Function<ToolContext, Collection<PlannedTool>> tools,
            Consumer<LiveFault> faults,
            BiFunction<ToolCall, ToolContext, ToolResult> call) {
        return request -> {
            ToolProviderResult.Builder told = ToolProviderResult.builder();
            for (PlannedTool tool : tools.apply(context(request.invocationContext()))) {
                told.add(
                        tool instanceof LangChain4jTool theirs
                                ? theirs.specification()
                                : specification(tool.definition(faults)),
                        new Executor(call),
                        tool.policy().returns());
            }
            return told.build();
        };
    }

    private static ToolContext context(@Nullable InvocationContext invocation) {
        if (invocation == null) {
            return ToolContext.of(FreshId.next(), Map.of());
        }
        Map<String, Object> attributes = new HashMap<>();
        if (invocation.invocationParameters() != null) {
            invocation.invocationParameters().asMap().forEach((name, value) -> {
                if (value != null) {
                    attributes.put(name, value);
                }
            });
        }
        return ToolContext.of(String.valueOf(invocation.chatMemoryId()), attributes);
    }

    private static ToolSpecification specification(ToolDefinition definition) {
        return ToolSpecification.builder()
                .name(definition.name())
                .description(definition.description())
                .parameters(schema(definition.parametersJson()))
                .build();
    }

    /** An object at the root, and the plan's own schema below it, word for word. */
    private static JsonObjectSchema schema(String parametersJson) {
        JsonNode told;
        try {
            told = JSON.readTree(parametersJson);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException("a schema that is not JSON", e);
        }
        JsonObjectSchema.Builder schema = JsonObjectSchema.builder().addProperties(raw(told.path("properties")));
        List<String> required = new ArrayList<>();
        told.path("required").forEach(each -> required.add(each.asText()));
        schema.required(required);
        if (told.has("additionalProperties")) {
            schema.additionalProperties(told.path("additionalProperties").asBoolean());
        }
        if (told.has("$defs")) {
            schema.definitions(raw(told.path("$defs")));
        }
        return schema.build();
    }

    private static Map<String, JsonSchemaElement> raw(JsonNode members) {
        Map<String, JsonSchemaElement> elements = new LinkedHashMap<>();
        members.properties()
                .forEach(each -> elements.put(
                        each.getKey(), JsonRawSchema.from(each.getValue().toString())));
        return elements;
    }

    private record Executor(BiFunction<ToolCall, ToolContext, ToolResult> call) implements ToolExecutor {
        @Override
        public String execute(ToolExecutionRequest request, Object memoryId) {
            return run(request, ToolContext.of(String.valueOf(memoryId), Map.of()))
                    .output();
        }

        @Override
        public ToolExecutionResult executeWithContext(ToolExecutionRequest request, InvocationContext context) {
            ToolResult result = run(request, context(context));
            return ToolExecutionResult.builder()
                    .isError(!result.ok())
                    .resultText(result.output())
                    .build();
        }

        private ToolResult run(ToolExecutionRequest request, ToolContext context) {
            String id = request.id() == null ? "call_" + FreshId.next() : request.id();
            String arguments = request.arguments() == null ? "" : request.arguments();
            return call.apply(new ToolCall(id, request.name(), arguments), context);
        }
    }
}
