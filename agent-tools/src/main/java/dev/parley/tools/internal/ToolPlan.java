package dev.parley.tools.internal;

import dev.parley.core.event.ToolDefinition;
import dev.parley.tools.ToolContext;
import dev.parley.tools.ToolResult;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One tool, read once from its method. Its schema and its binder are the same members. Immutable and thread-safe; a call
 * touches no annotation.
 */
public final class ToolPlan implements PlannedTool {
    private static final Set<String> WORDS_OF_ERRORS = Set.of("error.message", "error.violations.problem");

    private final Identity identity;
    private final Object target;
    private final Method method;
    private final Members members;
    private final Parameter[] parameters;
    private final @Nullable Member[] memberOfParameter;
    private final LiveText schema;
    private final Set<String> sensitivePaths;
    private final Set<String> sensitiveOutputPaths;
    private final boolean constrained;
    private final ArgumentsJson json;
    private final ResultWriter results;

    /**
     * What a tool is called, how it is run, and what is private in its outputs.
     *
     * @param sensitiveOutputPaths as {@link ToolDefinition#sensitiveOutputPaths()}
     */
    record Identity(String name, String description, RunPolicy policy, Set<String> sensitiveOutputPaths) {}

    /**
     * A parameter of the method: one of the members, or what the call's context gives.
     *
     * @param member its index; −1 if injected
     */
    record Parameter(int member, @Nullable Function<ToolContext, Object> injected) {}

    ToolPlan(
            Identity identity,
            Object target,
            Method method,
            Members members,
            Parameter[] parameters,
            boolean constrained,
            ArgumentsJson json,
            ResultWriter results) {
        this.identity = identity;
        this.target = target;
        this.method = method;
        this.members = members;
        this.parameters = parameters.clone();
        this.constrained = constrained;
        this.json = json;
        this.results = results.of(identity.name(), identity.policy().limit());
        this.memberOfParameter = new Member[parameters.length];
        for (int i = 0; i < parameters.length; i++) {
            int member = parameters[i].member();
            memberOfParameter[i] = member < 0 ? null : members.all().get(member);
        }
        this.schema = ToolSchema.of(members);
        this.sensitivePaths = ToolSchema.sensitivePaths(members);
        this.sensitiveOutputPaths = new HashSet<>(identity.sensitiveOutputPaths());
        if (!sensitivePaths.isEmpty()) {
            // A constraint's message, a list of live values and a ToolException may all repeat what an argument was.
            sensitiveOutputPaths.addAll(WORDS_OF_ERRORS);
        }
    }

    @Override
    public String name() {
        return identity.name();
    }

    @Override
    public RunPolicy policy() {
        return identity.policy();
    }

    @Override
    public ToolDefinition definition(Consumer<LiveFault> faults) {
        return definition(schema.now(faults));
    }

    @Override
    public boolean isLive() {
        return schema.isLive();
    }

    @Override
    public ToolDefinition definitionWithoutValues() {
        return definition(schema.withoutValues());
    }

    private ToolDefinition definition(String parameters) {
        return new ToolDefinition(
                identity.name(), identity.description(), parameters, sensitivePaths, sensitiveOutputPaths);
    }

    @Override
    public Invocation read(String argumentsJson, Validation validation, ToolContext context) throws Refusal {
        Reading reading = new Reading();
        @Nullable Object[] arguments = arguments(json.read(argumentsJson, members, reading), context);
        if (reading.clean() && (constrained || !reading.beans().isEmpty())) {
            validation.checks().parameters(target, method, arguments, memberOfParameter, reading);
        }
        if (!reading.clean()) {
            throw new Refusal(Outputs.invalidArguments(reading.violations()));
        }
        return new Run(arguments);
    }

    /** One run of the method. */
    private final class Run implements Invocation {
        private final @Nullable Object[] arguments;

        Run(@Nullable Object[] arguments) {
            this.arguments = arguments;
        }

        @Override
        public @Nullable Object run() throws Throwable {
            try {
                return method.invoke(target, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
            }
        }

        @Override
        public ToolResult result(@Nullable Object returned) throws IOException {
            return results.result(returned);
        }
    }

    private @Nullable Object[] arguments(@Nullable Object[] values, ToolContext context) {
        @Nullable Object[] arguments = values.length == parameters.length ? values : new Object[parameters.length];
        for (int i = 0; i < arguments.length; i++) {
            Parameter parameter = parameters[i];
            Function<ToolContext, Object> injected = parameter.injected();
            arguments[i] = injected == null ? members.given(values, parameter.member()) : injected.apply(context);
        }
        return arguments;
    }
}
