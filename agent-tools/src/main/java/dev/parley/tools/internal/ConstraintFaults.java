package dev.parley.tools.internal;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.validation.metadata.ConstraintDescriptor;
import java.lang.annotation.Annotation;
import java.util.Collection;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with the parameters of Jakarta's own constraints. A validator finds it at the first value, and for what
 * stands inside of a container only if the container holds one. Stateless.
 */
final class ConstraintFaults {
    private ConstraintFaults() {}

    /** The first fault, composing constraints' among them, with its mend; null if there is none. */
    static @Nullable String first(Collection<? extends ConstraintDescriptor<?>> constraints) {
        for (ConstraintDescriptor<?> each : constraints) {
            String fault = of(each.getAnnotation());
            if (fault == null) {
                fault = first(each.getComposingConstraints());
            }
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }

    private static @Nullable String of(Annotation annotation) {
        if (annotation instanceof Size size) {
            return size.min() < 0 || size.max() < size.min()
                    ? "@Size(min = " + size.min() + ", max = " + size.max()
                            + ") holds for nothing; let min be 0 at least, and max no less than min"
                    : null;
        }
        if (annotation instanceof Digits digits) {
            return digits.integer() < 0 || digits.fraction() < 0
                    ? "@Digits(integer = " + digits.integer() + ", fraction = " + digits.fraction()
                            + ") holds for nothing; let both be 0 at least"
                    : null;
        }
        if (annotation instanceof DecimalMin min) {
            return decimal("@DecimalMin", min.value());
        }
        if (annotation instanceof DecimalMax max) {
            return decimal("@DecimalMax", max.value());
        }
        if (annotation instanceof Pattern pattern) {
            return regexp("@Pattern", pattern.regexp(), pattern.flags());
        }
        return annotation instanceof Email email ? regexp("@Email", email.regexp(), email.flags()) : null;
    }

    private static @Nullable String decimal(String constraint, String value) {
        try {
            new java.math.BigDecimal(value);
            return null;
        } catch (NumberFormatException e) {
            return constraint + "(\"" + value + "\") is no number; write it as 0.5";
        }
    }

    /** With its flags: in one with comments, what stands in a comment need be no expression. */
    private static @Nullable String regexp(String constraint, String regexp, Pattern.Flag[] flags) {
        int all = 0;
        for (Pattern.Flag each : flags) {
            all |= each.getValue();
        }
        try {
            java.util.regex.Pattern.compile(regexp, all);
            return null;
        } catch (PatternSyntaxException e) {
            return constraint + "(regexp = \"" + regexp + "\") is no regular expression: " + e.getDescription()
                    + " near character " + (e.getIndex() + 1);
        }
    }
}
