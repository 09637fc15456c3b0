package dev.parley.tools.internal;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.AnnotationIntrospector;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyMetadata;
import com.fasterxml.jackson.databind.annotation.JsonPOJOBuilder;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBase;
import com.fasterxml.jackson.databind.deser.BuilderBasedDeserializer;
import com.fasterxml.jackson.databind.deser.SettableBeanProperty;
import com.fasterxml.jackson.databind.deser.ValueInstantiator;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.util.NameTransformer;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How Jackson makes a bean: what its own deserializer for the type has. Immutable.
 *
 * @param description of the bean, or of its builder where it has one
 * @param instantiator makes the bean or the builder
 * @param properties those of the creator first, in its order
 * @param ofCreator how many those are
 * @param build what makes the bean from its builder; null without one
 * @param ignored names that are never taken
 * @param ignoresOthers whether names that it does not know are passed over
 */
record Blueprint(
        BeanDescription description,
        ValueInstantiator instantiator,
        List<BeanProperty> properties,
        int ofCreator,
        @Nullable Method build,
        Set<String> ignored,
        boolean ignoresOthers) {

    /** @throws Untellable if Jackson does not read the type member by member */
    static Blueprint of(ObjectMapper mapper, JavaType type) {
        JsonDeserializer<Object> found = Deserializers.of(mapper, type);
        if (!(found instanceof BeanDeserializerBase bean)) {
            throw new Untellable("Jackson reads it with " + found.getClass().getSimpleName());
        }
        DeserializationConfig config = mapper.getDeserializationConfig();
        BeanDescription description = config.introspect(type);
        Method build = null;
        if (found instanceof BuilderBasedDeserializer) {
            description = config.introspectForBuilder(
                    mapper.getTypeFactory().constructType(description.findPOJOBuilder()), description);
            build = build(description);
        } else if (type.isAbstract()) {
            throw new Untellable("it is abstract");
        }
        Properties properties = new Properties(config.getAnnotationIntrospector(), description);
        properties.collect(bean);
        JsonIgnoreProperties.Value ignorals =
                config.getDefaultPropertyIgnorals(description.getBeanClass(), description.getClassInfo());
        Set<String> ignored = new HashSet<>(description.getIgnoredPropertyNames());
        ignored.addAll(ignorals.findIgnoredForDeserialization());
        return new Blueprint(
                description,
                bean.getValueInstantiator(),
                properties.all,
                properties.ofCreator,
                build,
                Set.copyOf(ignored),
                ignorals.getIgnoreUnknown());
    }

    private static Method build(BeanDescription builder) {
        JsonPOJOBuilder.Value config = builder.findPOJOBuilderConfig();
        String name = config == null ? JsonPOJOBuilder.DEFAULT_BUILD_METHOD : config.buildMethodName;
        // Jackson has refused a builder without it.
        Method build = Objects.requireNonNull(builder.findMethod(name, null)).getAnnotated();
        build.setAccessible(true);
        return build;
    }

    private static final class Properties {
        private final AnnotationIntrospector introspector;
        private final BeanDescription description;
        private final List<BeanProperty> all = new ArrayList<>();
        private int ofCreator;

        Properties(AnnotationIntrospector introspector, BeanDescription description) {
            this.introspector = introspector;
            this.description = description;
        }

        void collect(BeanDeserializerBase bean) {
            List<SettableBeanProperty> ofJackson = new ArrayList<>();
            bean.creatorProperties().forEachRemaining(ofJackson::add);
            // Jackson keeps them by hash.
            ofJackson.sort(Comparator.comparingInt(SettableBeanProperty::getCreatorIndex));
            ofJackson.forEach(each -> add(each.getName(), each.getType(), each.getMember(), each.getMetadata(), true));
            ofCreator = all.size();
            for (Iterator<SettableBeanProperty> each = bean.properties(); each.hasNext(); ) {
                SettableBeanProperty property = each.next();
                if (!has(property.getName())) {
                    add(property.getName(), property.getType(), property.getMember(), property.getMetadata(), false);
                }
            }
            // Once it is resolved, Jackson's deserializer does not give out what is unwrapped, nor who takes other
            // names.
            for (BeanPropertyDefinition each : description.findProperties()) {
                AnnotatedMember mutator = each.getMutator();
                if (mutator != null && unwrapping(mutator) != null && !has(each.getName())) {
                    add(each.getName(), each.getPrimaryType(), mutator, each.getMetadata(), false);
                }
            }
            AnnotatedMember any = description.findAnySetterAccessor();
            if (any != null && all.stream().noneMatch(each -> each.kind() == BeanProperty.Kind.OTHERS)) {
                all.add(new BeanProperty(
                        any.getName(),
                        any.getType(),
                        any,
                        PropertyMetadata.STD_OPTIONAL,
                        BeanProperty.Kind.OTHERS,
                        null));
            }
        }

        private void add(
                String name, JavaType type, AnnotatedMember member, PropertyMetadata metadata, boolean creator) {
            NameTransformer unwrapping = unwrapping(member);
            BeanProperty.Kind kind = unwrapping != null ? BeanProperty.Kind.UNWRAPPED : BeanProperty.Kind.NAMED;
            if (creator && Boolean.TRUE.equals(introspector.hasAnySetter(member))) {
                kind = BeanProperty.Kind.OTHERS;
            }
            refuseDeserializers(name, member);
            refuseInjection(name, member);
            all.add(new BeanProperty(name, type, member, metadata, kind, unwrapping));
        }

        private void refuseInjection(String name, AnnotatedMember member) {
            if (introspector.findInjectableValue(member) != null) {
                throw new Untellable(
                        "its member " + name + " has @JacksonInject, which the model would be asked for; let the"
                                + " method take a ToolContext for what the application knows");
            }
        }

        private boolean has(String name) {
            return all.stream().anyMatch(each -> each.name().equals(name));
        }

        private @Nullable NameTransformer unwrapping(AnnotatedMember member) {
            return introspector.findUnwrappingNameTransformer(member);
        }

        private void refuseDeserializers(String name, AnnotatedMember member) {
            if (introspector.findDeserializer(member) != null
                    || introspector.findContentDeserializer(member) != null
                    || introspector.findKeyDeserializer(member) != null
                    || introspector.findDeserializationConverter(member) != null
                    || introspector.findDeserializationContentConverter(member) != null) {
                throw new Untellable("its member " + name + " has a deserializer or a converter of its own, which no"
                        + " schema can be told of");
            }
        }
    }
}
