package dev.parley.tools.internal;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.ClassUtil;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.metadata.ConstraintDescriptor;
import jakarta.validation.metadata.ValidateUnwrappedValue;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Which types a constraint can be put on. A validator finds a constraint on a type that it does not support only when the
 * value comes; a tool must fail before that. Stateless.
 */
final class SupportedTypes {
    private SupportedTypes() {}

    /** The first constraint, composing ones among them, that has validators and none for the type; null if there is none. */
    static @Nullable ConstraintDescriptor<?> unsupported(List<? extends ConstraintDescriptor<?>> all, Class<?> type) {
        for (ConstraintDescriptor<?> each : all) {
            if (each.getValueUnwrapping() != ValidateUnwrappedValue.DEFAULT) {
                continue; // put on what a container of the application's holds
            }
            if (!supports(each, boxed(type))) {
                return each;
            }
            ConstraintDescriptor<?> part = unsupported(List.copyOf(each.getComposingConstraints()), type);
            if (part != null) {
                return part;
            }
        }
        return null;
    }

    private static boolean supports(ConstraintDescriptor<?> constraint, Class<?> type) {
        List<Class<?>> supported = new ArrayList<>();
        for (Class<?> validator : constraint.getConstraintValidatorClasses()) {
            JavaType[] parameters = TypeFactory.defaultInstance()
                    .findTypeParameters(
                            TypeFactory.defaultInstance().constructType(validator), ConstraintValidator.class);
            supported.add(parameters[1].getRawClass());
        }
        return supported.isEmpty() || supported.stream().anyMatch(each -> each.isAssignableFrom(type));
    }

    private static Class<?> boxed(Class<?> type) {
        if (type == OptionalInt.class) {
            return Integer.class;
        }
        if (type == OptionalLong.class) {
            return Long.class;
        }
        if (type == OptionalDouble.class) {
            return Double.class;
        }
        return type.isPrimitive() ? ClassUtil.wrapperType(type) : type;
    }
}
