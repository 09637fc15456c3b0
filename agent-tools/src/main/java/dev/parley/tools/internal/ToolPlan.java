package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.parley.core.event.ToolDefinition;
import dev.parley.tools.ToolResult;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One tool, read once from its method. Its schema and its binder are the same members. Immutable and thread-safe; a call
 * touches no annotation.
 */
public final class ToolPlan {
    private static final int MOST_ARGUMENT_BYTES = 64 * 1024;

    private final Identity identity;
    private final Object target;
    private final Method method;
    private final Members members;
    private final Parameter[] parameters;
    private final @Nullable Member[] memberOfParameter;
    private final LiveText schema;
    private final Set<String> sensitivePaths;
    private final ArgumentsJson json;
    private final ObjectWriter results;

    /** What a tool is called and how it is run. */
    record Identity(String name, String description, RunPolicy policy) {}

    /**
     * A parameter of the method: one of the members by its index, or what the call's context gives.
     *
     * @param member −1 if injected
     */
    record Parameter(int member, Class<?> type) {}

    ToolPlan(
            Identity identity,
            Object target,
            Method method,
            Members members,
            Parameter[] parameters,
            ArgumentsJson json,
            ObjectWriter results) {
        this.identity = identity;
        this.target = target;
        this.method = method;
        this.members = members;
        this.parameters = parameters.clone();
        this.json = json;
        this.results = results;
        this.memberOfParameter = new Member[parameters.length];
        for (int i = 0; i < parameters.length; i++) {
            int member = parameters[i].member();
            memberOfParameter[i] = member < 0 ? null : members.all().get(member);
        }
        this.schema = ToolSchema.of(members);
        this.sensitivePaths = ToolSchema.sensitivePaths(members);
    }

    public String name() {
        return identity.name();
    }

    /** How the tool is run. */
    public RunPolicy policy() {
        return identity.policy();
    }

    /**
     * What the model is told, as of now.
     *
     * @param faults told of each source of live values that failed
     */
    public ToolDefinition definition(Consumer<LiveFault> faults) {
        return new ToolDefinition(identity.name(), identity.description(), schema.now(faults), sensitivePaths);
    }

    /**
     * Reads and checks a call's arguments.
     *
     * @param injected what the context gives for a parameter's type
     * @throws Refusal if the model must be told that they are wrong
     * @throws RuntimeException if live values or a constraint's validator fail
     */
    public Invocation read(String argumentsJson, Validation validation, Injection injected) throws Refusal {
        JsonNode tree = parse(argumentsJson);
        if (!tree.isObject()) {
            throw new Refusal(
                    Outputs.error("invalid_arguments", "the arguments must be one JSON object, not " + Kinds.of(tree)));
        }
        Reading reading = new Reading();
        @Nullable
        Object[] values = members.read(tree, reading, new boolean[members.all().size()]);
        @Nullable Object[] arguments = new Object[parameters.length];
        for (int i = 0; i < arguments.length; i++) {
            Parameter parameter = parameters[i];
            arguments[i] = parameter.member() < 0 ? injected.of(parameter.type()) : values[parameter.member()];
        }
        if (reading.clean()) {
            validation.checks().parameters(target, method, arguments, memberOfParameter, reading);
        }
        if (!reading.clean()) {
            throw new Refusal(Outputs.invalidArguments(reading.violations()));
        }
        return new Invocation(target, method, arguments);
    }

    private JsonNode parse(String text) throws Refusal {
        if (text.length() > MOST_ARGUMENT_BYTES || utf8Length(text) > MOST_ARGUMENT_BYTES) {
            throw new Refusal(Outputs.error("too_large", "the arguments are larger than 64 KiB; send less"));
        }
        if (text.isBlank()) {
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            return json.read(text);
        } catch (StreamConstraintsException e) {
            throw new Refusal(Outputs.error("too_large", "the arguments nest too deep, or hold too long a number"));
        } catch (JsonProcessingException e) {
            throw new Refusal(Outputs.error("invalid_json", ArgumentsJson.complaint(e)));
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
    }

    private static int utf8Length(String text) {
        int bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                // A surrogate pair is 4 bytes of 2 chars: 2 more; any other char from U+0800 is 3 of 1.
                bytes += c >= 0x800 && !Character.isSurrogate(c) ? 2 : 1;
            }
        }
        return bytes;
    }

    /**
     * The output for what the method returned.
     *
     * @throws IOException if it cannot be written as JSON
     */
    public ToolResult success(@Nullable Object returned) throws IOException {
        return new ToolResult(true, null, "{\"ok\":true,\"result\":" + results.writeValueAsString(returned) + "}");
    }

    List<Member> members() {
        return members.all();
    }
}
