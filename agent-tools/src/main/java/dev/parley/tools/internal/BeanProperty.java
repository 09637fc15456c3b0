package dev.parley.tools.internal;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.PropertyMetadata;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.util.NameTransformer;
import org.jspecify.annotations.Nullable;

/**
 * What Jackson gives to a bean or to its builder: a parameter of the creator, a field, or a setter's. Immutable.
 *
 * @param name in JSON
 * @param kind where its value comes from
 * @param unwrapping changes the names of what stands in its place, if it is {@link Kind#UNWRAPPED}
 */
record BeanProperty(
        String name,
        JavaType type,
        AnnotatedMember member,
        PropertyMetadata metadata,
        Kind kind,
        @Nullable NameTransformer unwrapping) {

    enum Kind {
        /** One member of the JSON object. */
        NAMED,
        /** Members of the object that another bean's members are, {@code @JsonUnwrapped}. */
        UNWRAPPED,
        /** Every member that has no other place, {@code @JsonAnySetter}. */
        OTHERS
    }
}
