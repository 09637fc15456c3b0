package dev.parley.tools.internal;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.OptBoolean;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.util.NameTransformer;
import dev.langchain4j.agent.tool.P;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads records and beans: names, renames, ignores, creators, builders and types are what Jackson's own deserializer for the
 * type has, so that a class binds here as it binds everywhere else in the application. Confined to the registering thread.
 */
final class BeanReader {
    private final ObjectMapper mapper;
    private final ShapeReader shapes;
    private final Signatures signatures;
    private final OthersReader others;
    private final Set<JavaType> unwrapping = new HashSet<>();

    BeanReader(ObjectMapper mapper, ShapeReader shapes, Signatures signatures) {
        this.mapper = mapper;
        this.shapes = shapes;
        this.signatures = signatures;
        this.others = new OthersReader(shapes, signatures);
    }

    /**
     * Reads the bean at a place into its shape.
     *
     * @param tag what says that it is this bean, where it is one of several
     */
    void complete(BeanShape shape, Place place, Members.@Nullable Tag tag) {
        complete(shape, place, tag, NameTransformer.NOP);
    }

    private void complete(BeanShape shape, Place place, Members.@Nullable Tag tag, NameTransformer names) {
        try {
            read(shape, place, tag, names);
        } catch (Untellable e) {
            throw e.at(place);
        }
    }

    private void read(BeanShape shape, Place place, Members.@Nullable Tag tag, NameTransformer names) {
        Class<?> raw = place.type().getRawClass();
        JsonFormat format = raw.getAnnotation(JsonFormat.class);
        if (format != null && format.shape() == JsonFormat.Shape.ARRAY) {
            throw new Untellable("@JsonFormat makes an array of it, whose elements have no names");
        }
        Blueprint blueprint = Blueprint.of(mapper, place.type());
        Elements elements = new Elements(mapper, place.type(), blueprint);
        List<Member> members = new ArrayList<>();
        List<Source> sources = new ArrayList<>();
        Set<String> placed = new HashSet<>();
        String words = Signatures.description(raw);
        @Nullable Slot[] ofCreator = new Slot[blueprint.ofCreator()];
        OtherNames otherNames = blueprint.ignoresOthers() ? OtherNames.Untaken.PASSED_OVER : OtherNames.Untaken.REFUSED;
        for (BeanProperty property : blueprint.properties()) {
            if (property.kind() == BeanProperty.Kind.UNWRAPPED) {
                BeanShape inner = unwrapped(place, elements.of(property), property, names);
                sources.add(new Source.Unwrapped(members.size(), inner));
                boolean masked = Signatures.sensitive(elements.of(property).elements());
                inner.members().all().forEach(each -> members.add(masked ? each.masked() : each));
                words = Words.sentence(words, inner.members().words());
            } else if (property.kind() == BeanProperty.Kind.OTHERS) {
                refuseOthersIn(names);
                otherNames = others.read(place, elements.of(property), property, blueprint.ignored());
                sources.add(new Source.Others());
                placed.add(elements.of(property).javaName());
            } else {
                Member member = member(place, elements.of(property), property, names);
                if (sources.size() < ofCreator.length) {
                    ofCreator[sources.size()] = member.slot();
                }
                sources.add(new Source.Named(members.size()));
                members.add(member);
                placed.add(member.javaName());
            }
        }
        refuseSameNames(members, tag);
        words = Words.sentence(words, signatures.ofWhole(raw, placed));
        Members all = new Members(members, otherNames, tag, words);
        signatures.trial().properties(place.where(), raw);
        shape.complete(all, sources, BeanMaker.of(blueprint, ofCreator), signatures.constrains(raw));
    }

    private static void refuseOthersIn(NameTransformer names) {
        if (names != NameTransformer.NOP) {
            throw new Untellable("it has an @JsonAnySetter, and is unwrapped");
        }
    }

    private static void refuseSameNames(List<Member> members, Members.@Nullable Tag tag) {
        Set<String> names = new HashSet<>();
        if (tag != null && members.stream().anyMatch(each -> each.name().equals(tag.name()))) {
            throw new Untellable("its member " + tag.name() + " has the name of what tells the type");
        }
        for (Member each : members) {
            if (!names.add(each.name())) {
                throw new Untellable("two of its members are named " + each.name());
            }
        }
    }

    private Member member(Place owner, Elements.Found found, BeanProperty property, NameTransformer names) {
        String where = where(owner, found);
        Rules rules = signatures.ofProperty(owner.type().getRawClass(), found.javaName());
        Slot usual = shapes.slot(new Place(
                where,
                property.type(),
                found.annotatedType(),
                rules,
                signatures.live(where, found.elements()),
                Signatures.spoken(found.elements())));
        Slot slot = TimeForms.of(where, usual, Signatures.find(JsonFormat.class, found.elements()));
        String told = Signatures.description(found.elements());
        if (told.isEmpty() && property.metadata().getDescription() != null) {
            told = property.metadata().getDescription();
        }
        P p = Signatures.find(P.class, found.elements());
        String ofP = Signatures.defaultOf(p);
        JsonNode fallback =
                Fallback.of(where, slot, ofP == null ? property.metadata().getDefaultValue() : ofP);
        if (fallback != null) {
            signatures.trial().fallback(where, owner.type().getRawClass(), found.javaName(), slot, fallback);
        }
        JsonProperty said = Signatures.find(JsonProperty.class, found.elements());
        boolean optional = (slot.nullable()
                        || found.markedNullable()
                        || (said != null && said.isRequired() == OptBoolean.FALSE)
                        || (p != null && !p.required()))
                && !rules.refuseNull();
        if (optional && property.type().isPrimitive() && fallback == null) {
            throw Fault.at(where, "a primitive cannot be absent; use its wrapper, or give it a default");
        }
        return new Member(
                names.transform(p == null || p.name().isEmpty() ? property.name() : p.name()),
                found.javaName(),
                optional && !slot.nullable() ? slot.orNull() : slot,
                told,
                !optional && fallback == null,
                fallback,
                Signatures.sensitive(found.elements()));
    }

    private static String where(Place owner, Elements.Found found) {
        return owner.where() + ", member " + owner.type().getRawClass().getSimpleName() + "." + found.javaName();
    }

    /** The bean whose members stand in the place of a property. Jackson always makes it, so it cannot be absent. */
    private BeanShape unwrapped(Place owner, Elements.Found found, BeanProperty property, NameTransformer names) {
        String where = where(owner, found);
        Rules rules = signatures.ofProperty(owner.type().getRawClass(), found.javaName());
        rules.refuseUnfit(where);
        Place place = new Place(where, property.type(), found.annotatedType(), rules, null, false);
        P p = Signatures.find(P.class, found.elements());
        boolean maybeAbsent = p != null && (!p.required() || Signatures.defaultOf(p) != null);
        if (maybeAbsent || found.markedNullable() || property.type().getRawClass() == Optional.class) {
            throw Fault.at(where, "what is unwrapped cannot be absent; let its own members be optional");
        }
        if (!unwrapping.add(property.type())) {
            throw new Untellable("it unwraps itself").at(place);
        }
        BeanShape inner = new BeanShape(property.type().getRawClass());
        complete(inner, place, null, NameTransformer.chainedTransformer(names, property.unwrapping()));
        unwrapping.remove(property.type());
        return inner;
    }
}
