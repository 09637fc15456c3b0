package dev.parley.tools.internal;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.tools.internal.Containers.Anything;
import dev.parley.tools.internal.Containers.Entries;
import dev.parley.tools.internal.Containers.Items;
import dev.parley.tools.internal.Containers.Truth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the shape of each type, at registration. Confined to the registering thread. */
final class ShapeReader {
    private final ObjectMapper mapper;
    private final ObjectMapper ofAnything;
    private final BeanReader beans;
    private final VariantsReader variants;
    private final WrapperReader wrappers;
    private final Map<Object, SelfHolding> known = new HashMap<>();
    private final Set<Object> open = new HashSet<>();

    ShapeReader(ObjectMapper mapper, Signatures signatures) {
        this.mapper = mapper;
        // With the application's default typing a model could name the classes that are made.
        this.ofAnything = mapper.copy().deactivateDefaultTyping();
        this.beans = new BeanReader(mapper, this, signatures);
        this.wrappers = new WrapperReader(mapper, this, signatures);
        this.variants = new VariantsReader(mapper);
    }

    Slot slot(Place place) {
        place.rules().refuseUnfit(place.where());
        Class<?> raw = place.type().getRawClass();
        if (raw == Optional.class) {
            return slot(place.element(0)).wrapped(Optional::ofNullable);
        }
        if (raw == OptionalInt.class) {
            return number(place, int.class, v -> v == null ? OptionalInt.empty() : OptionalInt.of((Integer) v));
        }
        if (raw == OptionalLong.class) {
            return number(place, long.class, v -> v == null ? OptionalLong.empty() : OptionalLong.of((Long) v));
        }
        if (raw == OptionalDouble.class) {
            return number(place, double.class, v -> v == null ? OptionalDouble.empty() : OptionalDouble.of((Double) v));
        }
        Shape shape = shape(place);
        boolean container = shape instanceof Items || shape instanceof Entries || shape instanceof Wrapped;
        LiveValues live = container ? null : place.live();
        if (live != null && !(shape instanceof Texts || shape instanceof Numbers)) {
            throw Fault.at(
                    place.where(),
                    "@ValuesFrom is for strings and numbers, and for lists and Optionals of them, not for "
                            + place.type().toCanonical());
        }
        boolean nullable = place.markedNullable() && !place.rules().refuseNull();
        boolean spoken = place.spoken() && shape == Texts.STRING;
        return new Slot(shape, raw, nullable, null, place.rules(), live, spoken);
    }

    private Slot number(Place place, Class<?> primitive, java.util.function.UnaryOperator<@Nullable Object> wrapper) {
        Place inner = new Place(
                place.where(), mapper.constructType(primitive), null, place.rules(), place.live(), place.spoken());
        return slot(inner).wrapped(wrapper);
    }

    private Shape shape(Place place) {
        JavaType type = place.type();
        Class<?> raw = type.getRawClass();
        Shape scalar = scalar(raw);
        if (scalar != null) {
            return scalar;
        }
        if (type.isEnumType()) {
            return new Constants(constants(place, type), Signatures.description(raw));
        }
        if (type.isArrayType()) {
            Class<?> component = type.getContentType().getRawClass();
            return new Items(slot(place.element(0)), false, Collected.array(component));
        }
        if (type.isCollectionLikeType() || raw == Iterable.class) {
            Slot element = slot(place.element(0));
            return new Items(element, Set.class.isAssignableFrom(raw), Collected.collection(place, raw, element));
        }
        if (type.isMapLikeType()) {
            Slot value = slot(place.element(1));
            return new Entries(key(place.key()), value, Collected.map(place, raw, value));
        }
        return bean(place);
    }

    /** What a map's names must be; null for any. */
    @Nullable
    Slot key(Place place) {
        Class<?> raw = place.type().getRawClass();
        if ((raw == String.class || raw == Object.class) && place.rules().none()) {
            return null;
        }
        Shape digits = Texts.ofDigits(raw);
        if (digits != null) {
            place.rules().refuseUnfit(place.where());
            return new Slot(digits, raw, false, null, Rules.NONE, null, false);
        }
        Slot key = slot(place);
        if (!key.takesText()) {
            throw Fault.at(
                    place.where(),
                    "the keys of a map must be texts, enums or whole numbers, not "
                            + place.type().toCanonical());
        }
        return key;
    }

    private @Nullable Shape scalar(Class<?> raw) {
        if (raw == boolean.class || raw == Boolean.class) {
            return new Truth();
        }
        if (raw == Object.class || raw == JsonNode.class) {
            return new Anything(ofAnything, raw);
        }
        Shape text = Texts.of(raw);
        return text != null ? text : Numbers.of(raw);
    }

    private Shape bean(Place place) {
        SelfHolding before = known.get(place.type());
        if (before != null) {
            if (open.contains(place.type())) {
                before.holdsItself();
            }
            return before;
        }
        Wrapped wrapped = wrappers.of(place);
        if (wrapped != null) {
            return wrapped;
        }
        VariantsReader.Family family = variants.of(place);
        return family == null ? plain(place) : either(place, family);
    }

    private Shape plain(Place place) {
        BeanShape shape = new BeanShape(place.type().getRawClass());
        known.put(place.type(), shape);
        open.add(place.type());
        beans.complete(shape, place, null);
        open.remove(place.type());
        return shape;
    }

    private Shape either(Place place, VariantsReader.Family family) {
        Class<?> raw = place.type().getRawClass();
        Variants shape = new Variants(raw.getSimpleName(), Signatures.description(raw), family.discriminator());
        known.put(place.type(), shape);
        open.add(place.type());
        family.byTag().forEach((tag, type) -> {
            JavaType variant = mapper.getTypeFactory().constructSpecializedType(place.type(), type);
            BeanShape bean = new BeanShape(type);
            beans.complete(bean, place.as(variant), new Members.Tag(family.discriminator(), tag));
            shape.add(tag, bean);
        });
        open.remove(place.type());
        return shape;
    }

    /** The names that Jackson reads, whatever annotation or feature they come from: each is tried on it. */
    private Map<String, Object> constants(Place place, JavaType type) {
        Map<String, Object> byName = new LinkedHashMap<>();
        for (Object constant : type.getRawClass().getEnumConstants()) {
            byName.put(nameOf(place, (Enum<?>) constant, type), constant);
        }
        return byName;
    }

    private String nameOf(Place place, Enum<?> constant, JavaType type) {
        List<String> candidates = new ArrayList<>();
        JsonNode written = mapper.valueToTree(constant);
        if (written.isTextual()) {
            candidates.add(written.textValue());
        }
        candidates.add(constant.toString());
        candidates.add(constant.name());
        for (String candidate : candidates) {
            if (reads(candidate, type) == constant) {
                return candidate;
            }
        }
        throw Fault.at(
                place.where(),
                "Jackson reads no text as " + type.getRawClass().getSimpleName() + "." + constant.name()
                        + "; give it a @JsonProperty name");
    }

    private @Nullable Object reads(String name, JavaType type) {
        try {
            return mapper.convertValue(name, type);
        } catch (IllegalArgumentException e) {
            return null; // it is none of Jackson's names for a constant
        }
    }
}
