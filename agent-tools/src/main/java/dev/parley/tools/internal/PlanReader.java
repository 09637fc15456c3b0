package dev.parley.tools.internal;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.type.TypeBindings;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.ReturnBehavior;
import dev.langchain4j.agent.tool.Tool;
import dev.parley.tools.ToolContext;
import dev.parley.tools.ToolPolicy;
import jakarta.validation.ValidationException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the annotated methods of one toolbox's objects into plans, at registration. Faults fail here, not in a call. Confined
 * to the registering thread.
 */
public final class PlanReader {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

    private final ObjectMapper mapper;
    private final Validation validation;
    private final ArgumentsJson json = new ArgumentsJson();
    private final ResultWriter results;
    private final Map<String, String> methodsByTool = new HashMap<>();
    private final Duration timeout;

    /** @param timeout how long a call may take where the method does not say */
    public PlanReader(ObjectMapper mapper, Validation validation, Duration timeout) {
        this.mapper = mapper;
        this.validation = validation;
        this.timeout = timeout;
        this.results = new ResultWriter(mapper);
    }

    /**
     * The tools of one object, by the names of their methods.
     *
     * @throws IllegalArgumentException that names the method and the parameter, and says how to mend it
     */
    public List<PlannedTool> read(Object toolObject) {
        if (toolObject instanceof Class<?> type) {
            throw Fault.at(
                    type.getSimpleName() + ".class",
                    "is a class, and tools are the methods of an object; give one: new " + type.getSimpleName()
                            + "(…)");
        }
        Signatures signatures = new Signatures(toolObject, validation.validator(), validation.groups());
        ShapeReader shapes = new ShapeReader(mapper, signatures);
        List<PlannedTool> plans = new ArrayList<>();
        for (Method method : methods(toolObject.getClass())) {
            String where = toolObject.getClass().getSimpleName() + "." + method.getName();
            try {
                ToolPlan plan = plan(where, toolObject, method, signatures, shapes);
                refuseSameTools(where, plan.name(), method);
                plans.add(plan);
            } catch (ValidationException e) {
                throw Trial.fault(where, e);
            }
        }
        if (plans.isEmpty()) {
            boolean holds =
                    toolObject instanceof Iterable<?> || toolObject.getClass().isArray();
            throw Fault.at(
                    toolObject.getClass().getSimpleName(),
                    holds
                            ? "has no method with @Tool; give the objects that it holds one by one"
                            : "has no method with @Tool; put dev.langchain4j.agent.tool.Tool on those that the model may"
                                    + " call");
        }
        return plans;
    }

    private void refuseSameTools(String where, String name, Method method) {
        String types = Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", ", "(", ")"));
        String before = methodsByTool.putIfAbsent(name, where + types);
        if (before != null) {
            throw Fault.at(
                    where,
                    "there are two tools named \"" + name + "\", " + before + " and " + where + types
                            + "; give one of them another name with @Tool(name = …)");
        }
    }

    /** An overridden method counts once, as the class nearest to the object has it. */
    private List<Method> methods(Class<?> type) {
        Map<String, Method> bySignature = new LinkedHashMap<>();
        collect(mapper.constructType(type), type, bySignature);
        return bySignature.values().stream()
                .sorted(Comparator.comparing(Method::getName))
                .toList();
    }

    private void collect(JavaType tools, Class<?> type, Map<String, Method> bySignature) {
        for (Method method : type.getDeclaredMethods()) {
            if (method.isAnnotationPresent(Tool.class) && !method.isBridge()) {
                // What overrides the method of a generic type has the type variables' values in their place.
                TypeBindings bindings = tools.findSuperType(type).getBindings();
                String signature = method.getName()
                        + Arrays.stream(method.getGenericParameterTypes())
                                .map(each -> mapper.getTypeFactory().resolveMemberType(each, bindings))
                                .map(JavaType::getRawClass)
                                .toList();
                bySignature.putIfAbsent(signature, method);
            }
        }
        if (type.getSuperclass() != null) {
            collect(tools, type.getSuperclass(), bySignature);
        }
        for (Class<?> each : type.getInterfaces()) {
            collect(tools, each, bySignature);
        }
    }

    private ToolPlan plan(String where, Object toolObject, Method method, Signatures signatures, ShapeReader shapes) {
        Tool tool = method.getAnnotation(Tool.class);
        String name = tool.name().isEmpty() ? method.getName() : tool.name();
        if (!NAME.matcher(name).matches()) {
            throw Fault.at(
                    where,
                    "the tool's name \"" + name + "\" must be 1 to 64 letters, digits, _ or -; set @Tool(name = …)");
        }
        if (Modifier.isStatic(method.getModifiers()) && Signatures.asksForConstraints(method)) {
            throw Fault.at(
                    where,
                    "Jakarta Validation leaves static methods out, so that the constraints on its parameters would neither"
                            + " be told nor hold; take static away");
        }
        method.setAccessible(true);
        TypeBindings bindings = mapper.constructType(toolObject.getClass())
                .findSuperType(method.getDeclaringClass())
                .getBindings();
        List<Member> members = new ArrayList<>();
        Parameter[] declared = method.getParameters();
        ToolPlan.Parameter[] parameters = new ToolPlan.Parameter[declared.length];
        for (int i = 0; i < declared.length; i++) {
            Function<ToolContext, Object> injected = Injected.of(where, declared[i]);
            if (injected != null) {
                parameters[i] = new ToolPlan.Parameter(-1, injected);
                continue;
            }
            parameters[i] = new ToolPlan.Parameter(members.size(), null);
            members.add(member(where, method, i, bindings, signatures, shapes));
        }
        refuseSameNames(where, members);
        boolean constrained = signatures.constrains(method);
        if (constrained || members.stream().anyMatch(each -> each.fallback() != null)) {
            @Nullable
            Member[] ofParameters = Arrays.stream(parameters)
                    .map(each -> each.member() < 0 ? null : members.get(each.member()))
                    .toArray(Member[]::new);
            signatures.trial().parameters(where, toolObject, method, ofParameters);
        }
        String description = String.join("\n", tool.value());
        return new ToolPlan(
                new ToolPlan.Identity(
                        name,
                        description,
                        policy(where, method),
                        SensitiveResults.paths(
                                mapper,
                                method,
                                mapper.getTypeFactory().resolveMemberType(method.getGenericReturnType(), bindings))),
                toolObject,
                method,
                new Members(members, OtherNames.Untaken.REFUSED, null, signatures.ofWhole(method)),
                parameters,
                constrained,
                json,
                results);
    }

    private Member member(
            String method, Method java, int index, TypeBindings bindings, Signatures signatures, ShapeReader shapes) {
        Parameter parameter = java.getParameters()[index];
        P p = parameter.getAnnotation(P.class);
        if ((p == null || p.name().isEmpty()) && !parameter.isNamePresent()) {
            throw Fault.at(
                    method + ", parameter " + (index + 1),
                    "its name is not in the class file; compile with -parameters, or give it @P(name = …)");
        }
        String name = p == null || p.name().isEmpty() ? parameter.getName() : p.name();
        String where = method + ", parameter \"" + name + "\"";
        if (parameter.isAnnotationPresent(JsonDeserialize.class)) {
            throw Fault.at(
                    where, "@JsonDeserialize is for types and their members; take it away, and convert in the method");
        }
        JavaType type = mapper.getTypeFactory().resolveMemberType(parameter.getParameterizedType(), bindings);
        List<Parameter> elements = List.of(parameter);
        Rules rules = signatures.ofParameter(java, index);
        Slot usual = shapes.slot(new Place(
                where,
                type,
                parameter.getAnnotatedType(),
                rules,
                signatures.live(where, elements),
                Signatures.spoken(elements)));
        Slot slot = TimeForms.of(where, usual, Signatures.find(JsonFormat.class, elements));
        boolean marked = Place.markedNullable(parameter.getAnnotations());
        boolean optional = (slot.nullable() || marked || (p != null && !p.required())) && !rules.refuseNull();
        JsonNode fallback = Fallback.of(where, slot, Signatures.defaultOf(p));
        if (optional && parameter.getType().isPrimitive() && fallback == null) {
            throw Fault.at(where, "a primitive cannot be absent; use its wrapper, or give it a default");
        }
        return new Member(
                name,
                parameter.getName(),
                optional && !slot.nullable() && !parameter.getType().isPrimitive() ? slot.orNull() : slot,
                Signatures.description(elements),
                !optional && fallback == null,
                fallback,
                Signatures.sensitive(elements));
    }

    private static void refuseSameNames(String where, List<Member> members) {
        for (int i = 0; i < members.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (members.get(i).name().equals(members.get(j).name())) {
                    throw Fault.at(
                            where,
                            "two parameters are named \"" + members.get(i).name()
                                    + "\"; give one of them another name with @P(name = …)");
                }
            }
        }
    }

    private RunPolicy policy(String where, Method method) {
        ToolPolicy policy = method.getAnnotation(ToolPolicy.class);
        ReturnBehavior returns = method.getAnnotation(Tool.class).returnBehavior();
        return policy == null
                ? RunPolicy.usual(timeout, returns)
                : new RunPolicy(
                        policy.timeout().isEmpty() ? timeout : Durations.parse(where, policy.timeout()),
                        policy.onInterrupt() == ToolPolicy.OnInterrupt.CANCEL,
                        policy.serial(),
                        policy.approval(),
                        policy.speakProgress(),
                        returns,
                        limit(where, policy));
    }

    private static OutputLimit limit(String where, ToolPolicy policy) {
        if (policy.resultLimit() < 1024) {
            throw Fault.at(where, "the limit of results must be 1024 bytes at least, not " + policy.resultLimit());
        }
        if (policy.resultLimit() > OutputLimit.MOST_BYTES) {
            throw Fault.at(
                    where,
                    "the limit of results must be " + OutputLimit.MOST_BYTES + " bytes (16 MiB) at most, not "
                            + policy.resultLimit() + ": no provider takes so long an event");
        }
        return new OutputLimit(policy.resultLimit(), policy.onLargeResult() == ToolPolicy.OnLargeResult.SHORTEN);
    }
}
