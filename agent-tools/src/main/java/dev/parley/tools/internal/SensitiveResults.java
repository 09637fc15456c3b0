package dev.parley.tools.internal;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import dev.parley.tools.Sensitive;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/**
 * Where in the outputs of a tool something sensitive stands, by the types that its method declares: JSON paths without array
 * positions, from the output's root. What no path can reach, inside a map, an unwrapped member or a type that holds itself,
 * is told with all that is around it. Used at registration alone.
 */
final class SensitiveResults {
    private static final String ROOT = "result";

    private final ObjectMapper mapper;
    private final SerializationConfig config;
    private final Set<String> paths = new LinkedHashSet<>();

    private SensitiveResults(ObjectMapper mapper) {
        this.mapper = mapper;
        this.config = mapper.getSerializationConfig();
    }

    /** @param returned the method's resolved return type */
    static Set<String> paths(ObjectMapper mapper, Method method, JavaType returned) {
        if (method.isAnnotationPresent(Sensitive.class)) {
            return Set.of(ROOT);
        }
        SensitiveResults results = new SensitiveResults(mapper);
        results.collect(returned, ROOT, new HashSet<>());
        return results.paths;
    }

    private void collect(JavaType type, String path, Set<JavaType> open) {
        JavaType element = elementOf(type);
        if (element != null) {
            collect(element, path, open);
        } else if (type.isMapLikeType()) {
            if (holdsSensitive(type.getContentType(), new HashSet<>())) {
                paths.add(path);
            }
        } else if (isBean(type)) {
            if (open.add(type)) {
                shapes(type).forEach(shape -> members(shape, path, open));
                open.remove(type);
            } else if (holdsSensitive(type, new HashSet<>())) {
                paths.add(path);
            }
        }
    }

    private void members(BeanDescription bean, String path, Set<JavaType> open) {
        AnnotatedMember whole = bean.findJsonValueAccessor();
        if (whole != null) {
            if (whole.hasAnnotation(Sensitive.class)
                    || bean.findProperties().stream().anyMatch(this::isSensitive)) {
                paths.add(path);
            } else {
                collect(whole.getType(), path, open);
            }
            return;
        }
        for (BeanPropertyDefinition property : bean.findProperties()) {
            String at = path + "." + property.getName();
            if (isSensitive(property)) {
                paths.add(isUnwrapped(property) ? path : at);
            } else if (isUnwrapped(property)) {
                if (holdsSensitive(property.getPrimaryType(), new HashSet<>())) {
                    paths.add(path);
                }
            } else {
                collect(property.getPrimaryType(), at, open);
            }
        }
        AnnotatedMember others = bean.findAnyGetter();
        if (others != null
                && (others.hasAnnotation(Sensitive.class) || holdsSensitive(others.getType(), new HashSet<>()))) {
            paths.add(path);
        }
    }

    private boolean holdsSensitive(JavaType type, Set<JavaType> seen) {
        JavaType element = type.isMapLikeType() ? type.getContentType() : elementOf(type);
        if (element != null) {
            return holdsSensitive(element, seen);
        }
        return isBean(type)
                && seen.add(type)
                && shapes(type).stream()
                        .flatMap(shape -> shape.findProperties().stream())
                        .anyMatch(property -> isSensitive(property) || holdsSensitive(property.getPrimaryType(), seen));
    }

    /** What a type holds that is written in its place, or as its elements; null if it is none of those. */
    private static @Nullable JavaType elementOf(JavaType type) {
        if (type.isReferenceType() || type.isArrayType() || type.isCollectionLikeType()) {
            return type.getContentType();
        }
        for (Class<?> holder : List.of(CompletionStage.class, Iterable.class, Iterator.class, BaseStream.class)) {
            JavaType as = type.findSuperType(holder);
            if (as != null && as.containedTypeCount() > 0) {
                return as.containedType(0);
            }
        }
        return null;
    }

    private static boolean isBean(JavaType type) {
        Class<?> raw = type.getRawClass();
        return !raw.isPrimitive() && !raw.isEnum() && !raw.getName().startsWith("java.");
    }

    /** The type itself, and those that may stand for it. */
    private List<BeanDescription> shapes(JavaType type) {
        List<BeanDescription> shapes = new ArrayList<>();
        Set<Class<?>> classes = new LinkedHashSet<>();
        permitted(type.getRawClass(), classes);
        for (NamedType each : mapper.getSubtypeResolver()
                .collectAndResolveSubtypesByClass(
                        config, config.introspect(type).getClassInfo())) {
            classes.add(each.getType());
        }
        classes.remove(type.getRawClass());
        shapes.add(config.introspect(type));
        for (Class<?> each : classes) {
            shapes.add(config.introspect(config.getTypeFactory().constructSpecializedType(type, each)));
        }
        return shapes;
    }

    private static void permitted(Class<?> type, Set<Class<?>> all) {
        if (all.add(type) && type.isSealed()) {
            for (Class<?> each : type.getPermittedSubclasses()) {
                permitted(each, all);
            }
        }
    }

    private boolean isSensitive(BeanPropertyDefinition property) {
        return marks(property.getGetter()) || marks(property.getField()) || marks(property.getConstructorParameter());
    }

    private static boolean marks(@Nullable AnnotatedMember member) {
        return member != null && member.hasAnnotation(Sensitive.class);
    }

    private boolean isUnwrapped(BeanPropertyDefinition property) {
        AnnotatedMember accessor = property.getAccessor();
        return accessor != null && config.getAnnotationIntrospector().findUnwrappingNameTransformer(accessor) != null;
    }
}
