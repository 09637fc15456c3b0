package dev.parley.tools.internal;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBase;
import com.fasterxml.jackson.databind.deser.BuilderBasedDeserializer;
import com.fasterxml.jackson.databind.deser.ValueInstantiator;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedWithParams;
import dev.langchain4j.agent.tool.P;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds types that Jackson makes from one value: by a delegating creator, or by a constructor or factory of one string or
 * number. Confined to the registering thread.
 */
final class WrapperReader {
    private final ObjectMapper mapper;
    private final ShapeReader shapes;
    private final Signatures signatures;
    private final Set<JavaType> open = new HashSet<>();

    WrapperReader(ObjectMapper mapper, ShapeReader shapes, Signatures signatures) {
        this.mapper = mapper;
        this.shapes = shapes;
        this.signatures = signatures;
    }

    /** The shape of a wrapper, or null if the type is none. */
    @Nullable
    Wrapped of(Place place) {
        JavaType type = place.type();
        try {
            Executable creator = type.isConcrete() ? creator(type) : null;
            if (creator == null) {
                return null;
            }
            if (!open.add(type)) {
                throw new Untellable("it holds itself through its creator");
            }
            Wrapped wrapped = wrapped(place, creator);
            open.remove(type);
            return wrapped;
        } catch (Untellable e) {
            throw e.at(place);
        }
    }

    private @Nullable Executable creator(JavaType type) {
        if (!(Deserializers.of(mapper, type) instanceof BeanDeserializerBase bean)
                || bean instanceof BuilderBasedDeserializer) {
            return null;
        }
        ValueInstantiator instantiator = bean.getValueInstantiator();
        if (instantiator.canCreateUsingDelegate()) {
            return java(instantiator.getDelegateCreator());
        }
        if (instantiator.canCreateUsingArrayDelegate()) {
            return java(instantiator.getArrayDelegateCreator());
        }
        if (instantiator.getWithArgsCreator() != null || instantiator.getDefaultCreator() != null) {
            return null; // a bean, which Jackson also makes from a text
        }
        return scalarTypes(instantiator)
                .map(scalar -> taking(scalar, type))
                .filter(creators -> !creators.isEmpty())
                .map(creators -> creators.get(0))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Executable java(@Nullable AnnotatedWithParams creator) {
        return creator == null || creator.getParameterCount() != 1 ? null : (Executable) creator.getAnnotated();
    }

    private static Stream<Class<?>> scalarTypes(ValueInstantiator instantiator) {
        List<Class<?>> types = new ArrayList<>();
        if (instantiator.canCreateFromString()) {
            types.add(String.class);
        }
        if (instantiator.canCreateFromInt()) {
            types.add(int.class);
            types.add(Integer.class);
        }
        if (instantiator.canCreateFromLong()) {
            types.add(long.class);
            types.add(Long.class);
        }
        if (instantiator.canCreateFromBigInteger()) {
            types.add(BigInteger.class);
        }
        if (instantiator.canCreateFromDouble()) {
            types.add(double.class);
            types.add(Double.class);
        }
        if (instantiator.canCreateFromBigDecimal()) {
            types.add(BigDecimal.class);
        }
        if (instantiator.canCreateFromBoolean()) {
            types.add(boolean.class);
            types.add(Boolean.class);
        }
        return types.stream();
    }

    /** What takes one value of the type: what is marked as a creator, then constructors, then factories. */
    private List<Executable> taking(Class<?> scalar, JavaType type) {
        BeanDescription description = mapper.getDeserializationConfig().introspect(type);
        List<Executable> creators = new ArrayList<>();
        Stream.concat(description.getConstructors().stream(), description.getFactoryMethods().stream())
                .filter(each -> each.getParameterCount() == 1 && each.getRawParameterType(0) == scalar)
                .sorted(Comparator.comparing(each -> !each.hasAnnotation(JsonCreator.class)))
                .forEach(each -> creators.add((Executable) each.getAnnotated()));
        return creators;
    }

    private Wrapped wrapped(Place place, Executable creator) {
        creator.setAccessible(true);
        Class<?> raw = place.type().getRawClass();
        Parameter parameter = creator.getParameters()[0];
        String javaName = property(place.type(), parameter);
        List<AnnotatedElement> elements = new ArrayList<>(List.of(parameter));
        if (raw.isRecord()) {
            for (RecordComponent component : raw.getRecordComponents()) {
                elements.add(component);
                elements.add(component.getAccessor());
            }
        }
        LiveValues live = place.live() == null ? signatures.live(place.where(), elements) : place.live();
        JavaType type = mapper.getTypeFactory()
                .resolveMemberType(
                        parameter.getParameterizedType(), place.type().getBindings());
        String where = place.where() + ", value of " + raw.getSimpleName();
        refuseNames(where, elements);
        Slot inner = shapes.slot(new Place(
                where,
                type,
                parameter.getAnnotatedType(),
                signatures.ofProperty(raw, javaName),
                live,
                place.spoken() || Signatures.spoken(elements)));
        signatures.trial().properties(place.where(), raw);
        return new Wrapped(
                raw,
                inner,
                creator,
                signatures.constrains(raw),
                Signatures.sensitive(elements),
                words(raw, elements, signatures.ofWhole(raw, Set.of(javaName))));
    }

    private static String words(Class<?> wrapper, List<AnnotatedElement> elements, String ofConstraints) {
        String said = Signatures.description(wrapper);
        return Words.sentence(said.isEmpty() ? Signatures.description(elements) : said, ofConstraints);
    }

    /** The wrapper stands for its value, so that only the wrapper's place has a name, and may be empty. */
    private static void refuseNames(String where, List<AnnotatedElement> elements) {
        P p = Signatures.find(P.class, elements);
        if (p != null && (!p.name().isEmpty() || !p.required() || Signatures.defaultOf(p) != null)) {
            throw Fault.at(
                    where,
                    "@P gives a name, a default or required = false, which only the place of the whole type can have; say it"
                            + " there");
        }
    }

    /** What Jakarta Validation calls the wrapped value. */
    private String property(JavaType type, Parameter parameter) {
        Class<?> raw = type.getRawClass();
        if (raw.isRecord() && raw.getRecordComponents().length == 1) {
            return raw.getRecordComponents()[0].getName();
        }
        DeserializationConfig config = mapper.getDeserializationConfig();
        AnnotatedMember written = config.introspect(type).findJsonValueAccessor();
        if (written == null) {
            return parameter.getName();
        }
        String name = written.getName();
        return name.startsWith("get") && name.length() > 3
                ? Character.toLowerCase(name.charAt(3)) + name.substring(4)
                : name;
    }
}
