package dev.parley.tools.internal;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.AnnotationIntrospector;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBase;
import com.fasterxml.jackson.databind.deser.BuilderBasedDeserializer;
import com.fasterxml.jackson.databind.deser.SettableBeanProperty;
import com.fasterxml.jackson.databind.deser.ValueInstantiator;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads records and beans: names, renames, ignores, creators and types are what Jackson's own deserializer for the type
 * has, so that a class binds here as it binds everywhere else in the application.
 */
final class BeanReader {
    private final ObjectMapper mapper;
    private final ShapeReader shapes;
    private final Signatures signatures;

    BeanReader(ObjectMapper mapper, ShapeReader shapes, Signatures signatures) {
        this.mapper = mapper;
        this.shapes = shapes;
        this.signatures = signatures;
    }

    /**
     * Reads the bean at a place into its shape.
     *
     * @param tag what says that it is this bean, where it is one of several
     */
    void complete(BeanShape shape, Place place, Members.@Nullable Tag tag) {
        try {
            read(shape, place, tag);
        } catch (Untellable e) {
            throw e.at(place);
        }
    }

    private void read(BeanShape shape, Place place, Members.@Nullable Tag tag) {
        JavaType type = place.type();
        JsonDeserializer<Object> found = Deserializers.of(mapper, type);
        if (!(found instanceof BeanDeserializerBase bean) || found instanceof BuilderBasedDeserializer) {
            throw new Untellable("Jackson reads it with " + found.getClass().getSimpleName());
        }
        ValueInstantiator instantiator = bean.getValueInstantiator();
        DeserializationConfig config = mapper.getDeserializationConfig();
        BeanDescription description = config.introspect(type);
        refuseUntold(description, config);
        List<SettableBeanProperty> properties = new ArrayList<>();
        bean.creatorProperties().forEachRemaining(properties::add);
        properties.sort(Comparator.comparingInt(SettableBeanProperty::getCreatorIndex)); // Jackson keeps them by hash
        int creator = properties.size();
        for (Iterator<SettableBeanProperty> all = bean.properties(); all.hasNext(); ) {
            SettableBeanProperty each = all.next();
            if (properties.stream()
                    .limit(creator)
                    .noneMatch(known -> known.getName().equals(each.getName()))) {
                properties.add(each);
            }
        }
        List<Member> members = new ArrayList<>();
        for (SettableBeanProperty property : properties) {
            members.add(member(place, description, property));
        }
        boolean ignoresOthers = config.getDefaultPropertyIgnorals(type.getRawClass(), description.getClassInfo())
                .getIgnoreUnknown();
        if (tag != null && members.stream().anyMatch(each -> each.name().equals(tag.name()))) {
            throw new Untellable("its member " + tag.name() + " has the name of what tells the type");
        }
        Members all = new Members(members, !ignoresOthers, tag);
        shape.complete(
                all, BeanMaker.of(all, instantiator, properties, creator), signatures.constrains(type.getRawClass()));
    }

    private static void refuseUntold(BeanDescription description, DeserializationConfig config) {
        if (description.getType().isAbstract()) {
            throw new Untellable("it is abstract");
        }
        if (description.findAnySetterAccessor() != null) {
            throw new Untellable("it has an @JsonAnySetter; use a Map");
        }
        AnnotationIntrospector introspector = config.getAnnotationIntrospector();
        for (BeanPropertyDefinition property : description.findProperties()) {
            for (AnnotatedMember member : members(property)) {
                if (introspector.findUnwrappingNameTransformer(member) != null) {
                    throw new Untellable("its member " + property.getName() + " is unwrapped");
                }
            }
        }
    }

    private Member member(Place owner, BeanDescription description, SettableBeanProperty property) {
        BeanPropertyDefinition definition = description.findProperties().stream()
                .filter(each -> each.getName().equals(property.getName()))
                .findFirst()
                .orElse(null);
        String javaName = definition == null ? property.getName() : definition.getInternalName();
        Class<?> bean = description.getBeanClass();
        List<AnnotatedElement> elements = elements(bean, javaName, property, definition);
        String where = owner.where() + ", member " + bean.getSimpleName() + "." + javaName;
        Rules rules = signatures.ofProperty(bean, javaName);
        Slot slot = shapes.slot(new Place(
                where,
                property.getType(),
                annotatedType(property.getMember()),
                rules,
                signatures.live(where, elements),
                Signatures.spoken(elements)));
        String told = Signatures.description(elements);
        if (told.isEmpty() && property.getMetadata().getDescription() != null) {
            told = property.getMetadata().getDescription();
        }
        boolean marked = elements.stream().anyMatch(each -> Place.markedNullable(each.getAnnotations()));
        JsonNode fallback = Fallback.of(where, slot, property.getMetadata().getDefaultValue());
        JsonProperty said = Signatures.find(JsonProperty.class, elements);
        boolean optional = (slot.nullable() || marked || (said != null && saysOptional(said))) && !rules.refuseNull();
        if (optional && property.getType().isPrimitive() && fallback == null) {
            throw new Fault(where, "a primitive cannot be absent; use its wrapper, or give it a default");
        }
        return new Member(
                property.getName(),
                javaName,
                optional && !slot.nullable() ? slot.orNull() : slot,
                told,
                !optional && fallback == null,
                fallback,
                Signatures.sensitive(elements));
    }

    private static boolean saysOptional(JsonProperty said) {
        return said.isRequired() == com.fasterxml.jackson.annotation.OptBoolean.FALSE;
    }

    /** Everything in Java that stands for a member and may carry annotations. */
    private static List<AnnotatedElement> elements(
            Class<?> bean,
            String javaName,
            SettableBeanProperty property,
            @Nullable BeanPropertyDefinition definition) {
        List<AnnotatedElement> elements = new ArrayList<>();
        parameter(property.getMember()).ifPresent(elements::add);
        if (definition != null) {
            for (AnnotatedMember member : members(definition)) {
                parameter(member).ifPresent(elements::add);
                if (!(member instanceof AnnotatedParameter) && member.getAnnotated() != null) {
                    elements.add(member.getAnnotated());
                }
            }
        }
        if (bean.isRecord()) {
            for (RecordComponent component : bean.getRecordComponents()) {
                if (component.getName().equals(javaName)) {
                    elements.add(component);
                    elements.add(component.getAccessor());
                }
            }
        }
        return elements;
    }

    private static List<AnnotatedMember> members(BeanPropertyDefinition definition) {
        List<AnnotatedMember> members = new ArrayList<>();
        for (AnnotatedMember member : new AnnotatedMember[] {
            definition.getConstructorParameter(), definition.getField(), definition.getSetter(), definition.getGetter()
        }) {
            if (member != null) {
                members.add(member);
            }
        }
        return members;
    }

    private static Optional<AnnotatedElement> parameter(AnnotatedMember member) {
        if (member instanceof AnnotatedParameter parameter
                && parameter.getOwner().getAnnotated() instanceof Executable executable) {
            return Optional.of(executable.getParameters()[parameter.getIndex()]);
        }
        return Optional.empty();
    }

    private static @Nullable AnnotatedType annotatedType(AnnotatedMember member) {
        if (member instanceof AnnotatedParameter parameter
                && parameter.getOwner().getAnnotated() instanceof Executable executable) {
            return executable.getParameters()[parameter.getIndex()].getAnnotatedType();
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
