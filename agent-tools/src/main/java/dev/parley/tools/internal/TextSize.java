package dev.parley.tools.internal;

import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Size;
import jakarta.validation.metadata.ConstraintDescriptor;
import java.lang.annotation.Annotation;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * {@code @Size} on texts. JSON Schema counts code points, Jakarta Validation UTF-16 units, in which a character beyond the
 * basic plane (an emoji) is two. What the model is told must hold, so code points count here: a text that has too few is
 * refused although the validator passes it, and one that has few enough is passed although the validator does not.
 *
 * <p>The empty text is no address of RFC 5321, which is what {@code format: email} says; Hibernate Validator's
 * {@code @Email} passes it.
 *
 * @param least code points
 * @param emptyPassesValidator whether the validator has nothing against the empty text
 * @param problem what is told of a text that has fewer
 */
record TextSize(int least, boolean emptyPassesValidator, String problem) {

    /** The strictest of the constraints, composing ones among them; null if all take the empty text. */
    static @Nullable TextSize of(Collection<? extends ConstraintDescriptor<?>> constraints) {
        TextSize strictest = null;
        for (ConstraintDescriptor<?> each : constraints) {
            TextSize size = one(each);
            if (size != null) {
                strictest = strictest == null ? size : strictest.and(size);
            }
        }
        return strictest;
    }

    private static @Nullable TextSize one(ConstraintDescriptor<?> constraint) {
        Annotation annotation = constraint.getAnnotation();
        if (annotation instanceof Size size && size.min() > 0) {
            return new TextSize(size.min(), false, problem(size));
        }
        if (annotation instanceof Email email) {
            return new TextSize(1, true, problem(email));
        }
        return Rules.isAlternative(annotation) ? null : of(constraint.getComposingConstraints());
    }

    private TextSize and(TextSize other) {
        TextSize stricter = other.least > least ? other : this;
        return new TextSize(stricter.least, emptyPassesValidator && other.emptyPassesValidator, stricter.problem);
    }

    /** A text that the validator will find too short is left to it. */
    boolean passes(String text) {
        return text.isEmpty()
                ? !emptyPassesValidator
                : text.length() < least || text.codePointCount(0, text.length()) >= least;
    }

    /** Whether what a validator refused holds when code points are counted. */
    static boolean holds(Annotation refused, @Nullable Object value) {
        if (refused instanceof Size size && value instanceof CharSequence text) {
            int count = Character.codePointCount(text, 0, text.length());
            return size.min() <= count && count <= size.max();
        }
        return false;
    }

    /** As Jakarta's own sentence, or the application's if it is plain. */
    private static String problem(Size size) {
        return size.message().contains("{")
                ? "size must be between " + size.min() + " and " + size.max()
                : size.message();
    }

    private static String problem(Email email) {
        return email.message().contains("{") ? "must be a well-formed email address" : email.message();
    }
}
