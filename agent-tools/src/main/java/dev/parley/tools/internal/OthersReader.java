package dev.parley.tools.internal;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.introspect.AnnotatedMethod;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.AnnotatedType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what a bean keeps of names that it does not know: its {@code @JsonAnySetter}. Confined to the registering thread. */
final class OthersReader {
    private final ShapeReader shapes;
    private final Signatures signatures;

    OthersReader(ShapeReader shapes, Signatures signatures) {
        this.shapes = shapes;
        this.signatures = signatures;
    }

    /**
     * Reads one.
     *
     * @param ignored names that it never gets
     */
    OtherNames.Taken read(Place owner, Elements.Found found, BeanProperty property, Set<String> ignored) {
        Class<?> bean = owner.type().getRawClass();
        String where = owner.where() + ", member " + bean.getSimpleName() + "." + found.javaName();
        Rules rules = signatures.ofProperty(bean, found.javaName());
        boolean spoken = Signatures.spoken(found.elements());
        LiveValues live = signatures.live(where, found.elements());
        boolean sensitive = Signatures.sensitive(found.elements());
        if (property.member() instanceof AnnotatedMethod method && method.getParameterCount() == 2) {
            AnnotatedType[] annotated = method.getAnnotated().getAnnotatedParameterTypes();
            JavaType name = method.getParameterType(0);
            JavaType value = method.getParameterType(1);
            return new OtherNames.Taken(
                    shapes.key(new Place(where, name, annotated[0], Rules.NONE, null, false)),
                    shapes.slot(new Place(where, value, annotated[1], Rules.NONE, live, spoken)),
                    ignored,
                    "",
                    sensitive,
                    LinkedHashMap::new);
        }
        if (!property.type().isMapLikeType()) {
            throw new Untellable("its @JsonAnySetter is neither a Map nor a method of a name and a value");
        }
        Place map = new Place(where, property.type(), found.annotatedType(), rules, live, spoken);
        rules.refuseUnfit(where);
        Slot value = shapes.slot(map.element(1));
        return new OtherNames.Taken(
                shapes.key(map.key()),
                value,
                ignored,
                words(rules),
                sensitive,
                Collected.map(map, property.type().getRawClass(), value));
    }

    /** JSON Schema counts all names of an object, and the map holds the others alone. */
    private static String words(Rules rules) {
        ObjectNode counted = JsonNodeFactory.instance.objectNode().put("type", "object");
        List<String> words = new ArrayList<>();
        rules.tell(counted, Map.class, words::add);
        if (counted.has("minProperties")) {
            words.add("needs at least " + counted.get("minProperties") + " other names");
        }
        if (counted.has("maxProperties")) {
            words.add("takes at most " + counted.get("maxProperties") + " other names");
        }
        return String.join("; ", words);
    }
}
