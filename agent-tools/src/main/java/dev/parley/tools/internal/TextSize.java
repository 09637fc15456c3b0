package dev.parley.tools.internal;

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
 * @param least code points
 * @param problem what is told of a text that has fewer
 */
record TextSize(int least, String problem) {

    /** The strictest of the constraints, composing ones among them; null if all take the empty text. */
    static @Nullable TextSize of(Collection<? extends ConstraintDescriptor<?>> constraints) {
        TextSize strictest = null;
        for (ConstraintDescriptor<?> each : constraints) {
            TextSize size = each.getAnnotation() instanceof Size one && one.min() > 0
                    ? new TextSize(one.min(), problem(one))
                    : Rules.isAlternative(each.getAnnotation()) ? null : of(each.getComposingConstraints());
            strictest = size != null && (strictest == null || size.least > strictest.least) ? size : strictest;
        }
        return strictest;
    }

    /** A text that is too short in UTF-16 units already is left to the validator. */
    boolean passes(String text) {
        return text.length() < least || text.codePointCount(0, text.length()) >= least;
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
}
