package dev.parley.tools.internal;

import com.fasterxml.jackson.databind.JavaType;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import org.jspecify.annotations.Nullable;

/**
 * Where a type stands in a signature, with what is said of it there.
 *
 * @param where for faults: {@code ClinicTools.book, parameter "date"}
 * @param annotated the type with its annotations, where reflection gives them
 */
record Place(
        String where,
        JavaType type,
        @Nullable AnnotatedType annotated,
        Rules rules,
        @Nullable LiveValues live,
        boolean spoken) {

    /** The place of a container's values. What is said of live values and speech is about them. */
    Place element(int typeArgument) {
        JavaType inner = inner(typeArgument);
        Rules ofInner = rules.element(typeArgument, inner.getRawClass());
        return new Place(where, inner, innerAnnotated(typeArgument), ofInner, live, spoken);
    }

    /** The place of a map's keys. */
    Place key() {
        JavaType key = type.getKeyType();
        return new Place(where, key, innerAnnotated(0), rules.element(0, key.getRawClass()), null, false);
    }

    private JavaType inner(int typeArgument) {
        if (type.isMapLikeType() || type.isCollectionLikeType() || type.isArrayType() || type.isReferenceType()) {
            return type.getContentType();
        }
        return type.containedTypeOrUnknown(typeArgument);
    }

    private @Nullable AnnotatedType innerAnnotated(int typeArgument) {
        if (annotated instanceof AnnotatedArrayType array) {
            return array.getAnnotatedGenericComponentType();
        }
        if (annotated instanceof AnnotatedParameterizedType parameterized) {
            AnnotatedType[] arguments = parameterized.getAnnotatedActualTypeArguments();
            return typeArgument < arguments.length ? arguments[typeArgument] : null;
        }
        return null;
    }

    /** The same place, seen as one of the type's variants. */
    Place as(JavaType variant) {
        return new Place(where, variant, null, Rules.NONE, null, false);
    }

    /** Whether the type is marked {@code @Nullable}, of JSpecify or any other house. */
    boolean markedNullable() {
        return annotated != null && markedNullable(annotated.getAnnotations());
    }

    static boolean markedNullable(Annotation[] annotations) {
        for (Annotation annotation : annotations) {
            if (annotation.annotationType().getSimpleName().equals("Nullable")) {
                return true;
            }
        }
        return false;
    }
}
