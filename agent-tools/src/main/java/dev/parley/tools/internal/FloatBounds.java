package dev.parley.tools.internal;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.metadata.ConstraintDescriptor;
import java.lang.annotation.Annotation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code @DecimalMin} and {@code @DecimalMax} on floats. The model is told 0.1, and means the number that it writes; Hibernate
 * Validator compares the float as a double, which is 0.10000000149011612. So 0.1 passes here where the schema permits it,
 * although the validator refuses it, and the other way round. Immutable.
 */
final class FloatBounds {
    private final List<Bound> bounds;

    private FloatBounds(List<Bound> bounds) {
        this.bounds = List.copyOf(bounds);
    }

    /** The bounds among the constraints, composing ones among them; null if there are none. */
    static @Nullable FloatBounds of(Collection<? extends ConstraintDescriptor<?>> constraints) {
        List<Bound> bounds = new ArrayList<>();
        collect(constraints, bounds);
        return bounds.isEmpty() ? null : new FloatBounds(bounds);
    }

    private static void collect(Collection<? extends ConstraintDescriptor<?>> constraints, List<Bound> bounds) {
        for (ConstraintDescriptor<?> each : constraints) {
            Annotation annotation = each.getAnnotation();
            Bound bound = Bound.of(annotation);
            if (bound != null) {
                bounds.add(bound);
            } else if (!Rules.isAlternative(annotation)) {
                collect(each.getComposingConstraints(), bounds);
            }
        }
    }

    /** What is wrong with a float that the validator passes; null if nothing is. */
    @Nullable
    String problem(Float value) {
        for (Bound bound : bounds) {
            if (!bound.holds(written(value)) && bound.holds(BigDecimal.valueOf((double) value))) {
                return bound.words;
            }
        }
        return null;
    }

    /** Whether what a validator refused holds for the number as it is written. */
    static boolean holds(Annotation refused, @Nullable Object value) {
        Bound bound = value instanceof Float ? Bound.of(refused) : null;
        return bound != null && value instanceof Float one && bound.holds(written(one));
    }

    private static BigDecimal written(Float value) {
        return new BigDecimal(value.toString());
    }

    /**
     * One bound, read once: annotations are proxies, which a call should not ask.
     *
     * @param words what is told of a value beyond it
     */
    private record Bound(BigDecimal limit, boolean lower, boolean inclusive, String words) {

        /** Null if the constraint is no bound. */
        static @Nullable Bound of(Annotation annotation) {
            if (annotation instanceof DecimalMin min) {
                String usual = "must be greater than " + (min.inclusive() ? "or equal to " : "") + min.value();
                return new Bound(new BigDecimal(min.value()), true, min.inclusive(), words(min.message(), usual));
            }
            if (annotation instanceof DecimalMax max) {
                String usual = "must be less than " + (max.inclusive() ? "or equal to " : "") + max.value();
                return new Bound(new BigDecimal(max.value()), false, max.inclusive(), words(max.message(), usual));
            }
            return null;
        }

        /** As Jakarta's own sentences, or the application's if they are plain. */
        private static String words(String message, String usual) {
            return message.contains("{") ? usual : message;
        }

        boolean holds(BigDecimal value) {
            int order = lower ? value.compareTo(limit) : limit.compareTo(value);
            return inclusive ? order >= 0 : order > 0;
        }
    }
}
