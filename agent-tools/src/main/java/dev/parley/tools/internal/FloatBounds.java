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
    private final List<Annotation> bounds;

    private FloatBounds(List<Annotation> bounds) {
        this.bounds = bounds;
    }

    /** The bounds among the constraints, composing ones among them; null if there are none. */
    static @Nullable FloatBounds of(Collection<? extends ConstraintDescriptor<?>> constraints) {
        List<Annotation> bounds = new ArrayList<>();
        collect(constraints, bounds);
        return bounds.isEmpty() ? null : new FloatBounds(bounds);
    }

    private static void collect(Collection<? extends ConstraintDescriptor<?>> constraints, List<Annotation> bounds) {
        for (ConstraintDescriptor<?> each : constraints) {
            Annotation annotation = each.getAnnotation();
            if (annotation instanceof DecimalMin || annotation instanceof DecimalMax) {
                bounds.add(annotation);
            } else if (!Rules.isAlternative(annotation)) {
                collect(each.getComposingConstraints(), bounds);
            }
        }
    }

    /** What is wrong with a float that the validator passes; null if nothing is. */
    @Nullable
    String problem(Float value) {
        for (Annotation bound : bounds) {
            if (!holds(bound, written(value)) && holds(bound, BigDecimal.valueOf((double) value))) {
                return words(bound);
            }
        }
        return null;
    }

    /** Whether what a validator refused holds for the number as it is written. */
    static boolean holds(Annotation refused, @Nullable Object value) {
        return value instanceof Float one
                && (refused instanceof DecimalMin || refused instanceof DecimalMax)
                && holds(refused, written(one));
    }

    private static BigDecimal written(Float value) {
        return new BigDecimal(value.toString());
    }

    private static boolean holds(Annotation bound, BigDecimal value) {
        if (bound instanceof DecimalMin min) {
            int order = value.compareTo(new BigDecimal(min.value()));
            return min.inclusive() ? order >= 0 : order > 0;
        }
        DecimalMax max = (DecimalMax) bound;
        int order = value.compareTo(new BigDecimal(max.value()));
        return max.inclusive() ? order <= 0 : order < 0;
    }

    /** As Jakarta's own sentences, or the application's if they are plain. */
    private static String words(Annotation bound) {
        if (bound instanceof DecimalMin min) {
            String usual = "must be greater than " + (min.inclusive() ? "or equal to " : "") + min.value();
            return min.message().contains("{") ? usual : min.message();
        }
        DecimalMax max = (DecimalMax) bound;
        String usual = "must be less than " + (max.inclusive() ? "or equal to " : "") + max.value();
        return max.message().contains("{") ? usual : max.message();
    }
}
