package dev.parley.tools.internal;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.model.output.structured.Description;
import dev.parley.tools.Sensitive;
import dev.parley.tools.Spoken;
import dev.parley.tools.ValuesFrom;
import jakarta.validation.Constraint;
import jakarta.validation.Validator;
import jakarta.validation.metadata.BeanDescriptor;
import jakarta.validation.metadata.MethodDescriptor;
import jakarta.validation.metadata.ParameterDescriptor;
import jakarta.validation.metadata.PropertyDescriptor;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What annotations say of the places in one tool object's signatures. Used at registration alone. */
final class Signatures {
    private final Object toolObject;
    private final Validator validator;
    private final Class<?>[] groups;
    private final Trial trial;

    Signatures(Object toolObject, Validator validator, Class<?>[] groups) {
        this.toolObject = toolObject;
        this.validator = validator;
        this.groups = groups.clone();
        this.trial = new Trial(validator, groups);
    }

    /** Tries the constraints that are read here. */
    Trial trial() {
        return trial;
    }

    private @Nullable MethodDescriptor descriptor(Method method) {
        return validator
                .getConstraintsForClass(method.getDeclaringClass())
                .getConstraintsForMethod(method.getName(), method.getParameterTypes());
    }

    /** Whether the validator has anything to do with a method's parameters themselves. */
    boolean constrains(Method method) {
        MethodDescriptor descriptor = descriptor(method);
        // hasConstrainedParameters() says no where only values inside a container are constrained.
        return descriptor != null
                && (descriptor.hasConstrainedParameters()
                        || !descriptor
                                .getCrossParameterDescriptor()
                                .getConstraintDescriptors()
                                .isEmpty()
                        || descriptor.getParameterDescriptors().stream().anyMatch(Signatures::constrained));
    }

    /** Whether a constraint is written at a method, its parameters, or the values in their containers. */
    static boolean asksForConstraints(Method method) {
        return asks(method.getAnnotations())
                || Arrays.stream(method.getParameterAnnotations()).anyMatch(Signatures::asks)
                || Arrays.stream(method.getAnnotatedParameterTypes()).anyMatch(Signatures::asksInside);
    }

    private static boolean asksInside(AnnotatedType type) {
        if (asks(type.getAnnotations())) {
            return true;
        }
        if (type instanceof AnnotatedParameterizedType parameterized) {
            return Arrays.stream(parameterized.getAnnotatedActualTypeArguments())
                    .anyMatch(Signatures::asksInside);
        }
        return type instanceof AnnotatedArrayType array && asksInside(array.getAnnotatedGenericComponentType());
    }

    private static boolean asks(Annotation[] annotations) {
        return Arrays.stream(annotations).anyMatch(Signatures::isConstraint);
    }

    /** One constraint, or the container of several of one kind. */
    private static boolean isConstraint(Annotation annotation) {
        Class<? extends Annotation> type = annotation.annotationType();
        Class<?> outer = type.getEnclosingClass();
        return type.isAnnotationPresent(Constraint.class)
                || (outer != null && outer.isAnnotationPresent(Constraint.class));
    }

    boolean constrains(Class<?> bean) {
        BeanDescriptor descriptor = validator.getConstraintsForClass(bean);
        return descriptor.isBeanConstrained()
                || !descriptor.getConstrainedProperties().isEmpty();
    }

    private static boolean constrained(ParameterDescriptor parameter) {
        return parameter.hasConstraints()
                || !parameter.getConstrainedContainerElementTypes().isEmpty();
    }

    Rules ofParameter(Method method, int index) {
        MethodDescriptor descriptor = descriptor(method);
        if (descriptor == null) {
            return Rules.NONE;
        }
        ParameterDescriptor parameter = descriptor.getParameterDescriptors().get(index);
        return Rules.of(parameter, parameter.getConstrainedContainerElementTypes(), groups);
    }

    Rules ofProperty(Class<?> bean, String property) {
        PropertyDescriptor descriptor = validator.getConstraintsForClass(bean).getConstraintsForProperty(property);
        return descriptor == null
                ? Rules.NONE
                : Rules.of(descriptor, descriptor.getConstrainedContainerElementTypes(), groups);
    }

    /**
     * The words of constraints of a whole bean.
     *
     * @param placed as in {@link WholeRules}
     */
    String ofWhole(Class<?> bean, Set<String> placed) {
        return WholeRules.words(validator.getConstraintsForClass(bean), placed, groups);
    }

    /** The words of constraints on a method's parameters together. */
    String ofWhole(Method method) {
        MethodDescriptor descriptor = descriptor(method);
        return descriptor == null ? "" : WholeRules.words(descriptor, groups);
    }

    /** The source of live values that one of the elements names, or null. */
    @Nullable
    LiveValues live(String where, List<? extends AnnotatedElement> elements) {
        ValuesFrom named = find(ValuesFrom.class, elements);
        if (named == null) {
            return null;
        }
        for (Class<?> type = toolObject.getClass(); type != null; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                if (method.getName().equals(named.value()) && LiveValues.fits(method)) {
                    method.setAccessible(true);
                    return new LiveValues(toolObject, method);
                }
            }
        }
        throw Fault.at(
                where,
                "@ValuesFrom(\"" + named.value() + "\") names no method of "
                        + toolObject.getClass().getSimpleName()
                        + " without parameters that returns a collection, an array or a stream");
    }

    static boolean spoken(List<? extends AnnotatedElement> elements) {
        return find(Spoken.class, elements) != null;
    }

    static boolean sensitive(List<? extends AnnotatedElement> elements) {
        return find(Sensitive.class, elements) != null;
    }

    /** What is said of a type itself, wherever it stands; empty if nothing. */
    static String description(Class<?> type) {
        String said = description(List.of(type));
        JsonClassDescription ofJackson = type.getAnnotation(JsonClassDescription.class);
        return said.isEmpty() && ofJackson != null ? ofJackson.value() : said;
    }

    /** The description that LangChain4j's annotations give, or Jackson's; empty if none. */
    static String description(List<? extends AnnotatedElement> elements) {
        P p = find(P.class, elements);
        if (p != null && !said(p).isEmpty()) {
            return said(p);
        }
        Description description = find(Description.class, elements);
        if (description != null) {
            return String.join(" ", description.value());
        }
        JsonPropertyDescription ofJackson = find(JsonPropertyDescription.class, elements);
        return ofJackson == null ? "" : ofJackson.value();
    }

    /** The default that is given to the model's parameter; null if none is. */
    static @Nullable String defaultOf(@Nullable P p) {
        return p == null || p.defaultValue().equals(P.NO_DEFAULT) ? null : p.defaultValue();
    }

    private static String said(P p) {
        return p.value().isEmpty() ? p.description() : p.value();
    }

    static <A extends Annotation> @Nullable A find(Class<A> type, List<? extends AnnotatedElement> elements) {
        for (AnnotatedElement element : elements) {
            A found = element.getAnnotation(type);
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}
