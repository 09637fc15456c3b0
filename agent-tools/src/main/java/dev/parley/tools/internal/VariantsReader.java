package dev.parley.tools.internal;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedClassResolver;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.jsontype.impl.StdSubtypeResolver;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds what a polymorphic type may be: by Jackson's type information, or by what a sealed type permits. */
final class VariantsReader {
    private static final String USUAL_DISCRIMINATOR = "type";

    private final ObjectMapper mapper;

    VariantsReader(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * A polymorphic type's variants.
     *
     * @param byTag the variants by the value of the discriminator
     */
    record Family(String discriminator, Map<String, Class<?>> byTag) {}

    /** The type's variants, or null if it is one class alone. */
    @Nullable
    Family of(Place place) {
        JavaType type = place.type();
        Class<?> raw = type.getRawClass();
        DeserializationConfig config = mapper.getDeserializationConfig();
        AnnotatedClass annotated = AnnotatedClassResolver.resolve(config, type, config);
        JsonTypeInfo.Value info = config.getAnnotationIntrospector().findPolymorphicTypeInfo(config, annotated);
        if (info == null || info.getIdType() == JsonTypeInfo.Id.NONE) {
            return raw.isSealed()
                    ? new Family(USUAL_DISCRIMINATOR, permitted(place, raw, new LinkedHashMap<>()))
                    : null;
        }
        if (info.getIdType() == JsonTypeInfo.Id.CLASS || info.getIdType() == JsonTypeInfo.Id.MINIMAL_CLASS) {
            throw Fault.at(
                    place.where(),
                    raw.getSimpleName()
                            + " takes class names from outside, which is not safe; use @JsonTypeInfo(use = Id.NAME)");
        }
        if (info.getInclusionType() != JsonTypeInfo.As.PROPERTY || info.getIdType() == JsonTypeInfo.Id.DEDUCTION) {
            throw Fault.at(
                    place.where(),
                    raw.getSimpleName() + " must tell its type in a property: @JsonTypeInfo(include = As.PROPERTY)");
        }
        String discriminator =
                info.getPropertyName() == null || info.getPropertyName().isEmpty()
                        ? info.getIdType().getDefaultPropertyName()
                        : info.getPropertyName();
        Map<String, Class<?>> byTag = named(place, config, annotated);
        if (byTag.isEmpty() && raw.isSealed()) {
            permitted(place, raw, byTag);
        }
        if (byTag.isEmpty()) {
            throw Fault.at(place.where(), raw.getSimpleName() + " has no known subtypes; add @JsonSubTypes");
        }
        return new Family(discriminator, byTag);
    }

    /** All names that Jackson reads, in the order of their declaration; a class may have several. */
    private static Map<String, Class<?>> named(Place place, DeserializationConfig config, AnnotatedClass annotated) {
        Map<String, Class<?>> byTag = new LinkedHashMap<>();
        for (NamedType each : config.getSubtypeResolver().collectAndResolveSubtypesByTypeId(config, annotated)) {
            if (isTold(each)) {
                byTag.put(each.getName(), each.getType());
            }
        }
        // Of two classes of one name Jackson reads the last. The first is still there by its class.
        Collection<NamedType> annotations =
                new StdSubtypeResolver().collectAndResolveSubtypesByTypeId(config, annotated);
        for (NamedType each : config.getSubtypeResolver().collectAndResolveSubtypesByClass(config, annotated)) {
            if (isTold(each) && !byTag.containsValue(each.getType())) {
                Class<?> last = byTag.get(each.getName());
                // A mapper's registered subtype may take a name from the annotations': that is what it is for.
                if (last != null && !annotations.contains(each)) {
                    throw sameTag(place, each.getName(), each.getType(), last);
                }
            }
        }
        return byTag;
    }

    private static boolean isTold(NamedType type) {
        return type.hasName() && !Modifier.isAbstract(type.getType().getModifiers());
    }

    private static Map<String, Class<?>> permitted(Place place, Class<?> sealed, Map<String, Class<?>> byTag) {
        if (!Modifier.isAbstract(sealed.getModifiers())) {
            add(place, sealed.getSimpleName(), sealed, byTag);
        }
        for (Class<?> each : sealed.getPermittedSubclasses()) {
            if (each.isSealed()) {
                permitted(place, each, byTag);
            } else {
                add(place, each.getSimpleName(), each, byTag);
            }
        }
        return byTag;
    }

    private static void add(Place place, String tag, Class<?> variant, Map<String, Class<?>> byTag) {
        Class<?> before = byTag.putIfAbsent(tag, variant);
        if (before != null && before != variant) {
            throw sameTag(place, tag, before, variant);
        }
    }

    private static IllegalArgumentException sameTag(Place place, String tag, Class<?> one, Class<?> other) {
        return Fault.at(
                place.where(),
                one.getName() + " and " + other.getName() + " are both told as \"" + tag
                        + "\"; put @JsonTypeInfo(use ="
                        + " Id.NAME) on " + place.type().getRawClass().getSimpleName()
                        + ", and @JsonSubTypes with a name for each");
    }
}
