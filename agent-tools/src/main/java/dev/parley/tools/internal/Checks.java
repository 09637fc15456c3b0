package dev.parley.tools.internal;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.validation.Validator;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Enforces constraints, with Jakarta Validation, and words what it finds for the model. Thread-safe. */
final class Checks {
    private final Validator validator;
    private final Class<?>[] groups;

    Checks(Validator validator, Class<?>[] groups) {
        this.validator = validator;
        this.groups = groups.clone();
    }

    /**
     * Tells {@code reading} which constraints are broken: of the parameters in their order, and below a parameter by path,
     * since the validator gives its findings in no order.
     */
    void parameters(
            Object target, Method method, @Nullable Object[] arguments, @Nullable Member[] members, Reading reading) {
        List<Violation> found = new ArrayList<>();
        if (!Modifier.isStatic(method.getModifiers())) {
            for (ConstraintViolation<Object> violation :
                    validator.forExecutables().validateParameters(target, method, arguments, groups)) {
                found.add(new Violation(argument(violation.getPropertyPath(), members), problem(violation)));
            }
        }
        // In depth whether or not @Valid says so: a constraint on a member is meant wherever the bean comes from.
        for (Reading.ReadBean read : reading.beans()) {
            if (validator.getConstraintsForClass(read.shape().type()).isBeanConstrained()) {
                for (ConstraintViolation<Object> violation : validator.validate(read.bean(), groups)) {
                    String below = below(violation.getPropertyPath().iterator(), read.shape());
                    String path = below.isEmpty() ? read.path() : read.path() + "." + below;
                    found.add(new Violation(path, problem(violation)));
                }
            }
        }
        found.sort(Comparator.comparingInt((Violation each) -> position(each.argument(), members))
                .thenComparing(Violation::argument)
                .thenComparing(Violation::problem));
        found.forEach(each -> reading.problem(each.argument(), each.problem()));
    }

    private static int position(String path, @Nullable Member[] members) {
        for (int i = 0; i < members.length; i++) {
            Member member = members[i];
            if (member != null
                    && path.startsWith(member.name())
                    && (path.length() == member.name().length()
                            || ".[".indexOf(path.charAt(member.name().length())) >= 0)) {
                return i;
            }
        }
        return members.length;
    }

    private static String argument(Path path, @Nullable Member[] members) {
        var nodes = path.iterator();
        while (nodes.hasNext()) {
            Path.Node node = nodes.next();
            if (node.getKind() == ElementKind.PARAMETER) {
                Member member = members[node.as(Path.ParameterNode.class).getParameterIndex()];
                if (member == null) {
                    return node.getName();
                }
                String below = below(nodes, member.slot().bean());
                String dot = below.isEmpty() || below.startsWith("[") ? "" : ".";
                return member.name() + dot + below;
            }
            if (node.getKind() == ElementKind.CROSS_PARAMETER) {
                return "arguments";
            }
        }
        return path.toString();
    }

    /** The rest of a path in JSON's names, from a bean (or from a container of beans) down. */
    private static String below(Iterator<Path.Node> nodes, @Nullable BeanShape from) {
        StringBuilder text = new StringBuilder();
        BeanShape bean = from;
        while (nodes.hasNext()) {
            Path.Node node = nodes.next();
            if (node.getIndex() != null) {
                text.append('[').append(node.getIndex()).append(']');
            } else if (node.getKey() != null) {
                text.append(text.isEmpty() ? "" : ".").append(node.getKey());
            }
            if (node.getKind() == ElementKind.PROPERTY) {
                Member member = bean == null ? null : member(bean.members().all(), node.getName());
                text.append(text.isEmpty() ? "" : ".").append(member == null ? node.getName() : member.name());
                bean = member == null ? null : member.slot().bean();
            }
        }
        return text.toString();
    }

    private static @Nullable Member member(List<Member> members, String javaName) {
        for (Member member : members) {
            if (member.javaName().equals(javaName)) {
                return member;
            }
        }
        return null;
    }

    /** Jakarta's own sentences are kept, but for time, where "today" says more to a model than "the present". */
    private static String problem(ConstraintViolation<?> violation) {
        Class<?> constraint =
                violation.getConstraintDescriptor().getAnnotation().annotationType();
        String untouched = "{" + constraint.getName() + ".message}";
        Object value = violation.getInvalidValue();
        if (value != null && violation.getMessageTemplate().equals(untouched)) {
            String words = Words.time(constraint.getSimpleName(), value.getClass());
            if (words != null) {
                return words;
            }
        }
        return violation.getMessage();
    }
}
