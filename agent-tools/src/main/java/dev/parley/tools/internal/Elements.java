package dev.parley.tools.internal;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything in Java that stands for the properties of one bean and may carry annotations. Used at registration alone. */
final class Elements {
    private final Class<?> bean;
    private final List<BeanPropertyDefinition> read;
    private final List<BeanPropertyDefinition> written;

    Elements(ObjectMapper mapper, JavaType bean, Blueprint blueprint) {
        this.bean = bean.getRawClass();
        this.read = blueprint.description().findProperties();
        // A builder's annotations are one half; the other is on what it builds, which nothing is set on.
        this.written = blueprint.build() == null
                ? List.of()
                : mapper.getSerializationConfig().introspect(bean).findProperties();
    }

    /**
     * What stands for a property.
     *
     * @param javaName what Jakarta Validation calls it
     * @param annotatedType with the annotations of its type, where reflection gives them
     */
    record Found(
            String javaName,
            List<AnnotatedElement> elements,
            @Nullable AnnotatedType annotatedType) {
        boolean markedNullable() {
            return (annotatedType != null && Place.markedNullable(annotatedType.getAnnotations()))
                    || elements.stream().anyMatch(each -> Place.markedNullable(each.getAnnotations()));
        }
    }

    Found of(BeanProperty property) {
        BeanPropertyDefinition reading = named(read, property.name());
        BeanPropertyDefinition writing = named(written, property.name());
        String javaName = writing != null
                ? writing.getInternalName()
                : reading != null ? reading.getInternalName() : property.name();
        List<AnnotatedElement> elements = new ArrayList<>();
        add(property.member(), elements);
        members(reading).forEach(each -> add(each, elements));
        members(writing).forEach(each -> add(each, elements));
        component(javaName, elements);
        fields(javaName, elements);
        return new Found(javaName, elements, annotatedType(property.member()));
    }

    private void component(String javaName, List<AnnotatedElement> elements) {
        if (bean.isRecord()) {
            for (RecordComponent component : bean.getRecordComponents()) {
                if (component.getName().equals(javaName)) {
                    elements.add(component);
                    elements.add(component.getAccessor());
                }
            }
        }
    }

    /** Jackson passes over the fields of records, and over private ones without a getter; annotations may stand there. */
    private void fields(String javaName, List<AnnotatedElement> elements) {
        for (Class<?> type = bean; type != null; type = type.getSuperclass()) {
            Arrays.stream(type.getDeclaredFields())
                    .filter(field -> field.getName().equals(javaName) && !elements.contains(field))
                    .forEach(elements::add);
        }
    }

    private static @Nullable BeanPropertyDefinition named(List<BeanPropertyDefinition> all, String name) {
        return all.stream()
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static List<AnnotatedMember> members(@Nullable BeanPropertyDefinition definition) {
        List<AnnotatedMember> members = new ArrayList<>();
        if (definition != null) {
            for (AnnotatedMember member : new AnnotatedMember[] {
                definition.getConstructorParameter(),
                definition.getField(),
                definition.getSetter(),
                definition.getGetter()
            }) {
                if (member != null) {
                    members.add(member);
                }
            }
        }
        return members;
    }

    private static void add(AnnotatedMember member, List<AnnotatedElement> elements) {
        Parameter parameter = parameter(member);
        AnnotatedElement element = parameter == null ? member.getAnnotated() : parameter;
        if (element != null && !elements.contains(element)) {
            elements.add(element);
        }
        if (element instanceof Method setter && setter.getParameterCount() == 1) {
            elements.add(setter.getParameters()[0]);
        }
    }

    private static @Nullable Parameter parameter(AnnotatedMember member) {
        return member instanceof AnnotatedParameter parameter
                        && parameter.getOwner().getAnnotated() instanceof Executable executable
                ? executable.getParameters()[parameter.getIndex()]
                : null;
    }

    private static @Nullable AnnotatedType annotatedType(AnnotatedMember member) {
        Parameter parameter = parameter(member);
        if (parameter != null) {
            return parameter.getAnnotatedType();
        }
        if (member.getAnnotated() instanceof Field field) {
            return field.getAnnotatedType();
        }
        if (member.getAnnotated() instanceof Method method && method.getParameterCount() == 1) {
            return method.getAnnotatedParameterTypes()[0];
        }
        return null;
    }
}
