package dev.parley.tools.internal;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.validation.Validator;
import jakarta.validation.constraints.Future;
import jakarta.validation.constraints.FutureOrPresent;
import jakarta.validation.constraints.Past;
import jakarta.validation.constraints.PastOrPresent;
import jakarta.validation.metadata.ConstraintDescriptor;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Enforces constraints, with Jakarta Validation, and words what it finds for the model. Thread-safe. */
final class Checks {
    private final Validator validator;
    private final Class<?>[] groups;
    private final boolean askTheClock;

    Checks(Validator validator, Class<?>[] groups) {
        this(validator, groups, true);
    }

    private Checks(Validator validator, Class<?>[] groups, boolean askTheClock) {
        this.validator = validator;
        this.groups = groups.clone();
        this.askTheClock = askTheClock;
    }

    /** Those that are tomorrow as they are today: without {@code @Past}, {@code @Future} and their {@code OrPresent}. */
    Checks withoutClock() {
        return new Checks(validator, groups, false);
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
                if (properties(violation.getPropertyPath()) == 0 && counts(violation)) {
                    found.add(
                            new Violation(argument(violation.getPropertyPath(), members, reading), problem(violation)));
                }
            }
        }
        beans(reading, found);
        tell(found, members, reading);
    }

    /** Tells {@code reading} which constraints a value breaks as a property of a bean that is not there. */
    <T> void property(Class<T> bean, String javaName, @Nullable Object value, Reading reading) {
        List<Violation> found = new ArrayList<>();
        for (ConstraintViolation<T> violation : validator.validateValue(bean, javaName, value, groups)) {
            if (counts(violation)) {
                found.add(new Violation(javaName, problem(violation)));
            }
        }
        tell(found, new @Nullable Member[0], reading);
    }

    /** Tells {@code reading} which constraints the beans that it read break. */
    void beans(Reading reading) {
        List<Violation> found = new ArrayList<>();
        beans(reading, found);
        tell(found, new @Nullable Member[0], reading);
    }

    private void beans(Reading reading, List<Violation> found) {
        // In depth whether or not @Valid says so: a constraint on a member is meant wherever the bean comes from. What
        // @Valid finds below is found here again, and is told once, by the path in JSON.
        for (Reading.ReadBean read : reading.beans()) {
            for (ConstraintViolation<Object> violation : validator.validate(read.bean(), groups)) {
                if (properties(violation.getPropertyPath()) <= 1 && counts(violation)) {
                    String below = below(violation.getPropertyPath(), read.shape(), reading);
                    found.add(new Violation(read.path() + below, problem(violation)));
                }
            }
        }
    }

    private static void tell(List<Violation> found, @Nullable Member[] members, Reading reading) {
        if (found.isEmpty()) {
            return;
        }
        found.sort(Comparator.comparingInt((Violation each) -> position(each.argument(), members))
                .thenComparing(Violation::argument)
                .thenComparing(Violation::problem));
        found.forEach(each -> reading.problem(each.argument(), each.problem()));
    }

    private boolean counts(ConstraintViolation<?> violation) {
        Annotation refused = violation.getConstraintDescriptor().getAnnotation();
        return !TextSize.holds(refused, violation.getInvalidValue())
                && !FloatBounds.holds(refused, violation.getInvalidValue())
                && (askTheClock || !asksTheClock(violation.getConstraintDescriptor()));
    }

    /** A composed constraint may be told as one, so what it is composed of counts too. */
    private static boolean asksTheClock(ConstraintDescriptor<?> constraint) {
        Annotation annotation = constraint.getAnnotation();
        return annotation instanceof Past
                || annotation instanceof PastOrPresent
                || annotation instanceof Future
                || annotation instanceof FutureOrPresent
                || constraint.getComposingConstraints().stream().anyMatch(Checks::asksTheClock);
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

    private static int properties(Path path) {
        int count = 0;
        for (Path.Node node : path) {
            count += node.getKind() == ElementKind.PROPERTY ? 1 : 0;
        }
        return count;
    }

    /** The path of a violation of a parameter itself, or of a value in its containers. */
    private static String argument(Path path, @Nullable Member[] members, Reading reading) {
        StringBuilder text = new StringBuilder();
        for (Path.Node node : path) {
            appendPosition(node, text, reading);
            if (node.getKind() == ElementKind.PARAMETER) {
                Member member = members[node.as(Path.ParameterNode.class).getParameterIndex()];
                text.append(member == null ? node.getName() : member.name());
            } else if (node.getKind() == ElementKind.CROSS_PARAMETER) {
                text.append("arguments");
            }
        }
        return text.toString();
    }

    /** The path of a violation below a bean. A derived property, which JSON has not, is told at the bean. */
    private static String below(Path path, Validated bean, Reading reading) {
        StringBuilder text = new StringBuilder();
        for (Path.Node node : path) {
            appendPosition(node, text, reading);
            String name = node.getKind() == ElementKind.PROPERTY ? bean.jsonNameOf(node.getName()) : null;
            if (name != null) {
                text.append('.').append(name);
            }
        }
        return text.toString();
    }

    private static void appendPosition(Path.Node node, StringBuilder text, Reading reading) {
        if (node.getIndex() != null) {
            text.append('[').append(node.getIndex()).append(']');
        } else if (node.getKey() != null) {
            text.append('.').append(reading.nameOf(node.getKey()));
        }
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
